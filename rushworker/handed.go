package rushworker

import (
	"sync"
	"time"

	"github.com/rushnet/rush"
)

// A handed notes when tasks came to the worker, so that who evaluates them by
// hand need not measure how long it takes.
type handed struct {
	mu    sync.Mutex // guards since
	since map[rush.TaskKey]time.Time
}

// out notes that a task is in the loop's hand from now on.
func (h *handed) out(key rush.TaskKey) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.since == nil {
		h.since = map[rush.TaskKey]time.Time{}
	}
	h.since[key] = time.Now()
}

// had returns for how long the loop has had a task; 0 if that is not known.
func (h *handed) had(key rush.TaskKey) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if since, ok := h.since[key]; ok {
		return time.Since(since)
	}
	return 0
}

// back notes that the loop has delivered tasks.
func (h *handed) back(done []Result) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range done {
		delete(h.since, done[i].Key)
	}
}
