package rushworker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
)

// HeartbeatConfig says what a Heartbeat is about. Store, Network and Key are
// needed.
type HeartbeatConfig struct {
	Store   string         // a redis URL, or the path of an embedded store
	Network rush.NetworkID // created if the store has none of that id
	Key     rush.WorkerID  // under which it beats
	Value   string         // for people to see, as the worker's loop; default: the expiry

	Period time.Duration // default: one second
	Expiry time.Duration // without a beat until Key is lost; default: three periods

	// Signal is called, from another goroutine, with a signal that was sent to
	// Key. A kill may follow a terminate. It must not call Stop.
	Signal func(rush.Signal)
	Log    *slog.Logger // default: discards
}

// A Heartbeat is a sign of life of anything that need not be a worker's loop:
// a program, a job. While it runs, its key is among the network's workers, as
// one that takes no tasks; when the program dies, or the line is cut for
// longer than the expiry, whoever sweeps finds the key lost. A signal sent to
// the key (network.Rush.StopWorkers) travels through it. Its methods may be
// called from any goroutine.
type Heartbeat struct {
	cfg HeartbeatConfig

	mu     sync.Mutex // guards what follows
	cancel context.CancelFunc
	done   chan struct{} // closed when it beats no more; nil before the first Start
}

// NewHeartbeat checks the configuration. It does not start anything.
func NewHeartbeat(cfg HeartbeatConfig) (*Heartbeat, error) {
	worker := Config{Network: cfg.Network, ID: cfg.Key, Heartbeat: cfg.Period, Expiry: cfg.Expiry, Log: cfg.Log}
	err := cfg.Key.Validate()
	if err == nil {
		err = worker.defaults()
	}
	if err != nil {
		return nil, fmt.Errorf("heartbeat %s: %w", cfg.Key, err)
	}
	cfg.Period, cfg.Expiry, cfg.Log = worker.Heartbeat, worker.Expiry, worker.Log
	if cfg.Value == "" {
		cfg.Value = cfg.Expiry.String()
	}
	return &Heartbeat{cfg: cfg}, nil
}

// Start makes the key known and beats until Stop. It fails if it runs already,
// and with rush.ErrExists when another process beats under the key.
func (h *Heartbeat) Start(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.runningLocked() {
		return fmt.Errorf("start heartbeat %s: it runs already", h.cfg.Key)
	}
	st, err := dial.Open(ctx, h.cfg.Store, nil)
	if err != nil {
		return fmt.Errorf("start heartbeat %s: %w", h.cfg.Key, err)
	}
	net := st.Network(h.cfg.Network)
	about := describe(Config{ID: h.cfg.Key, Loop: h.cfg.Value, Heartbeat: h.cfg.Period, Expiry: h.cfg.Expiry})
	if err := net.Register(ctx, about); err != nil {
		return errors.Join(fmt.Errorf("start heartbeat %s: %w", h.cfg.Key, err), st.Close())
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	h.cancel, h.done = cancel, done
	go func() {
		defer close(done)
		h.run(run, net)
		if err := st.Close(); err != nil {
			h.cfg.Log.Warn("a heartbeat's store was not closed", "key", h.cfg.Key, "error", err)
		}
	}()
	return nil
}

// Stop ends the heartbeat, and waits for that. The key is known as terminated
// then. Stopping one that does not run does nothing.
func (h *Heartbeat) Stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.done != nil {
		h.cancel()
		<-h.done
	}
}

// IsRunning reports whether it was started and has not ended. It ends by
// itself when the key was ended from outside.
func (h *Heartbeat) IsRunning() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.runningLocked()
}

func (h *Heartbeat) runningLocked() bool {
	if h.done == nil {
		return false
	}
	select {
	case <-h.done:
		return false
	default:
		return true
	}
}

// String says under which key it beats, how often, and whether it runs.
func (h *Heartbeat) String() string {
	state := "stopped"
	if h.IsRunning() {
		state = "running"
	}
	return fmt.Sprintf("<Heartbeat %s> every %v, expires after %v, %s", h.cfg.Key, h.cfg.Period, h.cfg.Expiry, state)
}

// run beats, and passes signals on, until ctx ends or the key is ended.
func (h *Heartbeat) run(ctx context.Context, net store.Network) {
	tick := time.NewTicker(h.cfg.Period)
	defer tick.Stop()
	listen, stop := context.WithCancel(ctx)
	signals := make(chan rush.Signal)
	var listening sync.WaitGroup
	listening.Go(func() { h.listen(listen, net, signals) })
	defer listening.Wait()
	defer stop()
	for {
		select {
		case s := <-signals:
			if h.cfg.Signal != nil {
				h.cfg.Signal(s)
			}
			continue
		case <-ctx.Done():
			h.leave(ctx, net)
			return
		case <-tick.C:
		}
		beat, cancel := context.WithTimeout(ctx, h.cfg.Expiry)
		_, err := net.Beat(beat, h.cfg.Key)
		if errors.Is(err, rush.ErrLost) {
			err = net.Rejoin(beat, h.cfg.Key)
		}
		cancel()
		if errors.Is(err, rush.ErrLost) || errors.Is(err, rush.ErrNoNetwork) {
			h.cfg.Log.Warn("a heartbeat ended: its key is not in the network any more", "key", h.cfg.Key, "error", err)
			return
		}
		if err != nil && ctx.Err() == nil {
			h.cfg.Log.Debug("no heartbeat", "key", h.cfg.Key, "error", err)
		}
	}
}

// listen sends on each signal once.
func (h *Heartbeat) listen(ctx context.Context, net store.Network, signals chan<- rush.Signal) {
	var seen store.Seen
	for ctx.Err() == nil {
		mail, err := net.AwaitMail(ctx, h.cfg.Key, seen, 5*time.Second)
		if err == nil && mail.Signal != rush.SignalNone && mail.Signal != seen.Signal {
			select {
			case signals <- mail.Signal:
			case <-ctx.Done():
			}
		}
		if err == nil {
			seen.Signal = mail.Signal
			continue
		}
		timer := time.NewTimer(h.cfg.Period)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// leave tells the network that the key beats no more.
func (h *Heartbeat) leave(ctx context.Context, net store.Network) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.cfg.Expiry)
	defer cancel()
	_, err := net.EndWorker(ctx, store.WorkerEnd{ID: h.cfg.Key, State: rush.WorkerTerminated, Reason: "the heartbeat was stopped"})
	if err != nil {
		h.cfg.Log.Debug("the network was not told of a heartbeat's end; a sweep will find it", "key", h.cfg.Key, "error", err)
	}
}
