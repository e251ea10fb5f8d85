package network

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/scratch"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

// A MakeLoop makes the loop of a worker in this process.
type MakeLoop func(ctx context.Context, w *rushworker.Worker) (loops.Loop, error)

// StartInProcess starts workers as goroutines of this process, for objectives
// that are cheap, for debuggers and for tests, and returns their ids when all
// of them are registered. They are workers of the network like all others,
// with a heartbeat, signals and an end, except that a kill can only end their
// context: a loop that does not observe it goes on. Of w, N, IDs, Queues, Heartbeat,
// Expiry, IdleTimeout, Loop (the name, for people to see), Started and what is said of logs count.
func (r *Rush) StartInProcess(ctx context.Context, w Workers, loop MakeLoop) ([]rush.WorkerID, error) {
	if w.Detach {
		return nil, fmt.Errorf("start workers of network %s: Detach is set, but goroutines of this program end with it; expected StartWorkers", r.id)
	}
	w.Command = []string{"-"} // none is started
	if err := w.defaults(); err != nil {
		return nil, fmt.Errorf("start workers of network %s: %w", r.id, err)
	}
	scratch.Sweep("") // what killed workers and managers left
	for i, id := range w.IDs {
		err := r.startGoroutine(ctx, w, id, loop)
		w.tell(id, err)
		if err != nil {
			r.killLocal(w.IDs[:i], "another worker could not start")
			return nil, err
		}
	}
	return w.IDs, nil
}

// OpenWorker registers a worker of this network that the caller drives by hand,
// over the manager's connection: it has to be closed, or detached, before the
// manager is. Of cfg, Store and Network do not count. Nobody looks after it; call
// Beat more often than its Expiry.
func (r *Rush) OpenWorker(ctx context.Context, cfg rushworker.Config) (*rushworker.Worker, error) {
	cfg.Store, cfg.Network = r.url, r.id
	return rushworker.Open(dial.Share(ctx, r.url, r.st), cfg)
}

func (r *Rush) startGoroutine(ctx context.Context, w Workers, id rush.WorkerID, loop MakeLoop) error {
	dir, err := scratch.New("")
	if err != nil {
		return fmt.Errorf("start worker %s: %w", id, err)
	}
	worker, err := r.OpenWorker(ctx, rushworker.Config{
		Scratch: dir.Path(),
		ID:      id, Loop: w.Loop, Local: true, Queues: w.Queues, Heartbeat: w.Heartbeat, Expiry: w.Expiry, IdleTimeout: w.IdleTimeout, Log: r.log,
		LogThresholds: w.LogThresholds, LogBuffer: w.LogBuffer, KeepOutput: w.KeepOutput, LogDir: w.LogDir,
	})
	if err != nil {
		return errors.Join(err, dir.Remove())
	}
	run, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	g := &goroutine{worker: worker, scratch: dir, cancel: cancel, done: make(chan struct{})}
	go g.run(run, worker, loop)
	a := r.newAgent(id, g, w, func(ctx context.Context) error { return r.startGoroutine(ctx, w, id, loop) })
	close(a.joined)
	r.agents.run(func() {
		a.run(r.alive)
		r.forget(a)
	})
	return nil
}

// A goroutine is a worker in this process, as its agent sees it.
type goroutine struct {
	worker  *rushworker.Worker
	cancel  context.CancelCauseFunc
	scratch *scratch.Dir
	done    chan struct{}
	end     plugins.WorkerEnd // set before done is closed
}

var _ body = (*goroutine)(nil)

var errKilled = errors.New("the worker was killed")

func (g *goroutine) Done() <-chan struct{} { return g.done }

func (g *goroutine) End() plugins.WorkerEnd {
	<-g.done
	return g.end
}

func (g *goroutine) Deliver(ctx context.Context, m rushworker.Message) error {
	return g.worker.Deliver(ctx, m)
}

func (g *goroutine) Kill() { g.cancel(errKilled) }

func (g *goroutine) run(ctx context.Context, w *rushworker.Worker, loop MakeLoop) {
	defer close(g.done)
	defer g.cancel(nil)
	defer g.scratch.Remove()
	l, err := loop(ctx, w)
	if err == nil {
		err = l.Run(ctx, w)
	}
	if gaveUp := w.GaveUp(); gaveUp != nil {
		err = gaveUp // whatever the loop made of it
	}
	g.end.Err, g.end.Reason = err, w.StopReason()
	if g.end.Reason == "" {
		g.end.Reason = "the loop is over"
	}
	if err != nil {
		g.end.Reason = err.Error()
	}
	if ctx.Err() != nil {
		_ = w.Detach() // the agent says how it ended
		return
	}
	leave, cancel := context.WithTimeout(ctx, endGrace)
	defer cancel()
	err = w.Close(leave, g.end.Reason)
	g.end.Clean = err == nil
	g.end.Err = errors.Join(g.end.Err, err)
}
