package pool

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// The second start after a crash waits for firstDelay since the last one, each
// further one twice as long, maxDelay at most. The first does not wait: one crash
// may well be the fault of one point.
const (
	firstDelay = 100 * time.Millisecond
	maxDelay   = 5 * time.Second
)

// Health is what is known of the starts and crashes of an objective's processes. Its
// zero value knows nothing. Any goroutine may call its methods.
type Health struct {
	mu     sync.Mutex // guards what follows
	worked bool       // a process has been started
	row    int        // crashes and failed starts since the last task without
	last   time.Time  // when the last of them was
	over   error      // why nothing is started any more
}

// Await waits until a process may be started, or ctx ends.
func (h *Health) Await(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	d, err := h.delay()
	if err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// delay is how long to wait until a process may be started.
func (h *Health) delay() (time.Duration, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over != nil {
		return 0, &loops.Unusable{Err: h.over}
	}
	if h.row < 2 {
		return 0, nil
	}
	return time.Until(h.last.Add(backOff(h.row))), nil
}

// backOff is how long after the last crash of so many in a row a process may be
// started.
func backOff(row int) time.Duration {
	if row < 2 {
		return 0
	}
	d := firstDelay
	for range row - 2 {
		if d *= 2; d >= maxDelay {
			return maxDelay
		}
	}
	return d
}

// Started notes that a process was started. Whether it is of any use its task will
// show.
func (h *Health) Started() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.worked = true
}

// Answered notes that a task ended without a crash.
func (h *Health) Answered() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.row = 0
}

// Crashed notes a crash, or a start that took too long, and returns its error or,
// if it is one too many, what follows from it.
func (h *Health) Crashed(err error, limit int) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.noteLocked()
	if limit <= 0 || h.row < limit {
		return err
	}
	return h.giveUpLocked(err, true)
}

// NotStarted notes that a start failed, and returns what follows from it; see
// [Pool.Take]. Without an error it is to be tried again.
func (h *Health) NotStarted(err error, limit int) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.noteLocked()
	switch {
	case !h.worked:
		h.over = fmt.Errorf("the objective cannot be started: %w", err)
		return &loops.Unusable{Err: h.over}
	case limit <= 0:
		return &rush.Condition{Class: rush.ClassCrashed, Message: fmt.Sprintf("start a process for the task: %v", err)}
	case h.row < limit:
		return nil
	}
	return h.giveUpLocked(err, false)
}

func (h *Health) giveUpLocked(err error, begun bool) error {
	what := "crashed"
	if !begun {
		what = "crashed, or did not start,"
	}
	h.over = fmt.Errorf("the objective %s %d times in a row, the last time: %w", what, h.row, err)
	return &loops.Unusable{Err: h.over, Begun: begun}
}

func (h *Health) noteLocked() {
	h.row++
	h.last = time.Now()
}
