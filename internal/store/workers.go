package store

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// Workers is the life of workers.
type Workers interface {
	// Register makes a worker alive, creating the network if need be.
	// Registering an id that is alive with the same PID and Host again
	// changes nothing; otherwise ErrExists. An id that has ended may
	// register anew: its nonces begin again.
	Register(ctx context.Context, w rush.Worker) error

	// Rejoin makes a worker that was declared lost alive again, as it had
	// registered: it runs nothing, its nonces begin again, a signal that it
	// was sent before is still there, it is paused if it was when it was lost,
	// and Rejoined is one more. What it
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
	// smallest number first, if retry and it has retries left, or requeue).
	// Ending one that is not alive, or unknown, changes nothing. It returns
	// the tasks concerned.
	EndWorker(ctx context.Context, end WorkerEnd) ([]rush.TaskKey, error)

	// Sweep ends, as lost, every worker whose heartbeat has lapsed (until
	// then such a worker is alive, and a beat renews it), as EndWorker with
	// Retry does. Each lost worker is returned once, to one caller. by is the
	// worker for whom somebody sweeps, or "": the time counts until its own
	// last beat only, so that a machine that slept before the call arrived
	// loses nobody. An unknown one finds nobody.
	Sweep(ctx context.Context, by rush.WorkerID, condition []byte) ([]LostWorker, error)

	// SetPaused says whether a worker that is alive takes tasks. While it is
	// paused Next delivers for it but hands nothing out; being set either way
	// ends nothing but makes a step that waits look again. Doing it again
	// changes nothing. ErrLost if the worker is not alive.
	SetPaused(ctx context.Context, id rush.WorkerID, paused bool) error

	// DeleteWorkers forgets workers that have ended; nil means all that have,
	// and unknown ones are ignored. It returns those that there were, by the
	// order of registration. ErrAlive names one that is alive; then none is
	// deleted. A repeated call, as after a lost reply, gives the same answer.
	//
	// What others have of a worker stays: its id in the records of tasks, in
	// their attempts and late results, and in the log; its responses to
	// messages, until they are deleted. A deleted worker that was lost and
	// lives cannot rejoin, only register anew. What is meant for its own
	// queue goes to the shared one, as since it ended.
	DeleteWorkers(ctx context.Context, ids []rush.WorkerID) ([]rush.WorkerID, error)

	// AwaitAlive returns the workers that are alive, by the order of
	// registration, as soon as they are others than those that were seen (in
	// any order), or when wait is over. Nil is none.
	AwaitAlive(ctx context.Context, seen []rush.WorkerID, wait time.Duration) ([]rush.WorkerID, error)

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
	Requeue   bool // Retry whatever retries the tasks have left
}

// A LostWorker is a worker that Sweep found, and what it ran.
type LostWorker struct {
	ID    rush.WorkerID
	Tasks []rush.TaskKey
}
