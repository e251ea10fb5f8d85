package pool

import (
	"context"
	"errors"
	"sync"

	"github.com/rushnet/rush"
)

// A Process evaluates one task at a time. A is what is known of the task when a
// process is taken for it. One goroutine at a time calls its methods.
type Process[A any] interface {
	// Ready reports whether a process that was idle can evaluate the task; one
	// that cannot is ended.
	Ready(task A) bool
	// Sound reports whether the process may evaluate another task, after one.
	Sound() bool
	// End ends the process, and returns when nothing of it is left.
	End()
}

// Start starts a process, for a task; it observes ctx.
type Start[A any, P Process[A]] func(ctx context.Context, task A) (P, error)

// ErrClosed is the error of a pool that was closed.
var ErrClosed = errors.New("the objective was closed, as its worker is ending: it starts no process for a task any more")

// A Pool keeps processes. Any goroutine may call its methods.
type Pool[A any, P Process[A]] struct {
	start  Start[A, P]
	health Health

	mu     sync.Mutex // guards what follows
	idle   []Taken[P]
	closed bool
	// generation is how often all were renewed: a process of an earlier one is
	// not kept.
	generation int
}

// A Taken process belongs to who took it, until Give.
type Taken[P any] struct {
	Process    P
	generation int
}

// New returns a pool. No process is started before it is needed. The caller is to
// close it.
func New[A any, P Process[A]](start Start[A, P]) *Pool[A, P] { return &Pool[A, P]{start: start} }

// Take returns a process that is idle, or starts one. crashes is how many crashes
// and failed starts in a row are borne; 0 is any number. When a start fails though
// others did not before, it is tried again, after a while that grows with each
// failure, until that number is reached. The error then, and when the very first
// start fails, is a *loops.Unusable: nothing of the task was done. If any number is
// borne the error is a condition of class crashed. When ctx ends it is ctx's cause; a
// start for which the task's limit of time is too short counts as a failed one, but
// fails the task, with class timeout.
func (p *Pool[A, P]) Take(ctx context.Context, task A, crashes int) (Taken[P], error) {
	for {
		t, generation, err := p.idleOne()
		switch {
		case err != nil:
			return t, err
		case generation != none:
			return p.fresh(ctx, task, generation, crashes)
		case t.Process.Ready(task):
			return t, nil
		}
		t.Process.End() // it died while it was idle
	}
}

// none is no generation.
const none = -1

// idleOne returns a process that is idle or, if there is none, the generation of a
// fresh one.
func (p *Pool[A, P]) idleOne() (t Taken[P], generation int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return t, none, ErrClosed
	}
	n := len(p.idle)
	if n == 0 {
		return t, p.generation, nil
	}
	t = p.idle[n-1]
	p.idle = p.idle[:n-1]
	return t, none, nil
}

// fresh starts a process, again and again if that is to be tried.
func (p *Pool[A, P]) fresh(ctx context.Context, task A, generation, crashes int) (Taken[P], error) {
	for {
		if err := p.health.Await(ctx); err != nil {
			return Taken[P]{}, err
		}
		process, err := p.start(ctx, task)
		switch {
		case err == nil:
			p.health.Started()
			return Taken[P]{process, generation}, nil
		case ctx.Err() != nil:
			return Taken[P]{}, p.interrupted(context.Cause(ctx), crashes)
		}
		if err = p.health.NotStarted(err, crashes); err != nil {
			return Taken[P]{}, err
		}
	}
}

// interrupted is what becomes of a task whose time ended with a start.
func (p *Pool[A, P]) interrupted(cause error, crashes int) error {
	c, ok := errors.AsType[*rush.Condition](cause)
	if !ok || c.Class != rush.ClassTimeout {
		return cause
	}
	late := *c
	late.Message += ", while its process was being started"
	return p.health.Crashed(&late, crashes)
}

// Give takes a process back after a task: a sound one is kept for the next, any
// other is ended. err is what came of the task, and is returned, in a
// *loops.Unusable when it is one crash more than is borne; see Take. A condition
// of class crashed of a process that is not sound is a crash; anything else ends
// the row of them.
func (p *Pool[A, P]) Give(t Taken[P], err error, crashes int) error {
	sound := t.Process.Sound()
	if err == nil || sound || !isCrash(err) {
		p.health.Answered()
	} else {
		err = p.health.Crashed(err, crashes)
	}
	if !sound || !p.keep(t) {
		t.Process.End()
	}
	return err
}

func isCrash(err error) bool {
	c, ok := errors.AsType[*rush.Condition](err)
	return ok && c.Class == rush.ClassCrashed
}

// keep makes a process idle, if it is to be kept.
func (p *Pool[A, P]) keep(t Taken[P]) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	keep := !p.closed && t.generation == p.generation
	if keep {
		p.idle = append(p.idle, t)
	}
	return keep
}

// Renew ends the processes that are idle, and the others when they are given
// back, so that the next tasks get fresh ones: with this program's environment as
// it is then, for instance.
func (p *Pool[A, P]) Renew() { p.endIdle(false) }

// Close ends the processes that are idle, and the others when they are given back.
// Nothing is started any more.
func (p *Pool[A, P]) Close() { p.endIdle(true) }

func (p *Pool[A, P]) endIdle(closed bool) {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, p.closed || closed
	p.generation++
	p.mu.Unlock()
	var ending sync.WaitGroup
	for _, t := range idle {
		ending.Go(t.Process.End)
	}
	ending.Wait()
}
