package storetest

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func (m *model) AppendLog(_ context.Context, entries []rush.LogEntry, nonce string) error {
	if err := m.absent(); err != nil || m.logNonces[nonce] {
		return err
	}
	if nonce == "" {
		return m.wrap(errors.New("the nonce is empty"))
	}
	m.logNonces[nonce] = true
	for _, e := range entries {
		m.logEntry(e)
	}
	return nil
}

func (m *model) logEntry(e rush.LogEntry) {
	e.Offset = m.logged
	if e.Time.IsZero() || e.Time.After(m.clock()) {
		e.Time = m.clock()
	}
	m.logged++
	m.entries = append(m.entries, e)
	m.trimLog()
}

func (m *model) trimLog() {
	keep := int(m.keep)
	if keep <= 0 {
		keep = store.LogKeep
	}
	m.entries = slices.Clone(m.entries[max(0, len(m.entries)-keep):])
}

// event appends an event in the life of a worker, or of the network.
func (m *model) event(worker rush.WorkerID, level slog.Level, message string, attrs rush.Values) {
	m.logEntry(rush.LogEntry{Worker: worker, Task: rush.NoTask, Kind: rush.LogEvent, Level: level, Message: message, Attrs: attrs})
}

func endLevel(s rush.WorkerState) slog.Level {
	if s == rush.WorkerTerminated {
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

func (m *model) ReadLog(_ context.Context, from rush.Cursor, filter rush.LogFilter, max int, _ time.Duration) (rush.LogPage, error) {
	page := rush.LogPage{Next: from}
	if from.Epoch != m.epoch || from.Offset > m.logged {
		page.Next, page.Reset = rush.Cursor{Epoch: m.epoch}, true
	}
	if max <= 0 {
		max = 1000
	}
	first := m.logged - int64(len(m.entries))
	if page.Next.Offset < first {
		page.Dropped, page.Next.Offset = first-page.Next.Offset, first
	}
	for _, e := range m.entries[page.Next.Offset-first:] {
		if len(page.Entries) == max {
			page.More = true
			break
		}
		if filter.Match(&e) {
			page.Entries = append(page.Entries, e)
		}
		page.Next.Offset = e.Offset + 1
	}
	return page, m.absent()
}

func (m *model) TailLog(_ context.Context, n int, filter rush.LogFilter) (rush.LogPage, error) {
	page := rush.LogPage{Next: rush.Cursor{Epoch: m.epoch, Offset: m.logged}}
	for _, e := range m.entries {
		if filter.Match(&e) {
			page.Entries = append(page.Entries, e)
		}
	}
	page.Entries = page.Entries[max(0, len(page.Entries)-max(n, 0)):]
	return page, m.absent()
}

func (m *model) KeepLog(_ context.Context, entries int64) error {
	if err := m.absent(); err != nil {
		return err
	}
	m.keep = entries
	m.trimLog()
	return nil
}
