package storetest

import (
	"fmt"
	"log/slog"
	"slices"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// An appendCall is a call of AppendLog that can be repeated.
type appendCall struct {
	entries []rush.LogEntry
	nonce   string
}

func (p *player) appendLog(t *rapid.T) {
	var entries []rush.LogEntry
	for range rapid.IntRange(0, 5).Draw(t, "entries") {
		p.count++
		entries = append(entries, rush.LogEntry{
			Worker:  rapid.SampledFrom(append(workerIDs(), "")).Draw(t, "about"),
			Task:    rush.TaskKey(rapid.IntRange(-1, 3).Draw(t, "task")),
			Kind:    rapid.SampledFrom(rush.LogKinds()).Draw(t, "kind"),
			Level:   slog.Level(rapid.IntRange(-4, 8).Draw(t, "level")),
			Logger:  rapid.SampledFrom([]string{"", "a", "a/b", "ab", "a.c"}).Draw(t, "logger"),
			Message: fmt.Sprint("entry ", p.count),
			Attrs:   rapid.SampledFrom([]rush.Values{nil, {"n": int64(p.count)}}).Draw(t, "attributes"),
		})
	}
	if rapid.IntRange(0, 9).Draw(t, "limit") == 0 {
		keep := rapid.Int64Range(0, 6).Draw(t, "keep")
		if tell(p, t, "keep", func(n store.Network) error { return n.KeepLog(p.ctx, keep) }) != nil {
			return
		}
	}
	c := appendCall{entries, uuid.NewString()}
	p.appends = append(p.appends, c)
	_ = tell(p, t, "append", func(n store.Network) error { return n.AppendLog(p.ctx, c.entries, c.nonce) })
	p.compareWhatHappened(t, rush.LogFilter{})
}

func (p *player) appendAgain(t *rapid.T) {
	if len(p.appends) == 0 {
		t.Skip("nothing was appended")
	}
	c := rapid.SampledFrom(p.appends).Draw(t, "append")
	_ = tell(p, t, "append again", func(n store.Network) error { return n.AppendLog(p.ctx, c.entries, c.nonce) })
	p.compareWhatHappened(t, rush.LogFilter{})
}

func (p *player) readLog(t *rapid.T) {
	filter := rush.LogFilter{}
	some := func(what string) bool { return rapid.IntRange(0, 2).Draw(t, what) == 0 }
	if some("by worker") {
		filter.Workers = []rush.WorkerID{rapid.SampledFrom(workerIDs()).Draw(t, "worker"), ""}
	}
	if some("by task") {
		filter.Tasks = []rush.TaskKey{-1, 2}
	}
	if some("by kind") {
		filter.Kinds = []rush.LogKind{rush.LogEvent, rush.LogRecord}
	}
	if some("by logger") {
		filter.Loggers = []string{rapid.SampledFrom([]string{"", "a", "a/b"}).Draw(t, "logger")}
	}
	if some("by level") {
		filter.Level = slog.Level(rapid.IntRange(-4, 8).Draw(t, "level"))
	}
	p.compareWhatHappened(t, filter)
}

// compareWhatHappened reads the log in two ways.
func (p *player) compareWhatHappened(t *rapid.T, filter rush.LogFilter) {
	most := rapid.IntRange(1, 20).Draw(t, "most")
	from := rush.Cursor{Epoch: p.model.epoch, Offset: rapid.Int64Range(0, p.model.logged).Draw(t, "from")}
	ask(p, t, "what happened", normalLog, func(n store.Network) (rush.LogPage, error) {
		return n.ReadLog(p.ctx, from, filter, most, 0)
	})
	ask(p, t, "what happened last", normalLog, func(n store.Network) (rush.LogPage, error) {
		return n.TailLog(p.ctx, most, filter)
	})
}

// normalLog takes away the times, what depends on how much is looked at in one
// step, the reason why a worker was lost, and the epoch, of which each store
// has its own.
func normalLog(page rush.LogPage) rush.LogPage {
	page.Entries = slices.Clone(page.Entries)
	for i := range page.Entries {
		e := &page.Entries[i]
		e.Time = knownTime(e.Time)
		if e.Message == string(rush.WorkerLost) || e.Message == "stop requested" {
			e.Attrs = nil
		}
	}
	page.Next.Epoch, page.More = 0, false
	if len(page.Entries) > 0 {
		page.Next.Offset = 0 // it may be behind entries that the filter did not let through
	}
	return page
}
