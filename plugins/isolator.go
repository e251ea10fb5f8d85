package plugins

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/rushnet/rush"
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
	spec IsolatorSpec

	mu     sync.Mutex // guards what follows
	idle   []*evaluator
	closed bool
	// generation is how often all were renewed: a process of an earlier one is
	// not kept.
	generation int
}

var _ loops.Isolator = (*Isolator)(nil)

var errIsolatorClosed = errors.New("the worker is ending: it starts no process for a task any more")

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
	return &Isolator{spec: spec}
}

// Evaluate scores a point with the objective that the program serves under the
// name; "" is its only one. A process that ends without an answer is a condition
// of class crashed; one that ran until ctx ended, or was silent for longer than
// e.Options.Stall, is killed with all of its process group, which is a condition
// of class timeout or what ctx's cause says. Both have the last of what it
// printed on stderr.
func (i *Isolator) Evaluate(ctx context.Context, name string, e *loops.Evaluation) (rush.Values, error) {
	p, err := i.take(ctx, e.Scratch)
	if err != nil {
		return nil, err
	}
	defer i.give(p)
	return p.evaluate(ctx, name, e)
}

// take returns a process that is idle, or starts one, which is found through a
// file in scratch.
func (i *Isolator) take(ctx context.Context, scratch string) (*evaluator, error) {
	for {
		p, err := i.kept()
		if err != nil {
			return nil, err
		}
		if p == nil {
			return i.start(ctx, scratch)
		}
		if p.answers() {
			return p, nil
		}
		p.end() // it died while it was idle
	}
}

// kept returns a process that is idle; nil if there is none.
func (i *Isolator) kept() (*evaluator, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed {
		return nil, errIsolatorClosed
	}
	n := len(i.idle)
	if n == 0 {
		return nil, nil
	}
	p := i.idle[n-1]
	i.idle = i.idle[:n-1]
	return p, nil
}

func (i *Isolator) start(ctx context.Context, scratch string) (*evaluator, error) {
	i.mu.Lock()
	generation := i.generation
	i.mu.Unlock()
	p, err := startEvaluator(ctx, i.spec, scratch)
	switch {
	case err == nil:
		p.generation = generation
		return p, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	}
	return nil, &rush.Condition{Class: rush.ClassCrashed, Message: fmt.Sprintf("start a process for the task: %v", err)}
}

// give keeps a process that is sound for the next task.
func (i *Isolator) give(p *evaluator) {
	i.mu.Lock()
	keep := !i.closed && p.generation == i.generation && p.isSound() && p.tasks < i.spec.Tasks
	if keep {
		i.idle = append(i.idle, p)
	}
	i.mu.Unlock()
	if !keep {
		p.end()
	}
}

// Renew ends the processes that are idle, and the others when their evaluations
// return, so that the next tasks get fresh ones: with this program's environment
// as it is then, for instance.
func (i *Isolator) Renew() {
	i.mu.Lock()
	idle := i.idle
	i.idle = nil
	i.generation++
	i.mu.Unlock()
	for _, p := range idle {
		p.end()
	}
}

// Close ends the processes that are idle, and the others when their evaluations
// return.
func (i *Isolator) Close() {
	i.mu.Lock()
	idle := i.idle
	i.idle, i.closed = nil, true
	i.mu.Unlock()
	for _, p := range idle {
		p.end()
	}
}
