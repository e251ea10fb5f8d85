package network

import "sync"

// A crew counts what runs in the background. Unlike those of a sync.WaitGroup its
// members may come while somebody waits for all to be gone, also when just
// nobody is there. The zero value is empty.
type crew struct {
	mu   sync.Mutex // guards what follows
	n    int
	gone chan struct{} // closed when n is 0 again; nil before the first
}

// join adds a member, which must leave.
func (c *crew) join() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == 0 {
		c.gone = make(chan struct{})
	}
	c.n++
}

func (c *crew) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n--; c.n == 0 {
		close(c.gone)
	}
}

// run runs a function in the background as a member.
func (c *crew) run(f func()) {
	c.join()
	go func() {
		defer c.leave()
		f()
	}()
}

// empty returns a channel that is closed as soon as there is no member.
func (c *crew) empty() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone == nil { // nobody came yet
		c.gone = make(chan struct{})
		close(c.gone)
	}
	return c.gone
}
