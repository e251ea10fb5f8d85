package sqlitestore

import (
	"context"
	"time"
)

// A clock is the store's: that of all who have the file open at one moment,
// in this process and in others. The first of them reads it off the machine's;
// from then on it goes steadily, whatever the machine's is set to, so that no
// heartbeat lapses and no run gets longer because somebody set the time. When
// all have closed the file, the next one reads it off anew.
//
// This works on Linux (see clock_linux.go); elsewhere it is the machine's.
type clock struct {
	wall func() time.Time // the machine's
	zero int64            // what the clock said at uptime 0; set before Open returns
	held *fileLock        // shared while the file is open; nil before
}

// now returns microseconds since 1970.
func (c *clock) now() int64 { return c.zero + c.uptime() }

func (c *clock) close() {
	if c.held != nil {
		_ = c.held.close()
	}
}

type wallKey struct{}

// WithWall returns a context in which Open takes wall for the machine's clock.
// It is for tests.
func WithWall(ctx context.Context, wall func() time.Time) context.Context {
	return context.WithValue(ctx, wallKey{}, wall)
}

func wallOf(ctx context.Context) func() time.Time {
	if wall, ok := ctx.Value(wallKey{}).(func() time.Time); ok {
		return wall
	}
	return time.Now
}

// joinClock has the store go by the clock of those who have the file open. Who
// is the first starts it, and takes heartbeats that are ahead of it, from a
// clock that was, for those of now. The caller holds the write lock.
func (s *Store) joinClock(c *conn) error {
	first, err := s.clock.join(s.path + "-clock")
	if err != nil || !first {
		return err
	}
	now := s.clock.now()
	return c.stmt("UPDATE workers SET beat = ? WHERE state IN (1, 2) AND beat > ?").int(now).int(now).run()
}
