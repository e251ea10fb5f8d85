package network

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/sweep"
)

// killLocal kills those of the workers that run and waits until they are gone.
func (r *Rush) killLocal(ids []rush.WorkerID, reason string) {
	for _, a := range r.agentsOf(ids) {
		a.kill(reason)
		<-a.done
	}
}

// agentsOf returns the agents of those of the workers that this manager looks
// after; nil means all.
func (r *Rush) agentsOf(ids []rush.WorkerID) []*agent {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []*agent
	if ids == nil {
		for _, a := range r.local {
			out = append(out, a)
		}
		return out
	}
	for _, id := range ids {
		if a, ok := r.local[id]; ok {
			out = append(out, a)
		}
	}
	return out
}

// LocalDone returns a channel that is closed when none of the workers that
// this manager started is left.
func (r *Rush) LocalDone() <-chan struct{} {
	return r.agents.empty()
}

// LocalError is why the workers that this manager started have ended, if all ended
// with an error, such as a loop's, or that of an objective that is
// loops.Unusable; lost ones do not count if there are others. It is nil while one
// runs, or if one ended as it should.
func (r *Rush) LocalError() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var last error
	for _, a := range r.started {
		select {
		case <-a.done:
		default:
			return nil
		}
		if a.end.Clean && a.end.Err == nil {
			return nil
		}
		if a.end.Clean {
			last = fmt.Errorf("worker %s: %w", a.id, a.end.Err)
		}
	}
	return last
}

// StopWorkers tells workers to end: terminate lets each finish its running
// task first, kill ends it at once and fails the task as killed. No ids mean
// all. It waits until the workers have ended, or ctx ends, and returns those
// that got the signal. Lost workers are not started anew afterwards. A client
// (rush.Worker.Client) that holds a task is waited for until it has reported on
// it, unless it is killed.
func (r *Rush) StopWorkers(ctx context.Context, s rush.Signal, ids ...rush.WorkerID) ([]rush.WorkerID, error) {
	if len(ids) == 0 {
		r.mu.Lock()
		r.ending = true
		r.mu.Unlock()
		ids = nil
	}
	got, err := r.net.SignalWorkers(ctx, ids, s)
	if err != nil {
		return nil, fmt.Errorf("stop the workers of network %s: %w", r.id, err)
	}
	for _, id := range ids {
		if !slices.Contains(got, id) {
			r.log.Warn("a worker that is to be stopped is not running", "worker", id)
		}
	}
	if err := r.endClients(ctx, s, got); err != nil {
		return got, fmt.Errorf("stop the clients of network %s: %w", r.id, err)
	}
	return got, r.awaitEnd(ctx, got)
}

// StopLocal is StopWorkers for the workers that this manager started and looks
// after. None of them is started anew afterwards.
func (r *Rush) StopLocal(ctx context.Context, s rush.Signal) ([]rush.WorkerID, error) {
	r.mu.Lock()
	r.ending = true
	r.mu.Unlock()
	var ids []rush.WorkerID
	for _, a := range r.agentsOf(nil) {
		ids = append(ids, a.id)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return r.StopWorkers(ctx, s, ids...)
}

// awaitEnd waits until none of the workers is alive.
func (r *Rush) awaitEnd(ctx context.Context, ids []rush.WorkerID) error {
	for _, a := range r.agentsOf(ids) {
		select {
		case <-a.done:
		case <-ctx.Done():
			return fmt.Errorf("wait for worker %s to end: %w", a.id, context.Cause(ctx))
		}
	}
	wanted := make(map[rush.WorkerID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	w := waiter{Rush: r}
	var seen []rush.WorkerID
	for wait := time.Duration(0); ; wait = waitStep {
		alive, err := r.net.AwaitAlive(ctx, seen, wait)
		if err != nil {
			return fmt.Errorf("wait for workers of network %s to end: %w", r.id, because(ctx, err))
		}
		if !slices.ContainsFunc(alive, func(id rush.WorkerID) bool { return wanted[id] }) {
			return nil
		}
		if _, err := w.sweptList(ctx); err != nil { // who died with its agent does not say so
			return fmt.Errorf("wait for workers of network %s to end: %w", r.id, err)
		}
		seen = alive
	}
}

func (r *Rush) aliveOf(ctx context.Context, wanted map[rush.WorkerID]bool) ([]rush.WorkerID, error) {
	list, err := r.net.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the workers of network %s: %w", r.id, err)
	}
	var alive []rush.WorkerID
	for _, w := range list {
		if w.State.Alive() && (wanted == nil || wanted[w.ID]) {
			alive = append(alive, w.ID)
		}
	}
	return alive, nil
}

// Sweep declares lost every worker whose heartbeat has lapsed and returns
// them; each is returned once, to one caller. The agents of living workers do
// this by themselves once a heartbeat.
//
// It looks twice: who was not heard of for too long gets two of its heartbeats
// (at most five seconds) to beat once more, as its machine may have slept, with
// that of the caller. Without such workers it returns at once.
func (r *Rush) Sweep(ctx context.Context) ([]rush.WorkerID, error) {
	return r.swept(sweep.Patient(ctx, r.net, ""))
}

// sweepNow is Sweep for who has watched the others for long enough; see vigil.
func (r *Rush) sweepNow(ctx context.Context) ([]rush.WorkerID, error) {
	return r.swept(sweep.Now(ctx, r.net, ""))
}

func (r *Rush) swept(lost []store.LostWorker, err error) ([]rush.WorkerID, error) {
	if err != nil {
		return nil, fmt.Errorf("sweep network %s: %w", r.id, err)
	}
	ids := make([]rush.WorkerID, len(lost))
	for i, w := range lost {
		ids[i] = w.ID
	}
	return ids, nil
}
