package plugins

import (
	"context"
	"math"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/pool"
	"github.com/rushnet/rush/loops"
)

// DefaultTasksPerProcess is how many tasks an isolated process evaluates until
// a fresh one takes over.
const DefaultTasksPerProcess = 1000

// DefaultGrace is how long an isolated process that is stopped may take to end by
// itself.
const DefaultGrace = 500 * time.Millisecond

// unlimited tasks: a process is kept while it is sound.
const unlimited = math.MaxInt

// IsolatorSpec says how processes for single tasks are started.
type IsolatorSpec struct {
	Spec
	// Tasks is how many tasks one process evaluates, one after the other, until
	// a fresh one takes over. 0 is DefaultTasksPerProcess; 1 is a fresh one for
	// each task.
	Tasks int
	// Grace is how long a process that is stopped (SIGTERM) may take until it is
	// killed; 0 is DefaultGrace.
	Grace time.Duration
	// Output gets what the processes print, line by line; stream is stdout or
	// stderr. It may be called from several goroutines at once. Nil drops it.
	Output func(stream, line string)
}

// An Isolator evaluates tasks in processes of their own: one task at a time in
// each. A process is kept for the next task while it is sound; a fresh one takes
// over after it crashed, was stopped (timeout, silence, cancellation) or has
// done its number of tasks. What a task has left in a process that is kept, such
// as a changed global variable, the next one finds there: with Tasks 1 nothing
// is left.
//
// Its processes end with this program, however that ends. Any goroutine may call
// its methods.
type Isolator struct {
	pool *pool.Pool[string, *evaluator] // a task is known by its directory for files
}

var _ loops.Isolator = (*Isolator)(nil)

// NewIsolator returns an isolator. No process is started before it is needed.
// The caller is to close it.
func NewIsolator(spec IsolatorSpec) *Isolator {
	if spec.Tasks <= 0 {
		spec.Tasks = DefaultTasksPerProcess
	}
	if spec.Grace <= 0 {
		spec.Grace = DefaultGrace
	}
	if spec.Output == nil {
		spec.Output = func(string, string) {}
	}
	return &Isolator{pool.New(func(ctx context.Context, scratch string) (*evaluator, error) {
		return startEvaluator(ctx, spec, scratch)
	})}
}

// Evaluate scores a point with the objective that the program serves under the
// name; "" is its only one. A process that ends without an answer is a condition
// of class crashed; one that ran until ctx ended, or was silent for longer than
// e.Options.Stall, is killed with all of its process group, which is a condition
// of class timeout or what ctx's cause says. Both have the last of what it
// printed on stderr.
//
// The error is a *loops.Unusable when the very first process cannot be started, or
// after e.Crashes crashes and failed starts in a row. After a crash the next start
// may wait, for a few seconds at most.
func (i *Isolator) Evaluate(ctx context.Context, name string, e *loops.Evaluation) (ys rush.Values, err error) {
	t, err := i.pool.Take(ctx, e.Scratch, e.Crashes)
	if err != nil {
		return nil, err
	}
	defer func() { err = i.pool.Give(t, err, e.Crashes) }()
	return t.Process.evaluate(ctx, name, e)
}

// Renew ends the processes that are idle, and the others when their evaluations
// return, so that the next tasks get fresh ones: with this program's environment
// as it is then, for instance.
func (i *Isolator) Renew() { i.pool.Renew() }

// Close ends the processes that are idle, and the others when their evaluations
// return.
func (i *Isolator) Close() { i.pool.Close() }
