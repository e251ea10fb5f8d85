// Package store is where all of a network's processes meet: the verbs with
// which tasks, workers and runs change, as one interface with two drivers.
//
// Package dial opens a driver by URL. The rules that every driver keeps, and
// that package storetest checks on both:
//
//   - A verb is one atomic step: it happens or it does not, whoever dies.
//   - First writer wins. A task leaves a state only if it is in it.
//   - A verb may be repeated, because replies get lost: the second time it
//     changes nothing and gives the same answer.
//   - Waiting blocks on a hint of the store and then reads by offset or
//     state; a lost hint costs a bounded delay and never a result.
//   - Errors wrap the values of package rush and name the network; an error
//     of the connection names the store's address without its password.
//   - All times are the store's clock (the machine's, for the embedded one).
//
// Everything here is safe for concurrent use.
package store

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// Schema is the version of what drivers write. A network of another version
// is refused with rush.ErrSchema.
const Schema = 1

// A Store holds any number of networks.
type Store interface {
	// Network returns a handle on a network, which need not exist: only
	// Define and Register create one. It makes no round trip by itself; verbs
	// on a network that does not exist return rush.ErrNoNetwork unless they
	// say otherwise.
	Network(id rush.NetworkID) Network

	// Networks lists the networks of the store by name.
	Networks(ctx context.Context) ([]NetworkInfo, error)

	// Rename gives a network another name; handles that are in use anywhere
	// go on with the network that they were opened for. ErrNoNetwork,
	// ErrExists.
	Rename(ctx context.Context, from, to rush.NetworkID) error

	// Destroy deletes a network and all that belongs to it. Deleting one that
	// does not exist does nothing.
	Destroy(ctx context.Context, id rush.NetworkID) error

	// Expire has a network destroyed when that time is over: from then on no
	// verb finds it, and who opens the store, lists its networks or creates
	// one of that name deletes what is left. 0 or less takes it back.
	// ErrNoNetwork.
	Expire(ctx context.Context, id rush.NetworkID, after time.Duration) error

	// RepairNetworks mends what concerns more than one network: names that
	// nothing is behind, networks that are in no list, rows and keys of
	// networks that do not exist. It says what it did, a sentence each, and
	// nothing when all is well. It may be called at any time; a network that
	// lost its counters needs its own Repair afterwards.
	RepairNetworks(ctx context.Context) ([]string, error)

	// Ping makes one round trip.
	Ping(ctx context.Context) error

	// Info describes the store's server or file: name and value, in a fixed
	// order (product, version, address, size, ...).
	Info(ctx context.Context) ([][2]string, error)

	// Address is the store's URL or path without its password.
	Address() string

	Close() error
}

// NetworkInfo is a line of the list of networks.
type NetworkInfo struct {
	ID      rush.NetworkID
	Created time.Time
	Run     rush.Run
	Counts  rush.Counts
	Workers int       // alive
	Expires time.Time // when it will be destroyed; zero is never
}

// A Network is one network's share of a store, in groups of verbs.
type Network interface {
	ID() rush.NetworkID
	Control
	Tasks
	Queues
	Archive
	Workers
	Documents
	Hashes
	Progress
	Objects
	Logs
	Messages
}

// Control is what is set once for the whole network, and its run.
type Control interface {
	// Define stores the definition if the stored one has the version that the
	// given one says (0: there is none yet, which creates the network), and
	// returns the new version, which is one more. ErrChanged when another
	// version is stored; storing the same again (Body, Limit and Reserved) as
	// it already is changes nothing and returns its version.
	Define(ctx context.Context, def Definition) (version int64, err error)

	// Definition returns the stored definition, with its version. A network
	// that was only registered to has version 0 and an empty body.
	Definition(ctx context.Context) (Definition, error)

	// BeginRun marks the run as running. The time of an earlier leg is added
	// to Elapsed: up to its EndRun or, if it ended without one, up to the last
	// sign of life (a beat or an ending). If the run is running and alive (a
	// live worker beats) this leg joins it and nothing changes. It also takes
	// a stop request back.
	BeginRun(ctx context.Context) (rush.Run, error)

	// Run returns the state of the run; Elapsed includes the current leg, up
	// to now.
	Run(ctx context.Context) (rush.Run, error)

	// RequestStop asks every worker to finish what it runs and end: from now
	// on Next hands nothing out and says why. The first reason stays, with
	// the status that the run will have when it ends.
	RequestStop(ctx context.Context, status rush.RunStatus, reason string) error

	// EndRun marks a running run as ended, with the status and reason of the
	// first stop request, if there was one, else those given. Ending one that
	// does not run changes nothing.
	EndRun(ctx context.Context, status rush.RunStatus, reason string) (rush.Run, error)

	// Reset deletes all tasks, the log of endings, claims and counters, and
	// with workers also all worker records; raises the epoch. The definition
	// stays, and with it Reserved; the run is new. Readers see all or
	// nothing.
	Reset(ctx context.Context, workers bool) error

	// Audit reads everything that the invariants speak of, for Check. What
	// cannot be read, such as a task without a state, is in it as found.
	Audit(ctx context.Context) (*Audit, error)

	// Repair mends what a crash of the machine or a hand in the database left
	// behind, and says what it did, a sentence each. The tasks' own records
	// are believed: indexes, counters and the log of endings are made to agree
	// with them; a record without a readable state is removed; what runs on a
	// worker that is not alive is queued again or fails as lost. Afterwards
	// Check finds nothing. A sound network is not changed, and nothing said.
	// It is one step, safe while workers work. When the log of endings
	// had to be written anew the epoch is raised.
	Repair(ctx context.Context) ([]string, error)
}

// A Definition is what a network is about. The store reads Limit and Reserved;
// Body is the business of package search.
type Definition struct {
	Version int64
	Body    []byte
	// Limit is the budget: how many tasks may be taken in all. A task is
	// taken when it starts for the first time, or when its number is claimed;
	// retries take nothing. 0 or less is no limit.
	Limit int64
	// Reserved numbers, from 0, belong to the rows of a design: automatic
	// numbering begins after them. Reserving fewer later does not bring the
	// next number back, and callers do not reserve more once a number was
	// handed out.
	Reserved int64
}

// Tasks is the life of tasks.
type Tasks interface {
	// Create makes tasks in the state that each one says (queued when it says
	// none, deferred if it has DependsOn; running with a Worker, or already
	// ended) and returns their numbers. A task with a fixed number (Fixed,
	// Key) that exists already is left as it is, and its number returned.
	// nonce makes the call repeatable: the same nonce gives the same numbers
	// and creates nothing; it must be unique to the call and not empty. All are created
	// or none, unless there are more than a driver's chunk (at least 1,000): then the
	// chunks are created in order, and a repeat with the same nonce goes on
	// where it stopped. Tasks created running take from the budget:
	// ErrExhausted, and none of that chunk is created, when there is no room.
	// They start with attempt 1; one created ended has attempt 0, takes
	// nothing from the budget, and is logged.
	//
	// A deferred task waits for those in DependsOn, which must exist
	// (ErrNoTask). In the step that leaves all of them finished it is queued,
	// at the front and the smallest number first; in the step in which one of
	// them fails or is deleted it fails, with a condition of class impossible
	// as package wire encodes it, and so do those that depend on it. If all
	// of them are finished when it is created it is queued like any other; if
	// one has failed by then it is created failed. Each step takes time in
	// proportion to the tasks that change in it.
	Create(ctx context.Context, tasks []NewTask, nonce string) ([]rush.TaskKey, error)

	// Next is the step of a worker's loop: it delivers what was evaluated and
	// fetches what to do next, in one round trip. See Step and Turn.
	// ErrLost when the worker is not alive (its endings have been applied).
	Next(ctx context.Context, step Step) (Turn, error)

	// End finishes or fails tasks for whoever holds them, queued, deferred or
	// running. A done with Attempt 0 is about the current attempt. It
	// returns, for each, what became of it. A task that ends before it ever
	// started takes nothing from the budget.
	End(ctx context.Context, done []Done) ([]Outcome, error)

	// Retry queues ended tasks again, at the front in the order given, with
	// the next attempt number; what is known of the attempt before (worker,
	// outputs, condition, times) moves to Attempts. An attempt has retries
	// left while its number is at most MaxRetries. Without ignoreLimit a task
	// that has no retries left is refused with ErrState, like one that has not
	// ended (an unknown one with ErrNoTask); then none is retried.
	//
	// In the same step those that failed as impossible and depend on none any
	// more that is failed or gone are deferred again, with the attempt that
	// they had, and so are those that depend on them; their endings are
	// withdrawn. What has run is left alone. A retried task that never started
	// is deferred too, while one that it depends on has not finished; it is
	// refused with ErrState if one of these has failed, unless that is retried
	// by the same call, or is gone.
	Retry(ctx context.Context, keys []rush.TaskKey, opts RetryOptions) error

	// Cancel fails tasks that have not ended, with the condition. In the same
	// step it leaves a message for the worker of each that runs: CANCEL, with
	// a MessagePack list of the number, the attempt and the condition (as a
	// string). What that worker still delivers is late. It returns what became
	// of each, in the order of the keys, a key that is named twice once.
	// ErrState names a task that has ended, and its state, ErrNoTask one that
	// does not exist; then nothing is changed.
	Cancel(ctx context.Context, keys []rush.TaskKey, condition []byte) ([]Cancelled, error)

	// Delete removes tasks that are not running, with their history; unknown
	// ones are ignored. It returns how many there were. ErrState names one
	// that runs; then none is deleted.
	Delete(ctx context.Context, keys []rush.TaskKey) (int, error)
}

// RetryOptions are for Retry.
type RetryOptions struct {
	IgnoreLimit bool
	Seeds       [][]int32 // the new seed of each task, or nil to keep theirs
}

// A Cancelled task says where Cancel found it.
type Cancelled struct {
	Key     rush.TaskKey
	State   rush.State     // before
	Worker  rush.WorkerID  // who ran it; empty if nobody did
	Message rush.MessageID // that was left for the worker; 0 if none was
}

// A NewTask is a task to be created.
type NewTask struct {
	Fixed     bool         // the number is Key, which must be below Reserved
	Key       rush.TaskKey // unless Fixed, the store chooses
	State     rush.State   // "" is queued
	XS        []byte
	XSExtra   []byte
	YS        []byte // of a task created finished
	YSExtra   []byte
	Condition []byte        // of a task created failed
	Worker    rush.WorkerID // of a task created running, whom the store must know
	rush.Options
	// For is the worker in whose own queue the task waits, in place of
	// Options.Queue: if it is not alive when the task is created, or there is
	// none of that id, the task waits in the shared one. "" is nobody.
	For       rush.WorkerID
	DependsOn []rush.TaskKey
	// Objects are the hashes of the objects that its values refer to; the
	// task's tag holds them from the same step on. ErrNoObject names one that
	// is not there; then nothing is created.
	Objects []string
}

// Done says how the evaluation of a task ended: failed if it has a Condition,
// else finished.
type Done struct {
	Key       rush.TaskKey
	Attempt   int
	YS        []byte
	YSExtra   []byte
	Condition []byte
	// Retry asks for another attempt instead of failing, if the task runs and
	// has retries left.
	Retry bool
	Spent rush.Spent // added to what is known, such as what proposing it took
}

// An Outcome says what became of a Done.
type Outcome uint8

// The outcomes.
const (
	Applied  Outcome = iota // that attempt ended so (now or by an earlier call of the same Done)
	Retried                 // it was queued again, at the front, for another attempt (now or by an earlier call)
	Late                    // that attempt was over otherwise: kept as late (once), nothing changed
	NotFound                // there is no such task
)

// A Step is what a worker delivers and asks for. The parts are applied in the
// order of the fields.
type Step struct {
	Worker rush.WorkerID
	// Nonce is the worker's own count of its steps, from 1. A step with the
	// nonce of the worker's last one gives the same answer again; its Done
	// is not applied twice. One with a smaller
	// nonce is refused with a *StaleError.
	Nonce int64
	Done  []Done
	// Pop takes the first task of the first queue in Queues that has one. Nil
	// Queues mean the worker's own queue (named by its id), then the shared
	// one. Queued tasks that would exceed the budget stay where they are and
	// are passed over; those that were taken before (retries) do not exceed it.
	Pop    bool
	Queues []string
	// Propose creates a running task, if nothing was popped.
	Propose *Proposal
	// Claim reserves a number for the worker's next proposal, if nothing was
	// popped and Propose, if given, was created: the smallest that a lost
	// worker left behind, else the next. A reserved number is taken from the
	// budget.
	Claim bool
	// Wait is how long to block when the step would get nothing: no task
	// popped, none created or rejected, no number claimed. A change of what
	// could be had, a stop, a signal to the worker and (unless Idle) the
	// network being drained end it early.
	Wait time.Duration
	// Idle says to wait on, for a push, while the network is drained.
	Idle bool
	// Interrupt ends Wait early when something can be received from it, or it
	// is closed. Nil never does.
	Interrupt <-chan struct{}
}

// A Proposal is a point that a worker wants to evaluate next.
type Proposal struct {
	Key     rush.TaskKey // that the worker claimed; NoTask: the next number
	XS      []byte
	XSExtra []byte
	rush.Options
	Spent   rush.Spent // what proposing took
	Objects []string   // as those of a NewTask; nothing of the step happens if one is not there
}

// A Turn is the answer to a Step.
type Turn struct {
	Outcomes []Outcome    // of each Done
	Task     *rush.Record // popped, now running; nil if none
	Created  rush.TaskKey // of the proposal, now running; NoTask if it was not created
	Started  int64        // when Created started, microseconds of the store's clock
	Claimed  rush.TaskKey // NoTask if none
	// Rejected says that the proposal's number is not the worker's any more.
	Rejected bool
	// Exhausted says that the budget has no room for another task now, after
	// this step, whether or not it asked for one.
	Exhausted bool
	// Drained says that, after this step, nothing is running, claimed by a
	// worker or left to be popped (within the budget) by anybody: without a
	// push nothing will ever come.
	Drained bool
	// Paused says that nothing was handed out because the worker is paused.
	Paused bool
	// Stop says why the worker should end: the reason of a stop request, else
	// the signal that the worker was sent; empty to go on. Nothing was handed
	// out then, and Exhausted, Drained and Paused mean nothing.
	Stop string
}

// Archive reads tasks.
type Archive interface {
	Counts(ctx context.Context) (rush.Counts, error)

	// Records reads tasks by number, in the order of the keys; one that does
	// not exist has an empty State.
	Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error)

	// Ended reads at most max entries (0: a driver's default) of the log of
	// endings from the cursor on, with the fields asked for, waiting up to
	// wait for the first one. Fields of NoFields read the log only. Nothing
	// new is an empty page with the same cursor. One round trip when nothing
	// is waited for and max is at most 1,000.
	Ended(ctx context.Context, from rush.Cursor, max int, fields rush.Fields, wait time.Duration) (rush.Page, error)

	// Snapshot reads which tasks had not ended at one moment.
	Snapshot(ctx context.Context) (rush.Snapshot, error)

	// Keys lists the numbers of the tasks in a state: queued ones in the
	// order in which they will be taken, the others ascending.
	Keys(ctx context.Context, state rush.State) ([]rush.TaskKey, error)
}

// Workers is the life of workers.
type Workers interface {
	// Register makes a worker alive, creating the network if need be.
	// Registering an id that is alive with the same PID and Host again
	// changes nothing; otherwise ErrExists. An id that has ended may
	// register anew: its nonces begin again.
	Register(ctx context.Context, w rush.Worker) error

	// Rejoin makes a worker that was declared lost alive again, as it had
	// registered: it runs nothing, its nonces begin again, a signal that it
	// was sent before is still there, and Rejoined is one more. What it
	// delivers for the attempts that it lost is kept as late. One that is
	// alive is left as it is. ErrLost if it ended otherwise, or is unknown.
	Rejoin(ctx context.Context, id rush.WorkerID) error

	// Beat renews a worker's heartbeat and returns the signal that it was
	// sent, if any. ErrLost if it is not alive.
	Beat(ctx context.Context, id rush.WorkerID) (rush.Signal, error)

	// SignalWorkers leaves a signal for each worker that is alive and wakes it;
	// nil means all. It returns those that got it. A kill replaces a
	// terminate, never the other way round. Nothing is handed to a worker
	// that has a signal.
	SignalWorkers(ctx context.Context, ids []rush.WorkerID, s rush.Signal) ([]rush.WorkerID, error)

	// EndWorker takes a worker out of the network: it gets the state and the
	// reason, what it claimed goes back, and each task that it still runs
	// fails with the condition (or is queued again, at the front and the
	// smallest number first, if retry and it has retries left). Ending one
	// that is not alive, or unknown, changes nothing. It returns the tasks
	// concerned.
	EndWorker(ctx context.Context, end WorkerEnd) ([]rush.TaskKey, error)

	// Sweep ends, as lost, every worker whose heartbeat has lapsed (until
	// then such a worker is alive, and a beat renews it), as EndWorker with
	// Retry does. Each lost worker is returned once, to one caller.
	Sweep(ctx context.Context, condition []byte) ([]LostWorker, error)

	// SetPaused says whether a worker that is alive takes tasks. While it is
	// paused Next delivers for it but hands nothing out; being set either way
	// ends nothing but makes a step that waits look again. Doing it again
	// changes nothing. ErrLost if the worker is not alive.
	SetPaused(ctx context.Context, id rush.WorkerID, paused bool) error

	// List returns the workers by the order of registration, with their
	// running tasks.
	List(ctx context.Context) ([]rush.Worker, error)
}

// A WorkerEnd says how a worker ended.
type WorkerEnd struct {
	ID        rush.WorkerID
	State     rush.WorkerState // terminated, killed or lost
	Reason    string
	Condition []byte // for the tasks that it still ran
	Retry     bool
}

// A LostWorker is a worker that Sweep found, and what it ran.
type LostWorker struct {
	ID    rush.WorkerID
	Tasks []rush.TaskKey
}
