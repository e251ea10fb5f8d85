package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/rushworker"
)

// How often the progress is looked at, and printed where there is no
// terminal.
const (
	glance   = 100 * time.Millisecond
	lineEach = 5 * time.Second
)

// A progress follows a run: it knows how many of its workers have started, the
// counts, the failures by class and the best tasks so far. It belongs to one
// goroutine, except for started.
type progress struct {
	archive  *rushworker.Archive
	name     rush.NetworkID
	codomain loops.Codomain
	limit    int64 // tasks in all; 0 is unknown

	workers int          // that are being started
	started atomic.Int64 // of them

	at       rush.Cursor
	counts   rush.Counts
	before   int64 // tasks that had ended when the run began
	began    time.Time
	failures map[rush.Class]int
	best     *rush.Task // with one objective; nil while there is none
	front    front      // with several
}

func newProgress(a *rushworker.Archive, name rush.NetworkID, codomain loops.Codomain, limit int64) *progress {
	return &progress{archive: a, name: name, codomain: codomain, limit: limit, failures: map[rush.Class]int{}}
}

// start reads what was there before the run.
func (p *progress) start(ctx context.Context) error {
	p.began = time.Now()
	err := p.look(ctx, 0)
	p.before = p.counts.Ended()
	return err
}

// look reads what is new, waiting up to wait for it.
func (p *progress) look(ctx context.Context, wait time.Duration) error {
	for more := true; more; wait = 0 {
		s, err := p.archive.Follow(ctx, p.at, rush.FieldYS|rush.FieldCondition, wait)
		if err != nil {
			return err
		}
		if s.Reset {
			p.forget()
		}
		for _, e := range s.Ended {
			p.note(e)
		}
		p.at, more = s.Next, s.More
	}
	var err error
	p.counts, err = p.archive.Counts(ctx)
	return err
}

// forget drops what is known of tasks: the network was reset.
func (p *progress) forget() {
	p.best, p.failures = nil, map[rush.Class]int{}
	p.front = front{}
}

func (p *progress) note(e rushworker.Ended) {
	switch {
	case e.Task == nil || e.Task.Attempt != e.Attempt:
	case e.Task.State == rush.Failed && e.Task.Condition != nil:
		p.failures[e.Task.Condition.Class]++
	case e.Task.State == rush.Finished && len(p.codomain.Objectives()) > 1:
		p.front.note(p.codomain, e.Task)
	case e.Task.State == rush.Finished && p.better(e.Task):
		p.best = e.Task
	}
}

// better reports whether the task is the best so far, of one objective.
func (p *progress) better(t *rush.Task) bool {
	objectives := p.codomain.Objectives()
	if len(objectives) != 1 {
		return false
	}
	if _, ok := t.YS[objectives[0].Name].(float64); !ok {
		return false
	}
	return p.best == nil || p.codomain.Better(t.YS, p.best.YS)
}

// rate is how many tasks end in a second.
func (p *progress) rate() float64 {
	if d := time.Since(p.began).Seconds(); d > 0 {
		return float64(p.counts.Ended()-p.before) / d
	}
	return 0
}

// parts are the pieces of a progress line after the bar.
func (p *progress) parts() []string {
	var parts []string
	if n := int(p.started.Load()); n < p.workers {
		parts = append(parts, startedText(n, p.workers))
	}
	parts = append(parts, fmt.Sprintf("%d%s", p.counts.Ended(), of(p.limit)))
	if r := p.rate(); r > 0 {
		parts = append(parts, rate(r))
		if left := p.limit - p.counts.Ended(); p.limit > 0 && left > 0 {
			parts = append(parts, seconds(time.Duration(float64(left)/r*float64(time.Second)))+" left")
		}
	}
	if p.best != nil {
		name := p.codomain.Objectives()[0].Name
		parts = append(parts, fmt.Sprintf("best %s %.6g (task %d)", name, p.best.YS[name], p.best.Key))
	}
	if text := p.front.text(p.codomain); text != "" {
		parts = append(parts, text)
	}
	if p.counts.Failed > 0 {
		parts = append(parts, p.failed())
	}
	return parts
}

func of(limit int64) string {
	if limit <= 0 {
		return " done"
	}
	return fmt.Sprintf("/%d", limit)
}

func rate(r float64) string {
	if r < 10 {
		return fmt.Sprintf("%.2g/s", r)
	}
	return fmt.Sprintf("%.0f/s", r)
}

// failed counts the failures by class: "3 failed (2 error, 1 timeout)".
func (p *progress) failed() string {
	var by []string
	for _, class := range slices.Sorted(maps.Keys(p.failures)) {
		by = append(by, fmt.Sprintf("%d %s", p.failures[class], class))
	}
	if len(by) == 0 {
		return fmt.Sprintf("%d failed", p.counts.Failed)
	}
	return fmt.Sprintf("%d failed (%s)", p.counts.Failed, strings.Join(by, ", "))
}

// line is the progress on one line of at most width characters; 0 is any.
func (p *progress) line(width int) string {
	text := strings.Join(p.parts(), " · ")
	if width == 0 {
		return fmt.Sprintf("%s  %s", p.name, text)
	}
	if p.limit > 0 {
		text = bar(float64(p.counts.Ended())/float64(p.limit), 24) + "  " + text
	}
	return oneLine(fmt.Sprintf("%s  %s", p.name, text), width-1)
}

// bar draws a share of 1 as blocks.
func bar(share float64, width int) string {
	const eighths = " ▏▎▍▌▋▊▉"
	full := int(max(0, min(share, 1)) * float64(width) * 8)
	s := strings.Repeat("█", full/8)
	if full%8 > 0 {
		s += string([]rune(eighths)[full%8])
	}
	return s + strings.Repeat("░", width-len([]rune(s)))
}

// show follows the run until ctx ends and shows it on w: a line that moves on
// a terminal, a line every few seconds elsewhere. It returns when the line is
// cleared.
func (p *progress) show(ctx context.Context, w io.Writer) {
	width := terminal(w)
	tick := time.NewTicker(glance)
	defer tick.Stop()
	printed, said := time.Now(), ""
	for {
		select {
		case <-ctx.Done():
			if width > 0 {
				fmt.Fprint(w, "\r\x1b[K")
			}
			return
		case <-tick.C:
		}
		if p.look(ctx, 0) != nil {
			continue // the store is away; the workers try again, and so does the next glance
		}
		switch {
		case width > 0:
			width = max(terminal(w), 20)
			fmt.Fprintf(w, "\r\x1b[K%s", p.line(width))
		case time.Since(printed) >= lineEach && p.line(0) != said:
			printed, said = time.Now(), p.line(0)
			fmt.Fprintln(w, said)
		}
	}
}
