package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
)

// A running is a run from the start of its workers to its summary.
//
//	toTheEnd ─┬─ start      the workers; the progress is shown meanwhile
//	          ├─ attend     wait for the workers' end, obey Ctrl-C
//	          ├─ conclude   say how the run ended
//	          └─ summarize  print the best points and what to do next
type running struct {
	app       *app
	net       *network.Rush
	def       *search.Definition
	rows      int64 // of a grid or a design; 0 for other loops
	known     int64 // tasks of points that were known before
	quiet     bool
	page      bool   // the page is shown: nobody need be told of it
	again     string // the command that this was, for people to copy
	inProcess bool
	failed    bool // all workers ended with an error
}

func (r *running) toTheEnd(ctx context.Context, workers network.Workers) error {
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	if err := r.def.Begin(ctx, r.net, r.app.log()); err != nil {
		return err
	}
	interrupted, err := r.attend(ctx, workers, interrupts)
	if err != nil {
		_, _ = r.end(context.WithoutCancel(ctx), rush.RunFailed, err.Error())
		return err
	}
	run, err := r.conclude(ctx)
	if err != nil {
		if !run.Ended.IsZero() { // a callback failed: what was found is there
			err = errors.Join(r.summarize(ctx, run), err)
		}
		return err
	}
	if err := r.summarize(ctx, run); err != nil {
		return err
	}
	switch {
	case run.Status == rush.RunFailed || r.failed && run.Status == rush.RunInterrupted:
		return exitError{code: exitFailed}
	case interrupted || run.Status == rush.RunInterrupted:
		return exitError{code: exitInterrupted}
	}
	return nil
}

// attend starts the workers and waits until they have ended. The first
// interrupt lets them finish what they run, the second kills them.
func (r *running) attend(ctx context.Context, workers network.Workers, interrupts <-chan os.Signal) (interrupted bool, err error) {
	p := newProgress(r.net.Archive, r.net.ID(), r.def.Codomain, r.total())
	if err := p.start(ctx); err != nil {
		return false, err
	}
	p.workers = workers.N
	workers.Started = func(_ rush.WorkerID, err error) {
		if err == nil {
			p.started.Add(1)
		}
	}
	if !r.quiet {
		r.app.tell("network %s in %s, %d workers", r.net.ID(), r.net.Address(), workers.N)
		if !r.page && terminal(r.app.err) > 0 {
			r.app.tell("watch it in the browser: rush ui %s%s", r.net.ID(), r.app.storeFlag())
		}
	}
	starting, stopStarting := context.WithCancelCause(ctx)
	defer stopStarting(nil)
	started := make(chan error, 1)
	go func() {
		started <- r.start(starting, workers)
	}()
	show, stopShowing := context.WithCancel(ctx)
	var showing sync.WaitGroup
	if !r.quiet {
		showing.Go(func() { p.show(show, r.app.err) })
	}
	defer func() {
		stopShowing()
		showing.Wait()
	}()
	var done <-chan struct{}
	asked := 0
	for {
		select {
		case err := <-started:
			if asked > 0 && err != nil {
				return true, nil
			}
			if err != nil {
				return false, err
			}
			done = r.net.LocalDone()
		case <-done:
			return asked > 0, nil
		case <-interrupts:
			if asked++; asked == 1 {
				r.interrupt(ctx)
			} else {
				stopStarting(errInterrupted)
				go r.net.StopLocal(ctx, rush.SignalKill)
			}
		}
	}
}

// start starts the workers, as processes or in this one.
func (r *running) start(ctx context.Context, workers network.Workers) error {
	if !r.inProcess {
		_, err := r.net.StartWorkers(ctx, workers)
		return err
	}
	setting := plugins.Setting{Args: workers.Args, Problem: &loops.Problem{Functions: search.Builtins()}}
	_, err := r.net.StartInProcess(ctx, workers, func(ctx context.Context, w *rushworker.Worker) (loops.Loop, error) {
		return search.MakeLoop(ctx, w, setting)
	})
	return err
}

// interrupt asks all workers of the network to finish what they run.
func (r *running) interrupt(ctx context.Context) {
	r.app.tell("\ninterrupted: the workers finish what they run; press Ctrl-C again to stop them now")
	go func() {
		if err := r.net.RequestStop(ctx, rush.RunInterrupted, "interrupted"); err != nil {
			r.app.tell("%v", err)
		}
	}()
}

// total is how many tasks the run will have, if that is known.
func (r *running) total() int64 {
	n := r.rows
	if limit := r.def.Limit(); limit > 0 {
		n = limit
	}
	if n > 0 {
		n += r.known
	}
	return n
}

// conclude says how the run ended: as it was asked to, or because nothing was
// left to do, or because no worker was.
func (r *running) conclude(ctx context.Context) (rush.Run, error) {
	ctx = context.WithoutCancel(ctx)
	soon, cancel := context.WithTimeout(ctx, storeGrace)
	defer cancel()
	counts, err := r.net.Counts(soon)
	if err != nil {
		return rush.Run{}, err
	}
	budget, err := r.net.Budget(soon)
	if err != nil {
		return rush.Run{}, err
	}
	limit := r.def.Limit()
	switch {
	case limit > 0 && counts.Ended() >= limit && budget.Taken >= limit:
		return r.end(ctx, rush.RunDone, fmt.Sprintf("evals: %d tasks have finished or failed", limit))
	case r.net.LocalError() != nil:
		r.failed = true
		return r.end(ctx, rush.RunInterrupted, fmt.Sprintf("no worker is left: %v", r.net.LocalError()))
	case counts.Queued+counts.Deferred+counts.Running == 0:
		return r.end(ctx, rush.RunDone, "all tasks have finished or failed")
	}
	return r.end(ctx, rush.RunFailed, r.lastLoss(soon))
}

// end ends the run, and calls back around that, however long it takes.
func (r *running) end(ctx context.Context, status rush.RunStatus, reason string) (rush.Run, error) {
	return r.def.End(ctx, r.net, status, reason, r.app.log())
}

// lastLoss says why no worker is left.
func (r *running) lastLoss(ctx context.Context) string {
	why := "no worker is left, and the run is not done"
	workers, err := r.net.Workers(ctx)
	if err != nil {
		return why
	}
	for _, w := range workers {
		if w.State == rush.WorkerLost || w.State == rush.WorkerKilled {
			why = fmt.Sprintf("no worker is left; the last one (%s) was %s: %s", w.ID, w.State, w.Reason)
		}
	}
	return why
}
