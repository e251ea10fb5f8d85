package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A model is one network as the contract has it, in plain slices and maps. It
// is the judge of random sequences of verbs, so it is written to be right and
// not to be fast. It never waits, and is not safe for concurrent use.
type model struct {
	id    rush.NetworkID
	clock func() time.Time

	exists  bool // Define or Register created it
	def     store.Definition
	created time.Time
	expires time.Time // set by the store; zero is never

	epoch   int64
	tasks   map[rush.TaskKey]*modelTask
	queue   []rush.TaskKey // of all queues
	log     []rush.Ending
	next    rush.TaskKey
	taken   int64
	born    int64 // tasks created
	deleted int64
	claims  map[rush.TaskKey]rush.WorkerID // "" is the pool
	nonces  map[string][]rush.TaskKey      // of Create

	documents map[string][]byte
	hashes    map[string]map[string][]byte
	points    map[string]rush.TaskKey

	workers []*modelWorker         // by registration
	gone    map[rush.WorkerID]bool // that ended and were deleted

	objects   modelObjects
	sent      rush.MessageID                                       // the last one
	messages  map[rush.MessageID]store.Message                     // that have responses
	responses map[rush.MessageID]map[rush.WorkerID]*store.Response // by message
	sendings  map[string]store.Sent                                // by nonce

	run      rush.Run // Elapsed is that of the earlier legs
	stop     string   // the reason of the first stop request
	stopped  rush.RunStatus
	lastSign time.Time // of life: a beat or an ending

	entries   []rush.LogEntry // that are kept
	logged    int64           // entries ever appended in this epoch
	keep      int64           // 0 is store.LogKeep
	logNonces map[string]bool
}

var _ store.Network = (*model)(nil)

type modelTask struct {
	rush.Record
	taken   bool         // from the budget
	retried map[int]bool // attempts that asked for another
}

type modelWorker struct {
	rush.Worker
	signal    rush.Signal
	wasPaused bool   // when it ended
	nonce     int64  // of the last step
	program   uint32 // that took it
	turn      store.Turn
}

func newModel(id rush.NetworkID, clock func() time.Time) *model {
	return &model{id: id, clock: clock, tasks: map[rush.TaskKey]*modelTask{}, claims: map[rush.TaskKey]rush.WorkerID{}, nonces: map[string][]rush.TaskKey{}, documents: map[string][]byte{}, gone: map[rush.WorkerID]bool{}, objects: newModelObjects(), logNonces: map[string]bool{},
		messages: map[rush.MessageID]store.Message{}, responses: map[rush.MessageID]map[rush.WorkerID]*store.Response{}, sendings: map[string]store.Sent{}}
}

func (m *model) ID() rush.NetworkID { return m.id }

// wrap names the network in an error.
func (m *model) wrap(err error) error { return fmt.Errorf("network %s: %w", m.id, err) }

// absent returns the error of verbs on a network that does not exist.
func (m *model) absent() error {
	if m.exists {
		return nil
	}
	return m.wrap(rush.ErrNoNetwork)
}

func (m *model) create() {
	if !m.exists {
		m.exists, m.created = true, m.clock()
	}
}

func (m *model) micros() int64 { return m.clock().UnixMicro() }

func (m *model) Define(_ context.Context, def store.Definition) (int64, error) {
	same := string(def.Body) == string(m.def.Body) && def.Limit == m.def.Limit && def.Reserved == m.def.Reserved
	switch {
	case !m.exists && def.Version != 0:
		return 0, m.absent()
	case same && m.def.Version > 0:
		return m.def.Version, nil
	case def.Version != m.def.Version:
		return 0, m.wrap(rush.ErrChanged)
	}
	m.create()
	m.def = def
	m.def.Version++
	m.next = max(m.next, rush.TaskKey(def.Reserved))
	return m.def.Version, nil
}

func (m *model) Definition(context.Context) (store.Definition, error) { return m.def, m.absent() }

func (m *model) BeginRun(context.Context) (rush.Run, error) {
	if err := m.absent(); err != nil {
		return rush.Run{}, err
	}
	m.stop, m.stopped = "", ""
	if m.run.Status != rush.RunRunning || !m.beats() {
		elapsed := m.run.Elapsed
		if m.run.Status == rush.RunRunning && m.lastSign.After(m.run.Started) {
			elapsed += m.lastSign.Sub(m.run.Started)
		}
		m.run = rush.Run{Status: rush.RunRunning, Elapsed: elapsed, Started: m.clock()}
	}
	return m.current(), nil
}

// beats reports whether a live worker beats.
func (m *model) beats() bool {
	return slices.ContainsFunc(m.workers, func(w *modelWorker) bool { return w.State.Alive() && !w.lapsed(m.clock()) })
}

// current returns the run with the time of the current leg.
func (m *model) current() rush.Run {
	run := m.run
	if run.Status == rush.RunRunning {
		run.Elapsed += m.clock().Sub(run.Started)
		run.Reason = m.stop
	}
	return run
}

func (m *model) Run(context.Context) (rush.Run, error) { return m.current(), m.absent() }

func (m *model) RequestStop(_ context.Context, status rush.RunStatus, reason string) error {
	if err := m.absent(); err != nil {
		return err
	}
	if m.stop == "" {
		m.stop, m.stopped = reason, status
		m.event("", slog.LevelInfo, "stop requested", rush.Values{"status": string(status), "reason": reason})
	}
	return nil
}

func (m *model) EndRun(_ context.Context, status rush.RunStatus, reason string) (rush.Run, error) {
	if m.run.Status == rush.RunRunning {
		if m.stop != "" {
			status, reason = m.stopped, m.stop
		}
		m.run = m.current()
		m.run.Status, m.run.Reason = status, reason
		m.run.Ended = m.run.Started.Add(m.run.Elapsed)
	}
	return m.run, m.absent()
}

func (m *model) Reset(_ context.Context, workers bool) error {
	if err := m.absent(); err != nil {
		return err
	}
	fresh := newModel(m.id, m.clock)
	fresh.exists, fresh.created, fresh.expires, fresh.def = true, m.created, m.expires, m.def
	fresh.epoch, fresh.keep = m.epoch+1, m.keep
	fresh.objects = m.objects
	fresh.objects.dropTasks()
	fresh.next = rush.TaskKey(m.def.Reserved)
	fresh.documents = m.documents
	fresh.sent = m.sent
	if !workers {
		fresh.workers, fresh.gone = m.workers, m.gone
		fresh.messages, fresh.responses, fresh.sendings = m.messages, m.responses, m.sendings
	}
	*m = *fresh
	return nil
}

// Repair finds nothing: a model is sound.
func (m *model) Repair(context.Context) ([]string, error) { return nil, m.absent() }

func (m *model) Audit(context.Context) (*store.Audit, error) {
	a := &store.Audit{
		Indexed: map[rush.State][]rush.TaskKey{}, Assigned: map[rush.WorkerID][]rush.TaskKey{},
		Log: slices.Clone(m.log), Counts: m.counts(), Claims: maps.Clone(m.claims),
		Taken: m.taken, Next: m.next, Reserved: m.def.Reserved,
	}
	for _, key := range m.numbers() {
		t := m.tasks[key]
		a.Tasks = append(a.Tasks, store.AuditTask{
			Key: key, State: t.State, Worker: t.Worker, Attempt: t.Attempt,
			Taken: t.taken, HasYS: t.YS != nil, HasCondition: t.Condition != nil,
		})
		if t.State == rush.Running {
			a.Assigned[t.Worker] = append(a.Assigned[t.Worker], key)
		}
	}
	for _, state := range rush.States() {
		a.Indexed[state] = m.in(state)
	}
	for _, w := range m.workers {
		a.Workers = append(a.Workers, w.Worker)
	}
	return a, m.absent()
}
