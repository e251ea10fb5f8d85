package webui

import (
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

const (
	// mostBars is how many bars a timeline has before neighbors are put together. While
	// they are read there are twice as many at most, or as the picture has room for.
	mostBars = 100_000
	// defaultWidth is how many columns of a picture a timeline is for.
	defaultWidth = 1000
)

// A bar is what a worker evaluated, from one time to another. Several tasks that
// are too short to be told apart are one bar.
type bar struct {
	Worker string       `json:"worker"`
	Number rush.TaskKey `json:"number"` // the first, of several
	State  string       `json:"state"`
	From   int64        `json:"from_us"`
	To     any          `json:"to_us"` // null while it runs
	Tasks  int          `json:"tasks"` // how many it stands for
}

// A timeline collects the bars of a stretch of time.
type timeline struct {
	from, to int64 // microseconds
	width    int64
	bars     []bar
	tasks    int               // that the bars stand for
	full     int               // so many bars are put together on the way; 0 is not yet known
	texts    map[string]string // workers and states: those of rows are part of a batch
	first    int64             // start of the first bar
	last     int64             // end of the last
	merged   bool
}

// timeline tells who evaluated what, and when: the current attempt of each task.
func (h *Handler) timeline(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	from, err := number(q, "from_us", 0, 0, math.MaxInt64)
	if err != nil {
		return err
	}
	to, err := number(q, "to_us", math.MaxInt64, 0, math.MaxInt64)
	if err != nil {
		return err
	}
	width, err := number(q, "width", defaultWidth, 1, 100_000)
	if err != nil {
		return err
	}
	return h.with(r, func(b *hub) error {
		l := &timeline{from: from, to: to, width: width, first: math.MaxInt64}
		if err := l.read(r, b); err != nil {
			return err
		}
		if l.tasks > mostBars {
			l.merge()
		}
		return answer(w, map[string]any{"bars": notNil(l.bars), "merged": l.merged, "now_us": nowMicros()})
	})
}

func (l *timeline) read(r *http.Request, b *hub) error {
	opts := &table.ExportOptions{
		Options: table.Options{Fields: rush.FieldWorker | rush.FieldTimes}, States: []rush.State{rush.Running, rush.Finished, rush.Failed},
	}
	return b.rows(r.Context(), opts, []string{"number", "state", "worker_id", "started", "finished"}, func(row rush.Values) error {
		l.add(row)
		return nil
	})
}

// add adds a task that overlaps the stretch.
func (l *timeline) add(row rush.Values) {
	started, ok := row["started"].(time.Time)
	state, _ := row["state"].(string)
	if !ok || state == string(rush.Queued) || state == string(rush.Deferred) {
		return
	}
	worker, _ := row["worker_id"].(string)
	bar := bar{State: l.text(state), Worker: l.text(worker), From: started.UnixMicro(), Tasks: 1}
	n, _ := row["number"].(int64)
	bar.Number = rush.TaskKey(n)
	end := nowMicros()
	if finished, ok := row["finished"].(time.Time); ok {
		end = finished.UnixMicro()
		bar.To = end
	}
	if bar.From > l.to || end < l.from {
		return
	}
	l.first, l.last = min(l.first, bar.From), max(l.last, end)
	l.bars = append(l.bars, bar)
	l.tasks++
	if len(l.bars) > max(l.full, 2*mostBars) {
		l.merge()
		l.full = 2 * len(l.bars)
	}
}

// text returns the same string for the same text, one that is its own.
func (l *timeline) text(s string) string {
	kept, ok := l.texts[s]
	if !ok {
		if l.texts == nil {
			l.texts = map[string]string{}
		}
		kept = strings.Clone(s)
		l.texts[kept] = kept
	}
	return kept
}

// merge puts bars together that begin in the same column of the picture, of the
// same worker and state.
func (l *timeline) merge() {
	type place struct {
		worker, state string
		column        int64
	}
	from, to := max(l.from, l.first), min(l.to, l.last)
	step := max(1, (to-from)/l.width)
	at := map[place]int{}
	var merged []bar
	for _, b := range l.bars {
		p := place{b.Worker, b.State, max(0, b.From-from) / step}
		i, ok := at[p]
		if !ok {
			at[p] = len(merged)
			merged = append(merged, b)
			continue
		}
		m := &merged[i]
		m.Tasks += b.Tasks
		m.From = min(m.From, b.From)
		if end, ok := b.To.(int64); !ok || m.To != nil && end > m.To.(int64) {
			m.To = b.To
		}
	}
	clear(l.bars)
	l.bars, l.merged = append(l.bars[:0], merged...), true
}
