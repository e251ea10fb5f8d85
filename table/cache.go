package table

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"github.com/rushnet/rush"
)

// A Cache holds the tasks of a network that have ended and reads only what is
// new: how far it has come in the network's log of endings is all that it has
// to ask the store about. A task that is retried or deleted loses its row, and
// gets a new one, at the end, when it has ended again. When the network is
// reset the cache begins anew.
//
// The rows are in the order in which the tasks ended. Tables that were
// returned never change, whatever becomes of the cache. The types of the
// columns grow only, also when the task that made them grow loses its row,
// until the cache begins anew.
//
// A Cache is safe for concurrent use. A call that waits does not hold up the
// others.
type Cache struct {
	source Source
	opts   Options
	turn   chan struct{} // holds a token while somebody fetches without waiting

	mu       sync.Mutex // guards what follows
	cursor   rush.Cursor
	finished *series
	failed   *series
	missing  map[rush.TaskKey]bool // ended, without a record, not withdrawn so far; true on a second look
}

// NewCache returns a cache that has nothing yet. It fails when the options'
// schema is not valid.
func NewCache(source Source, opts *Options) (*Cache, error) {
	c := &Cache{
		source: source, opts: opts.withDefaults(DefaultFields), turn: make(chan struct{}, 1),
		missing: map[rush.TaskKey]bool{},
	}
	var err error
	if c.finished, err = newSeries(&c.opts); err != nil {
		return nil, err
	}
	if c.failed, err = newSeries(&c.opts); err != nil {
		return nil, err
	}
	return c, nil
}

// Finished returns all finished tasks. It makes one round trip when nothing
// has ended since the last call. The caller owns the table.
func (c *Cache) Finished(ctx context.Context) (Table, error) { return c.all(ctx, c.finished) }

// Failed returns all failed tasks, like Finished.
func (c *Cache) Failed(ctx context.Context) (Table, error) { return c.all(ctx, c.failed) }

// New returns the tasks that have finished since the last call of New, waiting
// up to wait for the first one; there are no rows if none has come by then,
// which is no error. The first call returns all. Every finish is returned
// exactly once, however many call it: of a task that was retried and finished
// again, both (or the newer one only, when the older was not returned
// before). The caller owns the table.
func (c *Cache) New(ctx context.Context, wait time.Duration) (Table, error) {
	return c.next(ctx, c.finished, wait)
}

// NewFailed returns the tasks that have failed since the last call of
// NewFailed, like New.
func (c *Cache) NewFailed(ctx context.Context, wait time.Duration) (Table, error) {
	return c.next(ctx, c.failed, wait)
}

// Reset forgets everything, gives the memory back, and makes the next call
// begin at the beginning; New returns again what it had returned.
func (c *Cache) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cursor = rush.Cursor{}
	c.clearLocked()
}

// clearLocked removes all rows and lets the types begin anew.
func (c *Cache) clearLocked() {
	for _, s := range []*series{c.finished, c.failed} {
		s.clear()
		s.layout, _ = newLayout(&c.opts) // NewCache has checked the options
	}
	clear(c.missing)
}

func (c *Cache) all(ctx context.Context, s *series) (arrow.Table, error) {
	for more := true; more; {
		var err error
		if more, err = c.fetch(ctx, 0); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return s.all()
}

func (c *Cache) next(ctx context.Context, s *series, wait time.Duration) (arrow.Table, error) {
	deadline := time.Now().Add(wait)
	left := wait
	for {
		c.mu.Lock()
		if s.hasNew() {
			left = 0
		}
		c.mu.Unlock()
		more, err := c.fetch(ctx, max(left, 0))
		if err != nil {
			return nil, err
		}
		left = time.Until(deadline)
		if more {
			continue
		}
		c.mu.Lock()
		if s.hasNew() || left <= 0 {
			defer c.mu.Unlock()
			return s.takeNew()
		}
		c.mu.Unlock()
	}
}

// fetch reads one page of the log, and reports whether there is more of it.
func (c *Cache) fetch(ctx context.Context, wait time.Duration) (more bool, err error) {
	if wait == 0 { // of many that ask at once, one reads the page
		if err := c.take(ctx); err != nil {
			return false, fmt.Errorf("fetch the tasks that have ended: %w", err)
		}
		defer func() { <-c.turn }()
	}
	c.mu.Lock()
	from := c.cursor
	c.mu.Unlock()
	page, err := c.source.Ended(ctx, from, maxChunkRows, c.opts.Fields, wait)
	if err != nil {
		return false, fmt.Errorf("fetch the tasks that have ended: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cursor != from {
		return true, nil // somebody else was faster: the page is theirs already
	}
	if err := c.applyLocked(&page); err != nil {
		return false, fmt.Errorf("fetch the tasks that have ended: %w", err)
	}
	if !page.More {
		c.reportLocked()
	}
	return page.More, nil
}

// take waits for the turn to fetch. If nobody else fetches, it is had also when
// ctx is over: then the source says so, which knows whose tasks they are.
func (c *Cache) take(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
		return nil
	default:
	}
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// applyLocked takes a page in. When a record of it cannot be read nothing has
// changed, except that a reset has removed the rows of before.
func (c *Cache) applyLocked(page *rush.Page) error {
	if len(page.Records) != len(page.Endings) {
		return fmt.Errorf("the store gave %d records for %d endings", len(page.Records), len(page.Endings))
	}
	if page.Reset {
		c.clearLocked()
	}
	d := digest(page)
	finished, err := c.finished.prepare(d.finished)
	if err != nil {
		return err
	}
	failed, err := c.failed.prepare(d.failed)
	if err != nil {
		releaseAll(finished)
		return err
	}
	c.cursor = page.Next
	for key := range d.withdrawn {
		delete(c.missing, key)
	}
	for _, key := range d.missing {
		c.missing[key] = false
	}
	for _, step := range []func() error{
		func() error { return c.finished.withdraw(d.withdrawn) },
		func() error { return c.failed.withdraw(d.withdrawn) },
		func() error { return c.finished.add(finished) },
		func() error { return c.failed.add(failed) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// reportLocked tells of records that are missing, once the log has been read
// to its end and still has not withdrawn them. A record may be newer than the
// end of the log, hence the second look.
func (c *Cache) reportLocked() {
	for key, again := range c.missing {
		if !again {
			c.missing[key] = true
			continue
		}
		delete(c.missing, key)
		c.opts.Log.Warn("a task has ended but its record is not in the store; it has no row", "task", int64(key))
	}
}

// A digested page is what it changes.
type digested struct {
	finished, failed []*rush.Record // to be added
	withdrawn        map[rush.TaskKey]bool
	missing          []rush.TaskKey
}

// digest goes through a page from its end, so that it knows of each ending
// whether it is withdrawn further on. One whose record is of another attempt
// or state by now is withdrawn on a later page.
func digest(page *rush.Page) digested {
	d := digested{withdrawn: map[rush.TaskKey]bool{}}
	for i := len(page.Endings) - 1; i >= 0; i-- {
		e, r := &page.Endings[i], &page.Records[i]
		switch {
		case e.Withdrawn():
			d.withdrawn[e.Key] = true
		case d.withdrawn[e.Key]:
		case r.State == "":
			d.missing = append(d.missing, e.Key)
		case r.State != e.State || r.Attempt != e.Attempt:
		case e.State == rush.Finished:
			d.finished = append(d.finished, r)
		default:
			d.failed = append(d.failed, r)
		}
	}
	slices.Reverse(d.finished)
	slices.Reverse(d.failed)
	return d
}
