package network

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/scratch"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

// Workers says which workers to start on this machine. The zero value starts
// one for each core, with this program's default loop.
type Workers struct {
	N       int             // default: the plan's, else the number of cores
	IDs     []rush.WorkerID // their ids; default: new ones. N is their number then
	IDBase  string          // makes their ids BASE-1, BASE-2, ...
	Command []string        // a program that calls plugins.Serve or Serve; default: this one
	Dir     string          // its working directory; default: this program's
	// Env is added to this program's environment. GOMAXPROCS is a worker's
	// share of the cores, unless it is set here or there.
	Env []string
	// SHA256 is the checksum of Command's file, which is compared before every start
	// of a worker; see plugins.Spec. Empty: any.
	SHA256 string

	Loop      string      // default: plugins.DefaultLoop
	Args      rush.Values `json:"-"` // of the loop
	Objective string      // default: the program's only one
	Constants rush.Values `json:"-"` // given to the objective beside xs
	// Queues are the named queues that the workers take from, in their order,
	// such as high, default, low; see rushworker.Config.
	Queues []string

	// IdleTimeout ends a worker once it had nothing to do for that long; 0
	// never. A message TIMEOUT_SET can change it.
	IdleTimeout time.Duration
	// Grace is how long a process that evaluates (a command, or one of an isolated
	// task) may take to end when its task is stopped, between SIGTERM and SIGKILL.
	// 0 is a second for commands, half of one for isolated tasks, which have three
	// at most.
	Grace time.Duration

	// Patience is how long a worker goes on trying while the store cannot be
	// reached, until it gives up and ends; what it evaluates meanwhile it finishes.
	// Default: rushworker.DefaultPatience.
	Patience time.Duration

	// Restart starts a worker anew, under a new id, when it was lost. One that
	// is lost again and again (three times within ten seconds of its start)
	// stays lost.
	Restart bool

	// Detach has the workers outlive this program and its terminal. A process
	// apart looks after them: this program once more, whose main has to call
	// Serve. To this manager they are like those of another machine: they are
	// not among its LocalWorkers, and Close leaves them alone; StopWorkers, of
	// any manager, ends them. So does SIGTERM to that process: they finish what
	// they run, and a second one kills them. Output cannot be set.
	Detach bool
	// DetachLog is the file that detached workers print to; it is appended to.
	// Default: what the function DetachLog returns.
	DetachLog string

	// StartTimeout is how long the workers may take until all are registered.
	// Default: the plan's, else as long as ctx.
	StartTimeout time.Duration

	// Started is called when a worker is registered, err being nil, or could not
	// start: once for each worker, one call after the other, before StartWorkers or
	// StartInProcess returns. It is not called for one that is started anew.
	Started func(id rush.WorkerID, err error) `json:"-"`

	// Heartbeat is how often the agents beat for their workers; default: a
	// second. Expiry is how long without a beat until a worker is lost;
	// default: ten heartbeats. An agent sees the death of its worker at once,
	// whatever the expiry is, and a worker that of its agent: the heartbeat is
	// for what neither can tell, such as the end of the machine or of the line.
	// So the expiry may be long, and a machine under load loses nobody.
	Heartbeat, Expiry time.Duration
	LogLevel          slog.Leveler `json:"-"` // of what workers tell on stderr; default: slog.LevelInfo

	// Output gets what the workers' processes print, line by line. It may be
	// called from several goroutines at once.
	Output func(id rush.WorkerID, stream, line string) `json:"-"`

	// LogThresholds say which records of the workers' loggers (those of
	// rushworker.Worker.Log and loops.Evaluation.Log) are written into the
	// network's log, as in {"rush": slog.LevelInfo}; nil is none of them.
	LogThresholds logstore.Thresholds
	// LogBuffer is how many records a worker gathers before it writes them. By
	// default each is written as soon as the one before it was.
	LogBuffer int
	// KeepOutput has what workers and their objectives print written into the
	// network's log, line by line; what a command objective prints has its
	// task's number. Of a process that is killed the last second can be missing.
	KeepOutput bool
	// LogDir is a directory for files with what workers and their objectives
	// print: output_WORKER.log and message_WORKER.log (stderr). It is made if
	// need be; logstore.ReadFiles reads them back. Default: none.
	LogDir string
}

func (w *Workers) defaults() error {
	if len(w.IDs) > 0 {
		w.N = len(w.IDs)
	}
	plan, _, err := ReadPlan()
	if err != nil {
		return err
	}
	or(&w.StartTimeout, plan.StartTimeout)
	if w.LogThresholds == nil {
		w.LogThresholds = plan.LogThresholds
	}
	or(&w.N, plan.Workers)
	or(&w.N, runtime.NumCPU())
	if w.N < 0 {
		return fmt.Errorf("the number of workers is %d; expected 1 or more", w.N)
	}
	if w.Heartbeat == 0 {
		w.Heartbeat = rushworker.DefaultHeartbeat
	}
	if w.Expiry == 0 {
		w.Expiry = 10 * w.Heartbeat
	}
	if w.LogLevel == nil {
		w.LogLevel = slog.LevelInfo
	}
	if w.IdleTimeout < 0 || w.Grace < 0 || w.Patience < 0 {
		return fmt.Errorf("the idle timeout is %v, the grace %v and the patience %v; expected none below zero", w.IdleTimeout, w.Grace, w.Patience)
	}
	if w.Expiry <= w.Heartbeat {
		return fmt.Errorf("the heartbeat's expiry (%v) must be longer than its period (%v)", w.Expiry, w.Heartbeat)
	}
	if w.LogDir != "" {
		var err error // workers may have another working directory
		if w.LogDir, err = filepath.Abs(w.LogDir); err != nil {
			return err
		}
	}
	if len(w.Command) == 0 {
		var err error
		if w.Command, err = plugins.Self(); err != nil {
			return err
		}
	}
	for len(w.IDs) < w.N {
		id := newWorkerID()
		if w.IDBase != "" {
			id = rush.WorkerID(fmt.Sprintf("%s-%d", w.IDBase, len(w.IDs)+1))
		}
		w.IDs = append(w.IDs, id)
	}
	w.shareCores()
	return nil
}

// shareCores keeps the workers from using all cores each, where they would get
// into each other's way.
func (w *Workers) shareCores() {
	const name = "GOMAXPROCS"
	if os.Getenv(name) == "" {
		share := max(1, runtime.GOMAXPROCS(0)/w.N)
		w.Env = append([]string{fmt.Sprintf("%s=%d", name, share)}, w.Env...)
	}
}

func newWorkerID() rush.WorkerID { return rush.WorkerID(uuid.NewString()[:8]) }

// How often a worker may be lost soon after its start before it is not
// started again.
const (
	maxEarlyLosses = 3
	earlyLoss      = 10 * time.Second
)

// StartWorkers starts workers on this machine, each with an agent in this
// program, and returns their ids when all of them are registered. They end
// with the manager, unless they are detached (Workers.Detach). If one cannot
// start none is left running, and the error has what it printed.
func (r *Rush) StartWorkers(ctx context.Context, w Workers) ([]rush.WorkerID, error) {
	if err := w.defaults(); err != nil {
		return nil, fmt.Errorf("start workers of network %s: %w", r.id, err)
	}
	scratch.Sweep("") // what killed workers and managers left
	// A worker process would make an embedded store anew that somebody deleted.
	if err := r.st.Ping(ctx); err != nil {
		return nil, fmt.Errorf("start workers of network %s in %s: %w", r.id, r.Address(), err)
	}
	if w.StartTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, w.StartTimeout, fmt.Errorf("not registered after %v: %w", w.StartTimeout, rush.ErrTimeout))
		defer cancel()
	}
	start := r.startHere
	if w.Detach {
		start = r.startDetached
	}
	if err := start(ctx, w); err != nil {
		return nil, fmt.Errorf("start workers of network %s in %s: %w", r.id, r.Address(), err)
	}
	return w.IDs, nil
}

// startHere starts workers, of which nothing is left open, with agents in this
// program, and returns when all are registered.
func (r *Rush) startHere(ctx context.Context, w Workers) error {
	type start struct {
		id  rush.WorkerID
		err error
	}
	started := make(chan start, w.N)
	for _, id := range w.IDs {
		go func() { started <- start{id, r.supervise(ctx, w, id)} }()
	}
	var errs []error
	for range w.IDs {
		s := <-started
		if s.err != nil {
			errs = append(errs, s.err)
		}
		w.tell(s.id, s.err)
	}
	if len(errs) > 0 {
		r.killLocal(w.IDs, "another worker could not start")
		return errs[0]
	}
	return nil
}

// supervise starts a worker and, in the background, starts it anew as often as
// it is lost, if that is wanted. It returns when the first is registered.
func (r *Rush) supervise(ctx context.Context, w Workers, id rush.WorkerID) error {
	a, err := r.start(ctx, w, id)
	if err != nil {
		return err
	}
	r.agents.run(func() {
		for losses, began := 0, time.Now(); ; began = time.Now() {
			a.run(r.alive)
			r.forget(a)
			if losses++; time.Since(began) > earlyLoss {
				losses = 0
			}
			if !w.Restart || a.state != rush.WorkerLost || losses >= maxEarlyLosses || r.isEnding() {
				return
			}
			id := newWorkerID()
			r.log.Warn("a lost worker is started anew", "lost", a.id, "why", a.end.Reason, "worker", id)
			if a, err = r.start(r.alive, w, id); err != nil {
				r.log.Error("a lost worker could not be started anew", "worker", id, "error", err)
				return
			}
		}
	})
	return nil
}

// start starts a worker's process and waits until the worker is registered.
func (r *Rush) start(ctx context.Context, w Workers, id rush.WorkerID) (*agent, error) {
	spec := plugins.WorkerSpec{
		Command: w.Command, Dir: w.Dir, Env: w.Env, SHA256: w.SHA256, Store: r.url, Network: r.id, ID: id, Loop: w.Loop,
		Objective: w.Objective, Args: w.Args, Constants: w.Constants, Heartbeat: w.Heartbeat, Expiry: w.Expiry,
		LogLevel: w.LogLevel.Level(), IdleTimeout: w.IdleTimeout, Grace: w.Grace, Patience: w.Patience, Local: true, Queues: w.Queues,
		LogThresholds: w.LogThresholds, LogBuffer: w.LogBuffer, KeepOutput: w.KeepOutput, LogDir: w.LogDir,
	}
	if r.any {
		spec.Env = append(slices.Clone(spec.Env), plugins.IgnoreSchema+"=1")
	}
	output, noMore, err := r.output(w, id)
	if err != nil {
		return nil, fmt.Errorf("start worker %s: %w", id, err)
	}
	spec.Output = output
	p, err := plugins.StartWorker(ctx, spec)
	if err != nil {
		return nil, errors.Join(err, noMore())
	}
	go func() {
		<-p.Done()
		_ = noMore()
	}()
	a := r.newAgent(id, p, w, func(ctx context.Context) error { return r.supervise(ctx, w, id) })
	select {
	case <-p.Registered():
		close(a.joined)
		return a, nil
	case <-p.Done():
		if p.WasRegistered() || !p.End().Clean && r.knows(ctx, id) {
			return a, nil // it died at once; its agent sees to the rest
		}
		err = failedStart(id, p.End())
	case <-ctx.Done():
		err = fmt.Errorf("start worker %s: %w", id, context.Cause(ctx))
		a.kill(context.Cause(ctx).Error())
	}
	// It may have been registered without our having heard of it.
	a.run(r.alive)
	r.forget(a)
	return nil, err
}

// knows reports whether the store has the worker: its process may have died
// before it could tell us.
func (r *Rush) knows(ctx context.Context, id rush.WorkerID) bool {
	list, err := r.net.List(ctx)
	return err == nil && slices.ContainsFunc(list, func(w rush.Worker) bool { return w.ID == id })
}

func failedStart(id rush.WorkerID, end plugins.WorkerEnd) error {
	err := end.Err
	if err == nil {
		err = errors.New(end.Reason)
	}
	if end.Stderr != "" {
		return fmt.Errorf("worker %s ended before it was registered: %w; it printed:\n%s", id, err, end.Stderr)
	}
	return fmt.Errorf("worker %s ended before it was registered: %w", id, err)
}

func (r *Rush) forget(a *agent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.local[a.id] == a { // it may have been restarted
		delete(r.local, a.id)
	}
}

func (r *Rush) isEnding() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ending
}
