package webui

import (
	"context"
	"io"
	"time"

	"github.com/rushnet/rush"
)

// An Actor changes a network. The methods that package network has too do what
// they do there.
type Actor interface {
	// ReadPoints reads tasks' inputs, as "csv", "jsonl", "parquet" or "arrow", and checks
	// them against the search space; an error names the line of what is wrong. Columns of
	// an exported table that are no inputs are left out. Nothing is pushed. With afterRows, that field of each row is no input but says after which
	// other rows it comes.
	ReadPoints(ctx context.Context, format, afterRows string, r io.Reader) (Points, error)
	// Draw draws points from the search space, as a random search would for the next
	// tasks. Nothing is pushed.
	Draw(ctx context.Context, n int) (Points, error)
	Push(ctx context.Context, opts PushOptions, points Points) ([]rush.TaskKey, error)
	// Retry queues ended tasks again, all or none.
	Retry(ctx context.Context, opts RetryOptions, keys ...rush.TaskKey) error
	// Cancel fails tasks as cancelled that have not ended, all or none.
	Cancel(ctx context.Context, keys ...rush.TaskKey) error
	// Delete deletes tasks and returns how many there were. With running, running
	// ones too; without, one that runs is rush.ErrState, and none is deleted.
	Delete(ctx context.Context, running bool, keys ...rush.TaskKey) (int, error)
	// Unqueue takes tasks out of their queues: they fail with the condition, and are
	// returned. Those that are not queued stay.
	Unqueue(ctx context.Context, conditions []*rush.Condition, keys ...rush.TaskKey) ([]rush.TaskKey, error)
	// EmptyQueue takes all tasks out of the queues named, or out of all.
	EmptyQueue(ctx context.Context, condition *rush.Condition, names ...string) ([]rush.TaskKey, error)

	// Ask takes a task for a person to evaluate: a queued one, or a point that the
	// network's loop proposes. It is nil when there is none, and over says why if
	// there will be none any more.
	Ask(ctx context.Context) (task *rush.Task, over string, err error)
	// Tell delivers what came out of a task that a person evaluates, or that is
	// queued still: outputs, or a condition. What cannot be told is a rush.TaskError.
	Tell(ctx context.Context, key rush.TaskKey, ys rush.Values, condition *rush.Condition) error

	// SetProgress says how far a running task is; nil takes it back.
	SetProgress(ctx context.Context, key rush.TaskKey, progress any) error

	Send(ctx context.Context, c rush.Command, argument any, ids ...rush.WorkerID) (rush.MessageID, []rush.WorkerID, error)
	// Message sends and collects what is answered within a time, by worker.
	Message(ctx context.Context, wait time.Duration, c rush.Command, argument any, ids ...rush.WorkerID) ([]Response, error)
	StopWorkers(ctx context.Context, s rush.Signal, ids ...rush.WorkerID) ([]rush.WorkerID, error)
	// DeleteWorkers forgets workers that have ended, or those named; one that is
	// alive is rush.ErrAlive, and then none is forgotten.
	DeleteWorkers(ctx context.Context, ids ...rush.WorkerID) ([]rush.WorkerID, error)
	RequestStop(ctx context.Context, status rush.RunStatus, reason string) error
	// SetEnvironment sets constants and environment variables of the workers, and
	// UnsetEnvironment takes some away. Workers that run read them at REFRESH.
	SetEnvironment(ctx context.Context, constants rush.Values, variables map[string]string) error
	UnsetEnvironment(ctx context.Context, constants, variables []string) error

	// Reset deletes all tasks; the definition stays.
	Reset(ctx context.Context, opts ResetOptions) error
	// Destroy stops the workers and deletes the network.
	Destroy(ctx context.Context, opts DestroyOptions) error
	// Expire has the network deleted when that time is over; 0 takes that back.
	Expire(ctx context.Context, after time.Duration) error
}

// Points are the inputs of tasks, and of each the points before it, by index from
// 0, that have to finish first; After is nil when there are none at all. Left are the
// columns that were no inputs.
type Points struct {
	XS    []rush.Values
	After [][]int
	Left  []string
}

// PushOptions are what tasks are given that are pushed together. The zero value asks
// for nothing: what the search says counts.
type PushOptions struct {
	Queue      string        // that they wait in; "" is the shared one
	Worker     rush.WorkerID // the only one that is to evaluate them; "" is any
	Extra      rush.Values   // kept with each
	MaxRetries *int          // how often each is retried by itself; nil is what the search says
	Timeout    time.Duration // the longest evaluation; 0 is what the search says
	DependsOn  []rush.TaskKey
}

// RetryOptions are for Actor.Retry.
type RetryOptions struct {
	IgnoreLimit bool `json:"ignore_limit"` // retry also what has no retries left
	NextSeed    bool `json:"next_seed"`    // draw other random numbers than before
}

// ResetOptions are for Actor.Reset. The zero value deletes tasks only.
type ResetOptions struct {
	Workers bool // stop the workers and forget them, too
	// Terminate lets workers finish what they run, for ten seconds at most; they are
	// killed otherwise.
	Terminate bool
}

// DestroyOptions are for Actor.Destroy. The zero value kills the workers and deletes
// the network at once.
type DestroyOptions struct {
	After     time.Duration // when it is deleted
	Terminate bool          // as in ResetOptions
}

// A Queue says how many tasks wait in a queue, and who takes from it.
type Queue struct {
	Name    string          `json:"name"`
	Length  int64           `json:"length"`
	Workers []rush.WorkerID `json:"workers"`
	Own     bool            `json:"own"` // of the worker whose id it has as name
}

// A Place is where a task waits.
type Place struct {
	Queue    string `json:"queue"`    // "" if it is in none
	Position int    `json:"position"` // 1 is taken next; 0 if it is in none
}

// A Response is what a worker answered to a message.
type Response struct {
	Worker  rush.WorkerID
	Value   any   // nil if Err is not
	Err     error // what it could not do
	Pending bool  // it has not answered yet; it does when the task that it runs has ended
}

// WorkerStart says which workers Config.StartWorkers is to start.
type WorkerStart struct {
	Network rush.NetworkID
	N       int      // how many; 0 is the number of cores
	Queues  []string // named queues that they take from, in their order
}
