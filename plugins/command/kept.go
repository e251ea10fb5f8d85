package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/jsonlines"
)

// kept are the processes of a command that answers one task after the other: as
// many as tasks run at once. Any goroutine may use it.
type kept struct {
	o *Objective

	mu     sync.Mutex // guards what follows
	idle   []*keptProcess
	closed bool
}

var _ io.Closer = (*Objective)(nil)

var errClosed = errors.New("the objective was closed: it starts no process for a task any more")

// setKept refuses what a process for many tasks cannot have.
func (o *Objective) setKept(spec Spec) error {
	if !spec.Keep {
		return nil
	}
	const remedy = "remove it, or keep"
	switch {
	case spec.Dir != nil:
		return errors.New("dir: a process that is kept has no directory of its own for each task; " + remedy)
	case len(spec.Template) > 0:
		return errors.New("template: no file is filled in for a process that is kept, which reads each task from stdin; " + remedy)
	case spec.Answer != nil:
		return errors.New("answer: a process that is kept answers in JSON lines; " + remedy)
	}
	known := keptScope("", o.base)
	for _, p := range o.texts() {
		for _, name := range p.text.names {
			if _, ok := known[name]; !ok {
				return fmt.Errorf("%s: {{%s}} is not known when a process that is kept is started, for many tasks; it reads the task from stdin", p.where, name)
			}
		}
	}
	o.kept = &kept{o: o}
	return nil
}

// evaluate has a process evaluate a task.
func (k *kept) evaluate(ctx context.Context, call *Call, e *loops.Evaluation) (rush.Values, ending, error) {
	if ctx.Err() != nil {
		return nil, ending{}, stopped(ctx, e, ending{})
	}
	p, err := k.take(ctx, call, e)
	if err != nil {
		return nil, ending{}, err
	}
	defer k.give(p)
	return p.evaluate(ctx, call.Stdin, e)
}

// take returns a process that is idle, or starts one.
func (k *kept) take(ctx context.Context, call *Call, e *loops.Evaluation) (*keptProcess, error) {
	for {
		p, err := k.idleOne()
		switch {
		case err != nil:
			return nil, err
		case p == nil:
			return k.start(call)
		case !p.conn.Alive(): // it ended while it was idle
		case p.conn.Pending():
			e.Log.LogAttrs(ctx, slog.LevelWarn, "the program said something when it was asked nothing, such as a second answer: it is ended, and a fresh one takes over")
		default:
			return p, nil
		}
		p.conn.Stop(0)
	}
}

// idleOne returns a process that is idle; nil if there is none.
func (k *kept) idleOne() (*keptProcess, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return nil, errClosed
	}
	n := len(k.idle)
	if n == 0 {
		return nil, nil
	}
	p := k.idle[n-1]
	k.idle = k.idle[:n-1]
	return p, nil
}

func (k *kept) start(call *Call) (*keptProcess, error) {
	p := &keptProcess{o: k.o}
	p.talk.Store(new(talk))
	conn, err := jsonlines.Start(&exec.Cmd{
		Path: call.Program, Args: call.Args, Dir: call.Dir, Env: append(k.o.environ(), call.Env...),
	}, &jsonlines.Options{
		Names:  messageNames(),
		Output: func(stream, line string) { p.talk.Load().print(stream, line) },
		Active: func() { p.talk.Load().active() },
	})
	if err != nil {
		return nil, notStarted(err)
	}
	p.conn = conn
	return p, nil
}

// give keeps a process that is sound for the next task.
func (k *kept) give(p *keptProcess) {
	k.mu.Lock()
	keep := !k.closed && !p.broken && p.conn.Alive()
	if keep {
		k.idle = append(k.idle, p)
	}
	k.mu.Unlock()
	if !keep {
		p.end()
	}
}

// Close ends the processes that are kept, and those that evaluate when they have:
// their stdin is closed, and they are stopped when they have not ended after the
// grace. Without keep there is nothing to close.
func (o *Objective) Close() error {
	if o.kept == nil {
		return nil
	}
	o.kept.mu.Lock()
	idle := o.kept.idle
	o.kept.idle, o.kept.closed = nil, true
	o.kept.mu.Unlock()
	var ending sync.WaitGroup
	for _, p := range idle {
		ending.Go(p.end)
	}
	ending.Wait()
	return nil
}

// brokenWait is how long a process that closed its stdout may take to end by
// itself, which says more about why than a kill.
const brokenWait = 500 * time.Millisecond
