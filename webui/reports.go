package webui

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

const (
	// answerReports is after how many reports an answer ends, and answerEndings
	// after how many entries of the log.
	answerReports = 100_000
	answerEndings = 200_000
	// mostSteps are the most reports of one task that are sent.
	mostSteps = 2000
	// runningReports are the most running tasks whose reports are sent; those of
	// others come when they have ended.
	runningReports = 1000
	// probeFrom is from how many endings on a few stretches of the log are read first:
	// probes of probeTasks, to see whether anything reports at all.
	probeFrom  = 20_000
	probes     = 16
	probeTasks = 250
	// reportsFor is how long an answer is good for others who ask the same, in paces.
	reportsFor = 10
)

// reports keeps the last answer about what tasks have reported: whoever is up to
// date asks for the same.
type reports struct {
	turn chan struct{} // holds a token while one reads them from the store; who has it has what follows

	after string
	when  time.Time
	last  *reported
}

// A reported answer is what some tasks have reported.
type reported struct {
	body []byte // an Arrow stream
	next rush.Cursor
	more bool // the log has more
}

// reports sends what tasks have reported: those that have ended since a place in the
// log of endings and, at its end, those that run.
func (h *Handler) reports(w http.ResponseWriter, r *http.Request) error {
	after := r.URL.Query().Get("after")
	from, err := parseCursor(after)
	if err != nil {
		return err
	}
	return h.with(r, func(b *hub) error {
		got, err := b.reports.get(r.Context(), b, after, from)
		if err != nil {
			return err
		}
		w.Header().Set("Rush-Sequence", fmt.Sprintf("%d.%d", got.next.Epoch, got.next.Offset))
		if got.more {
			w.Header().Set("Rush-More", "1")
		}
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("Content-Type", "application/vnd.apache.arrow.stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(got.body)))
		_, _ = w.Write(got.body) // who has gone does not need to be told
		return nil
	})
}

// parseCursor reads EPOCH.OFFSET; "" is the beginning.
func parseCursor(s string) (c rush.Cursor, err error) {
	if s == "" {
		return c, nil
	}
	e, n, _ := strings.Cut(s, ".")
	var err2 error
	c.Epoch, err = strconv.ParseInt(e, 10, 64)
	c.Offset, err2 = strconv.ParseInt(n, 10, 64)
	if err != nil || err2 != nil || c.Epoch < 0 || c.Offset < 0 {
		return c, badRequest("after is %s; expected EPOCH.OFFSET, as the header Rush-Sequence of an earlier answer has it", quoted(s))
	}
	return c, nil
}

// get reads an answer, or gives the last one again.
func (s *reports) get(ctx context.Context, b *hub, after string, from rush.Cursor) (*reported, error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx) // who has gone does not wait
	}
	defer func() { <-s.turn }()
	if s.last != nil && s.after == after && time.Since(s.when) < reportsFor*b.cfg.Pace {
		return s.last, nil
	}
	got, err := readReports(ctx, b.net, from, after == "", reportLimits{answerReports, probeFrom})
	if err != nil {
		return nil, err
	}
	s.after, s.when, s.last = after, time.Now(), got
	return got, nil
}

// reportLimits say how much is read for an answer.
type reportLimits struct {
	reports int   // after which it ends
	long    int64 // how many endings are so many that some are probed first
}

// A reportReader is what of a network is read for an answer.
type reportReader interface {
	Source() table.Source
	Keys(ctx context.Context, state rush.State) ([]rush.TaskKey, error)
}

// readReports reads an answer.
func readReports(ctx context.Context, net reportReader, from rush.Cursor, first bool, limits reportLimits) (*reported, error) {
	c := collector{net: net, src: net.Source(), next: from, limits: limits}
	if err := c.read(ctx, first); err != nil {
		return nil, err
	}
	body, err := table.EncodeReports(c.found)
	if err != nil {
		return nil, err
	}
	return &reported{body, c.next, c.more}, nil
}

// A collector reads the reports of one answer:
//
//	read
//	  skip        at the beginning: the log, if it is long and nobody
//	    anything    reports
//	  ended       the log, by pages that are the smaller the more its tasks report
//	  running     at its end
type collector struct {
	net    reportReader
	src    table.Source
	limits reportLimits
	found  []*rush.Record
	rows   int
	next   rush.Cursor
	more   bool
}

func (c *collector) read(ctx context.Context, first bool) error {
	if first {
		if err := c.skip(ctx); err != nil {
			return err
		}
	}
	if err := c.ended(ctx); err != nil || c.more {
		return err
	}
	return c.running(ctx)
}

// skip goes to the end of a long log in which nothing has reported.
func (c *collector) skip(ctx context.Context) error {
	snap, err := c.src.Snapshot(ctx)
	if err != nil {
		return err
	}
	if snap.Cursor.Offset <= c.limits.long {
		return nil
	}
	some, err := c.anything(ctx, snap.Cursor)
	if err == nil && !some {
		c.next = snap.Cursor
	}
	return err
}

// anything reports whether a task has reported anything, of some that are spread
// over the log.
func (c *collector) anything(ctx context.Context, end rush.Cursor) (bool, error) {
	for i := range int64(probes) {
		from := rush.Cursor{Epoch: end.Epoch, Offset: max(0, end.Offset-probeTasks) * i / (probes - 1)}
		page, err := c.src.Ended(ctx, from, probeTasks, rush.FieldReports, 0)
		if err != nil {
			return false, err
		}
		for i := range page.Records {
			if len(page.Records[i].Reports) > 0 {
				return true, nil
			}
		}
	}
	return false, nil
}

// anyReports says whether any of some tasks has reported anything: of those that ended
// first and last, and of those that run.
func anyReports(ctx context.Context, net Reader) (bool, error) {
	const some = 50
	src := net.Source()
	snap, err := src.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	for _, offset := range []int64{0, max(0, snap.Cursor.Offset-some)} {
		page, err := src.Ended(ctx, rush.Cursor{Epoch: snap.Cursor.Epoch, Offset: offset}, some, rush.FieldReports, 0)
		if err != nil || slices.ContainsFunc(page.Records, hasReported) {
			return err == nil, err
		}
	}
	keys, err := net.Keys(ctx, rush.Running)
	if err != nil || len(keys) == 0 {
		return false, err
	}
	recs, err := src.Records(ctx, keys[:min(len(keys), some)], rush.FieldReports)
	return slices.ContainsFunc(recs, hasReported), err
}

func hasReported(rec rush.Record) bool { return len(rec.Reports) > 0 }

// ended reads the log from c.next on. A task that ended twice may come twice: the
// newest is the last.
func (c *collector) ended(ctx context.Context) error {
	began, size := c.next, 8 // the tasks may have any number of reports each
	for c.more = true; c.more; {
		page, err := c.src.Ended(ctx, c.next, size, rush.FieldReports, 0)
		if err != nil {
			return err
		}
		if page.Reset { // what came before is of another network
			c.found, c.rows, began = nil, 0, rush.Cursor{Epoch: page.Next.Epoch}
		}
		before := c.rows
		for i := range page.Records {
			c.add(&page.Records[i])
		}
		c.next, c.more = page.Next, page.More
		if c.rows >= c.limits.reports || c.next.Offset-began.Offset >= answerEndings {
			return nil
		}
		if c.rows-before < c.limits.reports/16 {
			size = min(2*size, frameRecords)
		} else {
			size = max(size/2, 1)
		}
	}
	return nil
}

// running reads tasks that run.
func (c *collector) running(ctx context.Context) error {
	const some = 50
	keys, err := c.net.Keys(ctx, rush.Running)
	if err != nil {
		return err
	}
	keys = keys[:min(len(keys), runningReports)]
	for len(keys) > 0 && c.rows < 2*c.limits.reports {
		n := min(some, len(keys))
		recs, err := c.src.Records(ctx, keys[:n], rush.FieldReports)
		if err != nil {
			return err
		}
		for i := range recs {
			c.add(&recs[i])
		}
		keys = keys[n:]
	}
	return nil
}

func (c *collector) add(rec *rush.Record) {
	if len(rec.Reports) == 0 {
		return
	}
	rec.Reports = thinned(rec.Reports, mostSteps)
	c.found = append(c.found, rec)
	c.rows += len(rec.Reports)
}

// thinned leaves as many reports as there may be, evenly, with the first and the last.
func thinned(all []rush.ReportRecord, most int) []rush.ReportRecord {
	if len(all) <= most {
		return all
	}
	kept := make([]rush.ReportRecord, most)
	for i := range kept {
		kept[i] = all[i*(len(all)-1)/(most-1)]
	}
	return kept
}
