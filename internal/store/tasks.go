package store

import (
	"context"

	"github.com/rushnet/rush"
)

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
	// A deferred task waits for those in DependsOn, which must exist before the
	// call or have a fixed number and come before it in the call (ErrNoTask),
	// and for those that After names. In the step that leaves all of them finished it is queued,
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
	// After are tasks before it in the same call, by their index there: their
	// numbers, which nobody knows before, are appended to DependsOn.
	After []int
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
	// Requeue is Retry whatever retries the task has left.
	Requeue bool
	Spent   rush.Spent // added to what is known, such as what proposing it took
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
