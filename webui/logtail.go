package webui

import (
	"context"
	"fmt"
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

// give sends entries to those who follow. Those who follow the same get the same
// message, and it is encoded without the lock.
func (l *logTail) give(page rush.LogPage) {
	wishes := map[string]*rush.LogFilter{}
	l.hub.mu.Lock()
	for c := range l.hub.clients {
		if filter := c.follows(); filter != nil {
			wishes[wish(filter)] = filter
		}
	}
	l.hub.mu.Unlock()
	messages := make(map[string]message, len(wishes))
	for key, filter := range wishes {
		if entries := l.matching(page, filter); len(entries) > 0 || page.Dropped > 0 {
			messages[key] = encodeMessage("logs", map[string]any{"entries": entries, "dropped": page.Dropped})
		}
	}
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	for c := range l.hub.clients {
		if filter := c.follows(); filter != nil {
			if m, ok := messages[wish(filter)]; ok {
				c.send(m)
			}
		}
	}
}

// wish is the same for filters that let the same through.
func wish(f *rush.LogFilter) string { return fmt.Sprintf("%v %q", f.Level, f.Workers) }

func (l *logTail) matching(page rush.LogPage, filter *rush.LogFilter) []logLine {
	entries := []logLine{}
	for i := range page.Entries {
		if filter.Match(&page.Entries[i]) {
			entries = append(entries, logLineOf(&page.Entries[i]))
		}
	}
	return entries
}
