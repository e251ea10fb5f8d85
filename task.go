package rush

import "time"

// A State is where a task stands. A task is in exactly one.
type State string

// The states of a task.
const (
	Deferred State = "deferred" // waits for the tasks that it depends on
	Queued   State = "queued"   // waits for a worker
	Running  State = "running"  // a worker evaluates it
	Finished State = "finished" // has its outputs
	Failed   State = "failed"   // has a condition that says why
)

// Missing is said in place of the state of a task that does not exist. No task
// is in it.
const Missing State = "missing"

// DefaultQueue is another name for the shared queue, which every worker
// listens on, for where queues are listed in an order: high, default, low.
const DefaultQueue = "default"

// States lists every state in the order in which a task can pass through them.
func States() []State { return []State{Deferred, Queued, Running, Finished, Failed} }

// Ended reports whether a task in this state has ended (unless it is retried).
func (s State) Ended() bool { return s == Finished || s == Failed }

// Values maps names to values: a task's inputs, its outputs, or the metadata
// given with either. A value is nil, a bool, an int64, a float64 (NaN and the
// infinities too), a string, a []byte, a time.Time, a []any of values, or a
// map[string]any of values. Other integer and float types are accepted
// wherever Values go in and come back as int64 and float64. A value above the
// network's limit is kept as a Reference and comes back as itself.
type Values map[string]any

// A Task is one evaluation: what goes in, what came out, and what happened
// between. Zero fields are defaults that nobody set.
type Task struct {
	Key   TaskKey
	State State

	XS      Values // inputs
	YS      Values // outputs of a finished task
	XSExtra Values // metadata given with the inputs
	YSExtra Values // metadata given with the outputs

	// Captured are values for the function that evaluates the task, which
	// finds them among its constants. They are one object, under the task's
	// tag, that tasks with the same ones share; not to be changed when read.
	Captured Values

	Condition *Condition // why it failed; nil unless it did
	Progress  any        // how far it is, in the objective's words; nil if it told nothing
	Reports   []Report   // intermediate values of the current attempt, by step

	Worker   WorkerID  // who evaluates or evaluated it
	Attempt  int       // 1 for the first; 0 while no worker has taken it
	Attempts []Attempt // those before the current one, oldest first
	Late     []Late    // results that came for an attempt that was over

	Options
	DependsOn []TaskKey // tasks that have to finish first, which exist already
	// After are tasks that have to finish first and are created by the same
	// call, before this one: by their index there, from 0. What is read has
	// their numbers in DependsOn.
	After []int

	Created  time.Time // by the store's clock, like the next two
	Started  time.Time
	Finished time.Time
	Spent    Spent
}

// Options are what a task may be given beside its inputs. The zero value asks
// for nothing.
type Options struct {
	Queue      string        // the queue it waits in; "" is the shared one
	Function   string        // the objective that evaluates it; "" is the network's
	Seed       []int32       // seven integers of its own; nil means the network's stream
	Timeout    time.Duration // the longest evaluation; 0 is unlimited
	Stall      time.Duration // the longest silence of the objective; 0 is unlimited
	MaxRetries int           // how often it is retried by itself
	Memory     int64         // bytes its process may use; 0 is unlimited
	// Isolate has it evaluated in a process of its own, so that nothing that
	// the objective does there can harm the worker, and a timeout really ends
	// it. Objectives that start a process for each task anyway take no notice.
	Isolate bool
}

// An Attempt is one try at evaluating a task that was retried afterwards.
type Attempt struct {
	Number    int
	Worker    WorkerID
	YS        Values
	Condition *Condition
	Reports   []Report
	Started   time.Time
	Finished  time.Time
}

// A Report is what an objective had after a step, such as an epoch or a fold,
// before it was done: its outputs as they were then.
type Report struct {
	Step int64 // counted by the objective; from 0 to MaxStep
	YS   Values
}

// MaxStep is the largest step that can be reported.
const MaxStep = 1 << 53

// State says how the attempt ended.
func (a Attempt) State() State {
	switch {
	case a.Condition != nil:
		return Failed
	case a.Finished.IsZero():
		return Running
	}
	return Finished
}

// AttemptNumber returns an attempt of the task by its number: an earlier one or the
// current one, and whether there is such an attempt. The state of the current
// one is the task's.
func (t *Task) AttemptNumber(number int) (Attempt, bool) {
	for _, a := range t.Attempts {
		if a.Number == number {
			return a, true
		}
	}
	current := Attempt{
		Number: t.Attempt, Worker: t.Worker, YS: t.YS, Condition: t.Condition, Reports: t.Reports, Started: t.Started, Finished: t.Finished,
	}
	return current, number == t.Attempt
}

// A Late result arrived for an attempt that was over by then, for instance
// from a worker that was wrongly declared lost. It changed nothing.
type Late struct {
	Attempt   int
	Worker    WorkerID
	YS        Values
	Condition *Condition // nil if the evaluation finished
	At        time.Time
}

// Spent says where a task's time went.
type Spent struct {
	Proposing  time.Duration // choosing its inputs
	Waiting    time.Duration // the worker waited for it
	Evaluating time.Duration // the objective ran
	Storing    time.Duration // calls to the store for it, before its ending
}
