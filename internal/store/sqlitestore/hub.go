package sqlitestore

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/rushnet/rush"
)

const (
	// lookInterval is how long a lost nudge delays a waiter at most.
	lookInterval = time.Second
	// blindInterval is the same where the system cannot watch another file.
	blindInterval = 25 * time.Millisecond
	// retryInterval is for the shared lock, when somebody who commits had it
	// for longer than expected.
	retryInterval = time.Millisecond
)

// A topic is what a waiter waits for and a transaction has changed.
type topic uint16

// The topics; they are combined with |.
const (
	topicLog       topic = 1 << iota // the log of endings grew or began anew
	topicWork                        // what Next could get or why it gets nothing
	topicSignals                     // a worker's signal, mail or state
	topicDocuments                   // a document or the definition
	topicEntries                     // the log of what happened grew or began anew
	topicResponses                   // responses to messages came or were deleted
	topicProgress                    // how far a task is
	topicAlive                       // a worker began or ended to be alive
	allTopics      topic = 1<<iota - 1
)

// A wakeup says what a transaction changed in a network.
type wakeup struct {
	network int64
	topics  topic
}

// A waiter is somebody who waits. Its channel has room for one nudge, which
// says: look again.
type waiter struct {
	wakeup
	nudge chan struct{}
}

// A hub wakes those in this process who wait for a change, whoever made it.
//
// Processes tell each other through the wake file: while a hub has waiters it
// holds a shared lock on the file and watches it. Who has committed tries to
// lock it exclusively; only if that fails does somebody wait, and the file is
// written to. A waiter first joins, then looks, then blocks, so that a commit
// either is seen by the look or comes after the lock.
//
// A store has three, each with a file of its own, so that who waits for signals,
// as every agent of a worker always does, or for the log is not woken by each
// task.
type hub struct {
	topics topic    // that its waiters wait for
	probe  fileLock // tried by the writer's goroutine
	shared fileLock // held while there are waiters

	mu       sync.Mutex // guards what follows
	waiters  map[*waiter]struct{}
	held     bool          // shared is locked
	closed   bool          // no watching is to begin any more
	stop     chan struct{} // closed to end the watching; nil before the first waiter
	finished chan struct{}

	unheld chan struct{} // says that there are waiters without the lock
}

func openHub(path string, topics topic) (*hub, error) {
	probe, err := openLock(path)
	if err != nil {
		return nil, err
	}
	shared, err := openLock(path)
	if err != nil {
		probe.close()
		return nil, err
	}
	return &hub{topics: topics, probe: probe, shared: shared, waiters: map[*waiter]struct{}{}, unheld: make(chan struct{}, 1)}, nil
}

func (h *hub) close() {
	h.mu.Lock()
	h.closed = true
	stop, finished := h.stop, h.finished
	h.mu.Unlock()
	if stop != nil {
		close(stop)
		<-finished
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held = false // who is yet to leave must not touch the file
	h.probe.close()
	h.shared.close()
}

// join adds a waiter, which must leave.
func (h *hub) join(network int64, topics topic) *waiter {
	w := &waiter{wakeup{network, topics}, make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiters[w] = struct{}{}
	h.holdLocked()
	if h.stop == nil && !h.closed {
		h.stop, h.finished = make(chan struct{}), make(chan struct{})
		go h.watch(h.watcher(), h.stop, h.finished)
	}
	return w
}

func (h *hub) leave(w *waiter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.waiters, w)
	if len(h.waiters) == 0 && h.held {
		_ = h.shared.unlock()
		h.held = false
	}
}

// holdLocked locks the file for as long as there are waiters. Who commits has
// it locked exclusively for a moment; if it stays so, watch tries again.
func (h *hub) holdLocked() {
	if h.held || h.closed || len(h.waiters) == 0 {
		return
	}
	if h.held, _ = h.shared.tryShared(); !h.held {
		select {
		case h.unheld <- struct{}{}:
		default:
		}
	}
}

// watcher watches the wake file; nil when the system has no room for another
// watch.
func (h *hub) watcher() *fsnotify.Watcher {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil
	}
	if err := w.Add(h.probe.f.Name()); err != nil {
		w.Close()
		return nil
	}
	return w
}

// watch nudges all waiters whenever the wake file changes, and now and then.
func (h *hub) watch(w *fsnotify.Watcher, stop, finished chan struct{}) {
	defer close(finished)
	interval, changed := blindInterval, make(chan fsnotify.Event)
	var failed chan error
	if w != nil {
		defer w.Close()
		interval, changed, failed = lookInterval, w.Events, w.Errors
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	var retry <-chan time.Time
	for {
		select {
		case <-changed:
		case <-failed: // such as events that were too many: look
		case <-ticker.C:
		case <-h.unheld:
			retry = time.After(retryInterval)
			continue
		case <-retry:
		case <-stop:
			return
		}
		h.nudgeAll()
	}
}

// nudgeAll has all waiters look, after another try to lock the file if that
// is still to be done.
func (h *hub) nudgeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.holdLocked()
	for w := range h.waiters {
		w.wake()
	}
}

// committed wakes those who wait for something that a transaction changed,
// here and in other processes.
func (h *hub) committed(changes []wakeup) {
	if !slices.ContainsFunc(changes, func(c wakeup) bool { return c.topics&h.topics != 0 }) {
		return
	}
	h.mu.Lock()
	for w := range h.waiters {
		for _, c := range changes {
			if w.network == c.network && w.topics&c.topics != 0 {
				w.wake()
			}
		}
	}
	h.mu.Unlock()
	if alone, err := h.probe.tryExclusive(); alone || err != nil {
		_ = h.probe.unlock()
		return
	}
	// A failure costs a delay: waiters also look by themselves.
	_, _ = h.probe.f.WriteAt([]byte("."), 0)
}

func (w *waiter) wake() {
	select {
	case w.nudge <- struct{}{}:
	default: // it has yet to look
	}
}

// await calls look until it reports true or fails, first at once and then
// after each nudge about the topics. It returns rush.ErrTimeout when wait is
// over.
func (s *Store) await(ctx context.Context, network int64, topics topic, wait time.Duration, look func() (bool, error)) error {
	h := s.hub
	switch {
	case topics&s.signals.topics != 0:
		h = s.signals
	case topics&s.entries.topics != 0:
		h = s.entries
	}
	w := h.join(network, topics)
	defer h.leave(w)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		if done, err := look(); done || err != nil {
			return err
		}
		select {
		case <-w.nudge:
		case <-timer.C:
			return rush.ErrTimeout
		case <-ctx.Done():
			return fmt.Errorf("wait for a change: %w", s.at(ctx.Err()))
		case <-s.closing:
			return s.at(ErrClosed)
		}
	}
}
