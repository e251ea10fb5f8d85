package sqlitestore

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// endedPage is how many entries of the log a page has by default.
const endedPage = 5000

// Ended reads a stretch of the log of endings.
func (n *network) Ended(ctx context.Context, from rush.Cursor, max int, fields rush.Fields, wait time.Duration) (page rush.Page, err error) {
	if max <= 0 {
		max = endedPage
	}
	err = n.await(ctx, topicLog, wait, func(t *txn) (bool, error) {
		page, err = t.page(from, max, fields)
		return len(page.Endings) > 0 || page.Reset, err
	})
	return page, n.wrap("read the log of endings", err)
}

// page reads at most max entries of the log from a cursor on.
func (t *txn) page(from rush.Cursor, max int, fields rush.Fields) (rush.Page, error) {
	page := rush.Page{Next: from}
	if from.Epoch != t.net.epoch {
		page.Next, page.Reset = rush.Cursor{Epoch: t.net.epoch}, true
	}
	left := t.net.logEnd - page.Next.Offset
	if left <= 0 {
		return page, nil
	}
	if left > int64(max) {
		left, page.More = int64(max), true
	}
	page.Endings = make([]rush.Ending, 0, left)
	var err error
	if fields == rush.NoFields {
		err = t.scanLog(&page, left)
	} else {
		page.Records = make([]rush.Record, 0, left)
		err = t.scanEnded(&page, left, fields)
	}
	page.Next.Offset += int64(len(page.Endings))
	return page, err
}

// scanLog reads entries without their tasks.
func (t *txn) scanLog(page *rush.Page, n int64) error {
	s := t.stmt("SELECT number, attempt, state FROM endings WHERE id BETWEEN ? AND ?").
		int(t.id(page.Next.Offset)).int(t.id(page.Next.Offset + n - 1))
	for s.next() {
		page.Endings = append(page.Endings, scanEnding(s))
	}
	return s.close()
}

func scanEnding(s *stmt) rush.Ending {
	return rush.Ending{Key: rush.TaskKey(s.getInt()), Attempt: int(s.getInt()), State: taskState(s.getInt())}
}

// scanEnded reads entries with their tasks.
func (t *txn) scanEnded(page *rush.Page, n int64, fields rush.Fields) error {
	s := t.stmt(t.store.endedQuery(fields)).
		int(t.id(0)).int(t.id(page.Next.Offset)).int(t.id(page.Next.Offset + n - 1))
	var histories []int // places of records that have one
	for s.next() {
		if len(page.Endings)%512 == 511 && t.canceled() != nil {
			break
		}
		page.Endings = append(page.Endings, scanEnding(s))
		ending := &page.Endings[len(page.Endings)-1]
		page.Records = append(page.Records, rush.Record{Key: ending.Key})
		if s.isNull() { // withdrawn, or deleted since
			continue
		}
		history, err := t.scanRecord(s, &page.Records[len(page.Records)-1], fields)
		if err != nil {
			s.close()
			return err
		}
		if history > 0 {
			histories = append(histories, len(page.Records)-1)
		}
	}
	if err := firstError(s.close(), t.canceled()); err != nil {
		return err
	}
	for _, i := range histories {
		r := &page.Records[i]
		if err := t.addHistory(r, t.id(int64(r.Key))); err != nil {
			return err
		}
	}
	return nil
}

// endedQuery returns the statement that reads entries of the log with parts
// of their tasks.
func (s *Store) endedQuery(fields rush.Fields) string {
	const log = ^rush.AllFields // tells its key from that of recordQuery
	if sql, found := s.queries.Load(fields | log); found {
		return sql.(string)
	}
	sql := "SELECT e.number, e.attempt, e.state, " + recordColumns(fields) +
		" FROM endings e LEFT JOIN tasks t ON t.id = ? + e.number AND e.state > 0 WHERE e.id BETWEEN ? AND ?"
	s.queries.Store(fields|log, sql)
	return sql
}
