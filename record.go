package rush

// A Record is a task as a store holds it: the values still encoded, times as
// integers. Tables are built from records without decoding them into
// [Values]; everybody else wants a [Task].
type Record struct {
	Key       TaskKey
	State     State  // "" says that there is no such task
	XS        []byte // MessagePack maps, nil when absent
	YS        []byte
	XSExtra   []byte
	YSExtra   []byte
	Condition []byte
	Progress  []byte         // one MessagePack value
	Reports   []ReportRecord // of the current attempt, by step

	Worker   WorkerID
	Attempt  int
	Attempts []AttemptRecord // those before the current one, oldest first
	Late     []LateRecord    // results for attempts that were over

	Options
	DependsOn []TaskKey

	Created  int64 // microseconds since 1970 by the store's clock; 0 is never
	Started  int64
	Finished int64
	Spent    Spent
}

// An AttemptRecord is an [Attempt] as a store holds it.
type AttemptRecord struct {
	Number    int
	Worker    WorkerID
	YS        []byte
	YSExtra   []byte
	Condition []byte
	Reports   []ReportRecord // by step
	Started   int64
	Finished  int64
}

// A ReportRecord is a [Report] as a store holds it.
type ReportRecord struct {
	Step int64
	YS   []byte // a MessagePack map
}

// A LateRecord is a result that arrived for an attempt that was over by then,
// for instance from a worker that was wrongly declared lost.
type LateRecord struct {
	Attempt   int
	Worker    WorkerID
	YS        []byte
	Condition []byte
	At        int64
}

// Fields says which parts of a record to read. Key, State and Attempt are
// always read.
type Fields uint16

// The parts of a record.
const (
	FieldXS Fields = 1 << iota
	FieldYS
	FieldXSExtra
	FieldYSExtra
	FieldCondition
	FieldWorker
	FieldTimes   // Created, Started, Finished, Spent
	FieldOptions // Options and DependsOn
	FieldHistory // Attempts, with their reports, Late, Progress
	FieldReports // Reports

	NoFields  Fields = 0
	AllFields Fields = 1<<iota - 1
)

// Has reports whether f includes all of g.
func (f Fields) Has(g Fields) bool { return f&g == g }

// A Cursor is a place in a network's log of endings. The zero value is the
// log's beginning.
type Cursor struct {
	Epoch  int64 // raised whenever the network is reset; the log begins anew then
	Offset int64 // entries before this place
}

// An Ending is an entry of a network's log of endings: a task finished or
// failed, or an ending that was logged before was withdrawn, because the task
// was retried or deleted.
type Ending struct {
	Key     TaskKey
	Attempt int   // of the ending; of the withdrawn ending when withdrawn
	State   State // Finished or Failed; "" when withdrawn
}

// Withdrawn reports whether the entry takes an earlier ending back.
func (e Ending) Withdrawn() bool { return e.State == "" }

// A Page is a stretch of the log of endings.
type Page struct {
	Endings []Ending
	// Records has the record of each ending, in the same order; a withdrawal's
	// is empty but for its key. A task that has ended again since appears with
	// its newest state: compare Attempt. Nil when no fields were asked for.
	Records []Record
	Next    Cursor // where the following page begins
	More    bool   // whether the log had more when it was read
	// Reset says that the network was reset since the cursor was made: the
	// page begins at the beginning of the new epoch's log.
	Reset bool
}

// A Snapshot says which tasks had not ended at one moment, and how long the
// log of endings was at that moment. Together they give every task exactly
// once.
type Snapshot struct {
	Cursor   Cursor // the end of the log
	Deferred []TaskKey
	Queued   []TaskKey // in the order in which they will be taken
	Running  []TaskKey
}
