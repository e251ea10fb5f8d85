package redisstore

import (
	"strconv"
	"sync"
)

// readers are the names under which readers of the log wait. They are used
// again, as the server keeps those of who left until the next ending.
type readers struct {
	store string // of whom they are, among all who use the server

	mu   sync.Mutex
	free []string // under mu
	made int      // under mu
}

func (r *readers) take() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.free); n > 0 {
		name := r.free[n-1]
		r.free = r.free[:n-1]
		return name
	}
	r.made++
	return r.store + "." + strconv.Itoa(r.made)
}

func (r *readers) give(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free = append(r.free, name)
}
