package rushworker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/user"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/definition"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/internal/sweep"
	"github.com/rushnet/rush/internal/wire"
)

// A Worker is a registered worker of a network. Its verbs may be called from
// several goroutines, but Next and what is made of it take turns.
type Worker struct {
	*Archive
	*Hashes

	id       rush.WorkerID
	url      string // of the store
	scratch  string
	client   bool   // several programs may take its steps
	program  uint32 // tells a client's programs apart; 0 for any other worker
	queues   []string
	patience time.Duration
	log      *slog.Logger
	st       store.Store
	net      store.Network
	streams  streams
	told     telling

	handed handed // the tasks in the loop's hand

	step sync.Mutex // held during a step; guards nonce
	// nonce counts the steps; see store.Step.
	nonce int64

	left atomic.Bool // it has left, and must not come back

	paused  atomic.Bool // by a message
	idle    idleTimer
	mail    mail
	evals   evaluations
	actions actions
	env     atomic.Pointer[Environment] // as it was read last

	mu     sync.Mutex // guards what follows
	stop   string     // why the loop should end
	gaveUp error      // why the worker cannot go on
}

// Open connects to the store and registers the worker. It fails with
// rush.ErrExists when a living worker of that id is registered.
func Open(ctx context.Context, cfg Config) (*Worker, error) {
	if err := cfg.defaults(); err != nil {
		return nil, fmt.Errorf("open worker: %w", err)
	}
	st, err := dial.Open(ctx, cfg.Store, &dial.Options{IgnoreSchema: cfg.IgnoreSchema})
	if err != nil {
		return nil, fmt.Errorf("open worker %s of network %s: %w", cfg.ID, cfg.Network, err)
	}
	w := &Worker{
		id:       cfg.ID,
		url:      cfg.Store,
		scratch:  cfg.Scratch,
		client:   cfg.Client,
		queues:   listenOn(cfg.ID, cfg.Queues),
		patience: cfg.Patience,
		log:      cfg.Log,
		st:       st,
		net:      st.Network(cfg.Network),
	}
	if w.client {
		w.program = max(1, rand.Uint32())
	}
	w.Archive, w.Hashes = NewArchive(w.net, w.log), NewHashes(w.net)
	w.mail.notice = make(chan struct{}, 1)
	w.idle.set(NoTimeout)
	if cfg.IdleTimeout > 0 {
		w.idle.set(cfg.IdleTimeout)
	}
	if err := w.join(ctx, cfg); err != nil {
		return nil, errors.Join(fmt.Errorf("open worker %s of network %s: %w", cfg.ID, cfg.Network, err), st.Close())
	}
	return w, nil
}

// listenOn returns the queues that a worker takes from, as the store knows them.
func listenOn(id rush.WorkerID, named []string) []string {
	queues := []string{string(id)}
	for _, q := range named {
		if q == rush.DefaultQueue {
			q = ""
		}
		if !slices.Contains(queues, q) {
			queues = append(queues, q)
		}
	}
	if !slices.Contains(queues, "") {
		queues = append(queues, "")
	}
	return queues
}

// join registers the worker and learns the network's seed and environment.
func (w *Worker) join(ctx context.Context, cfg Config) error {
	if err := w.net.Register(ctx, describe(cfg)); err != nil {
		return err
	}
	var err error
	if w.streams.root, err = definition.Ensure(ctx, w.net, nil); err != nil {
		return err
	}
	if !cfg.Client { // which evaluates nothing itself
		if err := w.readEnvironment(ctx); err != nil {
			return err
		}
	}
	return w.tell(ctx, cfg)
}

// describe says what can be known of this process.
func describe(cfg Config) rush.Worker {
	w := rush.Worker{
		ID:        cfg.ID,
		State:     rush.WorkerRunning,
		Local:     cfg.Local,
		PID:       os.Getpid(),
		Platform:  runtime.GOOS + "/" + runtime.GOARCH,
		Version:   cfg.Version,
		Loop:      cfg.Loop,
		Queues:    cfg.Queues,
		Heartbeat: cfg.Heartbeat,
		Expiry:    cfg.Expiry,
	}
	if u, err := user.Current(); err == nil {
		w.User = u.Username
	}
	if cfg.Client {
		w.PID = 0 // nor a host: the store lets join who is the same process
		return w
	}
	w.Host, _ = os.Hostname()
	w.Dir, _ = os.Getwd()
	return w
}

// ID returns the worker's id.
func (w *Worker) ID() rush.WorkerID { return w.id }

// Scratch returns Config.Scratch, a directory for files that are of no use once
// the worker has ended; "" is the system's directory for temporary files.
func (w *Worker) Scratch() string { return w.scratch }

// Network returns the id of the worker's network.
func (w *Worker) Network() rush.NetworkID { return w.net.ID() }

// StoreURL returns the URL of the network's store, with its password, or its
// path: what another program of the same user needs to open the network.
func (w *Worker) StoreURL() string { return w.url }

// Log returns the worker's logger; never nil.
func (w *Worker) Log() *slog.Logger { return w.log }

// Terminated reports whether the loop should end: somebody stopped the worker
// or the network. It is as fresh as the last verb; no verb hands out anything
// once it is true.
func (w *Worker) Terminated() bool { return w.StopReason() != "" }

// StopReason says why the loop should end; empty while it should go on.
func (w *Worker) StopReason() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stop
}

// Stop makes Terminated true without asking the store, for instance when the
// process is to end; a wait in Next ends.
func (w *Worker) Stop(reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stop == "" {
		w.stop = reason
	}
	w.mail.wake()
}

// GiveUp says that the worker cannot go on, such as because its objective cannot be
// started any more: it is stopped, with the error for a reason, which is logged and
// which its end has, too. Its loop need not do anything but end: what it still runs
// then is queued again for others. The first error stays.
func (w *Worker) GiveUp(err error) {
	w.mu.Lock()
	first := w.gaveUp == nil
	if first {
		w.gaveUp = err
	}
	w.mu.Unlock()
	if first {
		w.log.Error("the worker cannot go on", "worker", w.id, "error", err)
	}
	w.Stop(err.Error())
}

// GaveUp returns the error with which GiveUp was called, or nil.
func (w *Worker) GaveUp() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.gaveUp
}

// StopNetwork asks every worker of the network to finish what it runs and
// end; the run will have ended with the status and the reason. The first
// reason stays.
func (w *Worker) StopNetwork(ctx context.Context, status rush.RunStatus, reason string) error {
	return w.patiently(ctx, "stop the network", func() error {
		return w.net.RequestStop(ctx, status, reason)
	})
}

// Beat renews the worker's heartbeat and returns the signal that it was sent.
// Workers that package network started have an agent that does this.
func (w *Worker) Beat(ctx context.Context) (rush.Signal, error) {
	s, err := w.net.Beat(ctx, w.id)
	if s != rush.SignalNone {
		w.Stop(askedTo(s))
	}
	if err != nil {
		err = fmt.Errorf("worker %s: %w", w.id, err)
	}
	return s, err
}

// Sweep declares lost every worker whose heartbeat has lapsed and returns
// them, like network.Rush.Sweep, for a worker that has just beaten: the time
// counts until its last beat. If there are such workers it gives them two of
// their heartbeats (at most five seconds) to beat once more, as a machine may
// have slept. Workers that package network started have an agent that does this.
func (w *Worker) Sweep(ctx context.Context) ([]rush.WorkerID, error) {
	lost, err := sweep.Patient(ctx, w.net, w.id)
	if err != nil {
		return nil, fmt.Errorf("worker %s: sweep: %w", w.id, err)
	}
	ids := make([]rush.WorkerID, len(lost))
	for i := range lost {
		ids[i] = lost[i].ID
	}
	return ids, nil
}

// Close ends the worker as terminated and closes its connection; see
// [Worker.Leave].
func (w *Worker) Close(ctx context.Context, reason string) error {
	return w.Leave(ctx, rush.WorkerTerminated, reason)
}

// Leave ends the worker in the state (terminated, killed or lost) and closes
// its connection. Tasks that it still runs fail as lost, or are queued again
// if they have retries left, or the worker gave up; what it had claimed goes back. A worker that
// the network gave up before leaves without an error.
func (w *Worker) Leave(ctx context.Context, state rush.WorkerState, reason string) error {
	cond, err := wire.EncodeCondition(&rush.Condition{
		Class: rush.ClassLost, Message: "the worker ended before the task did: " + reason,
	})
	if err != nil {
		return err
	}
	if state == rush.WorkerTerminated && w.toldToKill() {
		state = rush.WorkerKilled // it learned of that before its agent did
	}
	w.left.Store(true)
	told := w.told.close(ctx)
	err = w.patiently(ctx, "leave", func() error {
		_, err := w.net.EndWorker(ctx, store.WorkerEnd{
			ID: w.id, State: state, Reason: reason, Condition: cond, Retry: true, Requeue: w.GaveUp() != nil,
		})
		return err
	})
	if told != nil {
		w.log.Warn("not all of the worker's log was written", "error", told)
	}
	return errors.Join(err, w.st.Close())
}

// toldToKill reports whether the worker ends because of a kill.
func (w *Worker) toldToKill() bool {
	reason := w.StopReason()
	return reason == string(rush.SignalKill) || reason == askedTo(rush.SignalKill)
}

// askedTo is the reason of a worker that ends because of a signal.
func askedTo(s rush.Signal) string { return "the worker was asked to " + string(s) }

// Detach closes the connection and leaves the worker as it is, with the tasks
// that it runs. It is for clients, which others open again; any other worker is
// lost once its heartbeat lapses.
func (w *Worker) Detach() error {
	return errors.Join(w.told.close(context.Background()), w.st.Close())
}

// Definition returns what the network is about: the body that package search
// (or whoever made the network) stored, and its version.
func (w *Worker) Definition(ctx context.Context) (body []byte, version int64, err error) {
	var def store.Definition
	err = w.patiently(ctx, "read the definition", func() error {
		def, err = w.net.Definition(ctx)
		return err
	})
	return def.Body, def.Version, err
}
