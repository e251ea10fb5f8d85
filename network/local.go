package network

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
)

// A LocalWorker is the handle of a worker that this manager started: a process
// of this machine or a goroutine of this program. It stays valid when the worker
// has ended, and when the manager was closed. Its methods may be called from any
// goroutine.
type LocalWorker struct{ a *agent }

// LocalWorkers returns the handles of all workers that this manager started, in
// the order of their start, those that have ended among them. One that was
// restarted has a handle for each start.
func (r *Rush) LocalWorkers() []*LocalWorker {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]*LocalWorker, len(r.started))
	for i, a := range r.started {
		all[i] = &LocalWorker{a}
	}
	return all
}

// LocalWorker returns the handle of a worker, its latest; false if this manager
// did not start it.
func (r *Rush) LocalWorker(id rush.WorkerID) (*LocalWorker, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := len(r.started) - 1; i >= 0; i-- {
		if a := r.started[i]; a.id == id {
			return &LocalWorker{a}, true
		}
	}
	return nil, false
}

// ID returns the worker's id.
func (l *LocalWorker) ID() rush.WorkerID { return l.a.id }

// PID returns the number of the worker's process, also when that has ended; 0
// for a goroutine.
func (l *LocalWorker) PID() int {
	if p, ok := l.a.body.(interface{ PID() int }); ok {
		return p.PID()
	}
	return 0
}

// State says how far the worker is, without asking the store: starting, running
// (it may be paused) or how it ended.
func (l *LocalWorker) State() rush.WorkerState {
	select {
	case <-l.a.done:
		return l.a.state
	default:
	}
	select {
	case <-l.a.joined:
		return rush.WorkerRunning
	default:
		return rush.WorkerStarting
	}
}

// Files returns the paths of the files with what the worker prints; empty if
// Workers.LogDir was. A file is made with its first line.
func (l *LocalWorker) Files() (stdout, stderr string) {
	if l.a.logDir == "" {
		return "", ""
	}
	return logstore.FileName(l.a.logDir, l.a.id, rush.LogStdout), logstore.FileName(l.a.logDir, l.a.id, rush.LogStderr)
}

// Done returns a channel that is closed when nothing of the worker is left and
// the store was told how it ended.
func (l *LocalWorker) Done() <-chan struct{} { return l.a.done }

// Wait waits for Done, or until ctx ends, and says how the worker ended.
func (l *LocalWorker) Wait(ctx context.Context) (LocalEnd, error) {
	select {
	case <-l.a.done:
	case <-ctx.Done():
		return LocalEnd{}, fmt.Errorf("wait for worker %s to end: %w", l.a.id, context.Cause(ctx))
	}
	end := l.a.end
	e := LocalEnd{State: l.a.state, Reason: end.Reason, Err: end.Err, ExitCode: end.ExitCode, Signal: end.Signal, Stderr: end.Stderr}
	if by := l.a.killedBy(); by != "" && e.State == rush.WorkerKilled {
		e.Reason = by
	}
	return e, nil
}

// Kill ends the worker at once, with everything that it started; what it runs
// fails as killed, with the reason. It does not wait for the end: see Wait.
// Killing one that has ended does nothing. A goroutine's context ends; a loop
// that does not observe it goes on.
func (l *LocalWorker) Kill(reason string) {
	if reason == "" {
		reason = "killed by its manager"
	}
	l.a.kill(reason)
}

// A LocalEnd says how a local worker ended.
type LocalEnd struct {
	State  rush.WorkerState // terminated, killed or lost
	Reason string
	Err    error // what made its loop fail; nil when nothing did
	// ExitCode is its process's; -1 when a signal ended that, 0 for a goroutine.
	ExitCode int
	Signal   string // that ended its process, such as killed; empty if none did
	Stderr   string // the last of what its process printed there
}

// RestartWorkers starts workers of this manager anew, under their ids and with
// the configuration that they were started with, and returns their ids when all
// are registered. One that still runs is stopped first: terminate lets it finish
// its task, kill ends it at once and fails the task as killed. No ids mean all
// that still run; one that is named and has ended is just started. It fails with
// rush.ErrNoWorker, restarting none, when this manager did not start one that is
// named. An error about some does not keep the others from being started.
func (r *Rush) RestartWorkers(ctx context.Context, s rush.Signal, ids ...rush.WorkerID) ([]rush.WorkerID, error) {
	if s != rush.SignalTerminate && s != rush.SignalKill {
		return nil, fmt.Errorf("restart workers of network %s: the signal is %q; expected %q or %q", r.id, s, rush.SignalTerminate, rush.SignalKill)
	}
	agents, err := r.toRestart(ids)
	if err != nil {
		return nil, fmt.Errorf("restart workers of network %s: %w", r.id, err)
	}
	r.agents.join() // LocalDone is not to see the moment in between
	defer r.agents.leave()
	restarted := make(chan error, len(agents))
	for _, a := range agents {
		go func() { restarted <- r.restart(ctx, a, s) }()
	}
	var errs []error
	for range agents {
		errs = append(errs, <-restarted)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("restart workers of network %s: %w", r.id, err)
	}
	names := make([]rush.WorkerID, len(agents))
	for i, a := range agents {
		names[i] = a.id
	}
	return names, nil
}

// toRestart returns the agents of the workers; no ids mean all that still run.
func (r *Rush) toRestart(ids []rush.WorkerID) ([]*agent, error) {
	if r.alive.Err() != nil {
		return nil, context.Cause(r.alive)
	}
	if len(ids) == 0 {
		return r.agentsOf(nil), nil
	}
	var agents []*agent
	for _, id := range ids {
		l, ok := r.LocalWorker(id)
		if !ok {
			return nil, fmt.Errorf("worker %s: %w that this manager started", id, rush.ErrNoWorker)
		}
		agents = append(agents, l.a)
	}
	return agents, nil
}

// restart stops a worker, if it still runs, and starts it anew.
func (r *Rush) restart(ctx context.Context, a *agent, s rush.Signal) error {
	l := LocalWorker{a}
	switch {
	case l.State() != rush.WorkerRunning && l.State() != rush.WorkerStarting:
	case s == rush.SignalKill:
		a.kill("it was restarted")
	default:
		if _, err := r.net.SignalWorkers(ctx, []rush.WorkerID{a.id}, s); err != nil {
			return fmt.Errorf("worker %s: %w", a.id, err)
		}
	}
	if _, err := l.Wait(ctx); err != nil {
		return err
	}
	return a.again(ctx)
}

// Clone opens the network once more: a manager with a connection and a cache of
// its own, which looks after none of this one's workers and outlives it.
func (r *Rush) Clone(ctx context.Context) (*Rush, error) {
	// An embedded store that somebody deleted would be made anew.
	if err := r.st.Ping(ctx); err != nil {
		return nil, fmt.Errorf("clone the manager of network %s: %w", r.id, err)
	}
	return Open(ctx, Config{Store: r.url, Network: r.id, IgnoreSchema: r.any, Log: r.log})
}
