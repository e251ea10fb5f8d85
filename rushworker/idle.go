package rushworker

import (
	"fmt"
	"sync"
	"time"
)

// NoTimeout is an idle timeout that is never over.
const NoTimeout time.Duration = -1

// An idleTimer says for how long a worker may have nothing to do. It stands
// while the worker evaluates, and begins anew afterwards.
type idleTimer struct {
	mu      sync.Mutex
	timeout time.Duration // NoTimeout: none
	since   time.Time     // when it began
	busy    bool
}

// begin begins it anew.
func (t *idleTimer) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.since = time.Now()
}

func (t *idleTimer) setBusy(busy bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy && !busy {
		t.since = time.Now()
	}
	t.busy = busy
}

func (t *idleTimer) isBusy() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.busy
}

func (t *idleTimer) set(timeout time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timeout, t.since = max(timeout, NoTimeout), time.Now()
}

// get returns the timeout and what remains of it; both NoTimeout if there is
// none.
func (t *idleTimer) get() (timeout, remaining time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.timeout < 0:
		return NoTimeout, NoTimeout
	case t.busy:
		return t.timeout, t.timeout
	}
	return t.timeout, max(0, t.timeout-time.Since(t.since))
}

// bound returns how long the worker may wait, if it wants to wait for d.
func (t *idleTimer) bound(d time.Duration) time.Duration {
	if _, remaining := t.get(); remaining != NoTimeout {
		return min(d, remaining)
	}
	return d
}

// over says why the worker is to end, if it has been idle for too long.
func (t *idleTimer) over() string {
	timeout, remaining := t.get()
	if timeout == NoTimeout || remaining > 0 {
		return ""
	}
	return fmt.Sprintf("it had nothing to do for %v", timeout)
}

// IdleTimeout returns how long the worker may have nothing to do before it ends
// by itself, and how much of that remains: all of it while it evaluates a task.
// Both are NoTimeout if there is none.
func (w *Worker) IdleTimeout() (timeout, remaining time.Duration) { return w.idle.get() }

// SetIdleTimeout makes the worker end by itself, in Next, once it was not
// handed anything for that long, counted from now; while it is paused, too. 0
// ends it as soon as there is nothing to do, NoTimeout never.
func (w *Worker) SetIdleTimeout(timeout time.Duration) {
	w.idle.set(timeout)
	w.mail.wake()
}

// StartIdleTimer begins to count the idle timeout anew.
func (w *Worker) StartIdleTimer() { w.idle.begin() }

// TerminatedOnIdle reports whether the worker ends as soon as it has nothing to
// do: its idle timeout is 0.
func (w *Worker) TerminatedOnIdle() bool {
	timeout, _ := w.idle.get()
	return timeout == 0
}
