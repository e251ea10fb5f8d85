package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

const (
	appendChunk = 1000 // entries of the log that one transaction appends
	logPage     = 1000 // entries that a page has by default
)

// AppendLog adds entries to the log.
func (n *network) AppendLog(ctx context.Context, entries []rush.LogEntry, nonce string) error {
	const verb = "append to the log"
	if nonce == "" {
		return n.wrap(verb, errors.New("the nonce is empty; expected one that is unique to the call"))
	}
	chunk := 0
	for part := range slices.Chunk(entries, appendChunk) {
		err := n.write(ctx, verb, func(t *txn) error { return t.appendOnce(part, nonce, -1-chunk) })
		if err != nil {
			return err
		}
		chunk++
	}
	return nil
}

// appendOnce appends entries, unless the nonce was used for them before. It
// is kept with those of creations, whose chunks are not negative.
func (t *txn) appendOnce(entries []rush.LogEntry, nonce string, chunk int) error {
	_, found, err := t.createdBefore(nonce, chunk)
	if found || err != nil {
		return err
	}
	if err := t.appendLog(entries...); err != nil {
		return err
	}
	return t.rememberCreation(nonce, chunk, nil)
}

// A logRow is where a network's log stands: the offset of the next entry, and
// how many are kept.
type logRow struct{ next, keep int64 }

func (t *txn) logRow() (r logRow, err error) {
	s := t.stmt("SELECT next, keep FROM logs WHERE network = ?").int(t.net.id)
	if s.next() {
		r = logRow{s.getInt(), s.getInt()}
	}
	if err := s.close(); err != nil {
		return r, err
	}
	if r.keep <= 0 {
		r.keep = store.LogKeep
	}
	return r, nil
}

func (t *txn) appendLog(entries ...rush.LogEntry) error {
	if len(entries) == 0 {
		return nil
	}
	row, err := t.logRow()
	if err != nil {
		return err
	}
	for i := range entries {
		if err := t.appendEntry(row.next, &entries[i]); err != nil {
			return err
		}
		row.next++
	}
	t.topics |= topicEntries
	err = t.stmt("INSERT INTO logs (network, next) VALUES (?, ?) ON CONFLICT (network) DO UPDATE SET next = excluded.next").
		int(t.net.id).int(row.next).run()
	if err != nil {
		return err
	}
	return t.trimLog(row)
}

func (t *txn) appendEntry(offset int64, e *rush.LogEntry) error {
	attrs, err := wire.Encode(e.Attrs)
	if err != nil {
		return fmt.Errorf("attributes of %q: %w", e.Message, err)
	}
	s := t.stmt("INSERT INTO log_entries (id, time, worker, task, kind, level, logger, message, attrs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)").
		int(t.id(offset)).int(t.now - ago(e.Time)).text(string(e.Worker)).int(int64(e.Task)).text(string(e.Kind)).
		int(int64(e.Level)).text(e.Logger).text(e.Message)
	if len(attrs) == 0 {
		return s.null().run()
	}
	return s.blob(attrs).run()
}

// ago is how many microseconds have passed since then.
func ago(then time.Time) int64 {
	if then.IsZero() {
		return 0
	}
	return max(0, time.Since(then).Microseconds())
}

// trimLog drops what is more than is kept.
func (t *txn) trimLog(row logRow) error {
	if row.next <= row.keep {
		return nil
	}
	return t.stmt("DELETE FROM log_entries WHERE id BETWEEN ? AND ?").int(t.id(0)).int(t.id(row.next - row.keep - 1)).run()
}

// event appends an event in the life of a worker, or of the network.
func (t *txn) event(worker rush.WorkerID, level slog.Level, message string, attrs rush.Values) error {
	return t.appendLog(rush.LogEntry{Worker: worker, Task: rush.NoTask, Kind: rush.LogEvent, Level: level, Message: message, Attrs: attrs})
}

// ReadLog reads a stretch of the log.
func (n *network) ReadLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, most int, wait time.Duration) (rush.LogPage, error) {
	if most <= 0 {
		most = logPage
	}
	page := rush.LogPage{Next: from}
	err := n.await(ctx, topicEntries, wait, func(t *txn) (bool, error) {
		err := t.readLog(&page, filter, most)
		return len(page.Entries) > 0 || page.Reset, err
	})
	if err != nil {
		return rush.LogPage{Next: from}, n.wrap("read the log", err)
	}
	return page, nil
}

// readLog goes on with a page that has no entries yet.
func (t *txn) readLog(page *rush.LogPage, filter rush.LogFilter, most int) error {
	row, err := t.logRow()
	if err != nil {
		return err
	}
	if page.Next.Epoch != t.net.epoch || page.Next.Offset > row.next {
		page.Next, page.Dropped, page.Reset = rush.Cursor{Epoch: t.net.epoch}, 0, true
	}
	first, err := t.firstEntry(row)
	if err != nil {
		return err
	}
	if lost := first - page.Next.Offset; lost > 0 {
		page.Dropped += lost
		page.Next.Offset = first
	}
	entries, full, err := t.scanEntries(selectEntries+" ORDER BY id", page.Next.Offset, row.next-1, filter, most)
	if err != nil {
		return err
	}
	page.Entries, page.Next.Offset, page.More = entries, row.next, full
	if full {
		page.Next.Offset = entries[len(entries)-1].Offset + 1
		page.More = page.Next.Offset < row.next
	}
	return nil
}

// firstEntry returns the offset of the first entry that was kept.
func (t *txn) firstEntry(row logRow) (int64, error) {
	first := row.next
	s := t.stmt("SELECT id FROM log_entries WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1").bounds(t.net.id)
	if s.next() {
		first = int64(number(s.getInt()))
	}
	return first, s.close()
}

const selectEntries = "SELECT id, time, worker, task, kind, level, logger, message, attrs FROM log_entries WHERE id BETWEEN ? AND ?"

// scanEntries reads entries that the filter lets through; full says that it
// stopped because it had as many as were wanted.
func (t *txn) scanEntries(sql string, first, last int64, filter rush.LogFilter, most int) (entries []rush.LogEntry, full bool, err error) {
	s := t.stmt(sql).int(t.id(first)).int(t.id(last))
	for looked := 1; !full && s.next(); looked++ {
		if looked%512 == 0 && t.canceled() != nil {
			break
		}
		e := rush.LogEntry{
			Offset: int64(number(s.getInt())), Time: wire.Time(s.getInt()), Worker: rush.WorkerID(s.getText()), Task: rush.TaskKey(s.getInt()),
			Kind: rush.LogKind(s.getText()), Level: slog.Level(s.getInt()), Logger: s.getText(), Message: s.getText(),
		}
		if !filter.Match(&e) {
			continue
		}
		if attrs := s.getBlob(); attrs != nil {
			if e.Attrs, err = wire.Decode(attrs); err != nil {
				break
			}
		}
		entries = append(entries, e)
		full = len(entries) == most
	}
	return entries, full, errors.Join(s.close(), err, t.canceled())
}

// TailLog reads the last entries of the log.
func (n *network) TailLog(ctx context.Context, most int, filter rush.LogFilter) (page rush.LogPage, err error) {
	err = n.read(ctx, "read the log's end", func(t *txn) error {
		row, err := t.logRow()
		page.Next = rush.Cursor{Epoch: t.net.epoch, Offset: row.next}
		if err != nil || most <= 0 {
			return err
		}
		page.Entries, _, err = t.scanEntries(selectEntries+" ORDER BY id DESC", 0, row.next, filter, most)
		return err
	})
	slices.Reverse(page.Entries)
	return page, err
}

// KeepLog sets how many entries of the log are kept.
func (n *network) KeepLog(ctx context.Context, entries int64) error {
	return n.write(ctx, "set how much of the log is kept", func(t *txn) error {
		err := t.stmt("INSERT INTO logs (network, keep) VALUES (?, ?) ON CONFLICT (network) DO UPDATE SET keep = excluded.keep").
			int(t.net.id).int(max(entries, 0)).run()
		if err != nil {
			return err
		}
		row, err := t.logRow()
		if err != nil {
			return err
		}
		return t.trimLog(row)
	})
}
