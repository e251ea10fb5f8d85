package webui

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// A logTail reads a network's log while a client follows it, and gives each the
// entries that its filter lets through.
type logTail struct {
	hub  *hub
	wake chan struct{} // holds a token when a client's wish has changed
}

func (l *logTail) init(b *hub) { l.hub, l.wake = b, make(chan struct{}, 1) }

// changed says that a client began to follow, or stopped.
func (l *logTail) changed() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// wanted reports whether somebody follows.
func (l *logTail) wanted() bool {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	for c := range l.hub.clients {
		if c.follows() != nil {
			return true
		}
	}
	return false
}

// run reads the log as long as somebody follows it.
func (l *logTail) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		}
		page, err := l.hub.net.TailLog(ctx, 1, rush.LogFilter{})
		if err != nil {
			pause(ctx, retryEvery)
			l.changed()
			continue
		}
		for at := page.Next; ctx.Err() == nil && l.wanted(); {
			at = l.read(ctx, at)
		}
	}
}

// read waits for entries and gives them out; not more often than frames.
func (l *logTail) read(ctx context.Context, at rush.Cursor) rush.Cursor {
	page, err := l.hub.net.ReadLog(ctx, at, rush.LogFilter{}, 0, 2*time.Second)
	if err != nil {
		pause(ctx, retryEvery)
		return at
	}
	if len(page.Entries) > 0 || page.Dropped > 0 {
		l.give(page)
	}
	pause(ctx, l.hub.cfg.Pace)
	return page.Next
}

func (l *logTail) give(page rush.LogPage) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	for c := range l.hub.clients {
		filter := c.follows()
		if filter == nil {
			continue
		}
		entries := []logLine{}
		for i := range page.Entries {
			if filter.Match(&page.Entries[i]) {
				entries = append(entries, logLineOf(&page.Entries[i]))
			}
		}
		if len(entries) > 0 || page.Dropped > 0 {
			_, m := encodeMessage("logs", map[string]any{"entries": entries, "dropped": page.Dropped})
			c.send(m)
		}
	}
}
