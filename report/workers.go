package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
)

// timeline shows who evaluated what when.
func timeline(f *findings) *section {
	const most, tasks = 40, 2500
	var list []*rush.Task
	for _, t := range f.Tasks {
		if !t.Started.IsZero() && t.Worker != "" {
			list = append(list, t)
		}
	}
	if len(list) == 0 {
		return nil
	}
	row := make(map[rush.WorkerID]int)
	for i, w := range f.workers[:min(most, len(f.workers))] {
		row[w] = i
	}
	from, to := list[0].Started, list[0].Started
	for _, t := range list {
		from, to = earlier(from, t.Started), later(to, f.end(t))
	}
	const left, height, gap = 130, 16, 24
	p := &plot{Width: 1100, Height: float64(gap*len(row) + 40), Wide: true, Label: "What each worker evaluated when; failed tasks have another color"}
	seconds := newAxis("", []float64{0, max(to.Sub(from).Seconds(), 1e-3)})
	seconds.low, seconds.high, seconds.log, seconds.ticks = 0, max(to.Sub(from).Seconds(), 1e-3), false, nil
	seconds.mark()
	x := func(share float64) float64 { return left + share*(p.Width-left-20) }
	for _, t := range seconds.ticks {
		q := &pen{}
		q.to(x(t.at), 8)
		q.to(x(t.at), float64(gap*len(row)+10))
		p.path(q, "grid", 0)
		p.text(x(t.at), float64(gap*len(row)+26), "middle", "tick", t.text+" s")
	}
	for w, i := range row {
		_ = w
		p.text(left-8, float64(gap*i)+24, "end", "name", short(string(f.workers[i]), 18))
	}
	shown := spread(len(list), tasks)
	for _, k := range shown {
		t := list[k]
		i, ok := row[t.Worker]
		if !ok {
			continue
		}
		begin, end := seconds.at(t.Started.Sub(from).Seconds()), seconds.at(f.end(t).Sub(from).Seconds())
		class := "task"
		if t.State == rush.Failed {
			class = "failed"
		}
		title := fmt.Sprintf("task %d: %s, %s", t.Key, t.State, span(f.end(t).Sub(t.Started)))
		p.rect(x(begin), float64(gap*i)+12, max(x(end)-x(begin)-0.5, 0.7), height, class, title, 0)
	}
	s := &section{ID: "workers", Title: "Workers", Plots: []*plot{p}}
	if len(shown) < len(list) {
		s.Notes = append(s.Notes, fmt.Sprintf("%d of %d tasks are drawn.", len(shown), len(list)))
	}
	if len(f.workers) > most {
		s.Notes = append(s.Notes, fmt.Sprintf("The first %d of %d workers are drawn.", most, len(f.workers)))
	}
	return s
}

// end is when a task ended, or now.
func (f *findings) end(t *rush.Task) time.Time {
	if t.Finished.IsZero() {
		return later(t.Started, f.Written)
	}
	return later(t.Finished, t.Started)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// failures lists what went wrong, the commonest first.
func failures(f *findings) *section {
	const most, examples = 20, 5
	type kind struct {
		text string
		keys []rush.TaskKey
	}
	var kinds []*kind
	byText := make(map[string]*kind)
	for _, t := range f.Tasks {
		if t.State != rush.Failed || t.Condition == nil {
			continue
		}
		text := short(t.Condition.Error(), 400)
		if byText[text] == nil {
			byText[text] = &kind{text: text}
			kinds = append(kinds, byText[text])
		}
		byText[text].keys = append(byText[text].keys, t.Key)
	}
	if len(kinds) == 0 {
		return nil
	}
	slices.SortStableFunc(kinds, func(a, b *kind) int { return cmp.Compare(len(b.keys), len(a.keys)) })
	s := &section{ID: "failures", Title: "Failures", Table: &rows{Head: []string{"times", "what happened", "tasks"}}}
	for _, k := range kinds[:min(most, len(kinds))] {
		keys := strings.Trim(fmt.Sprint(k.keys[:min(examples, len(k.keys))]), "[]")
		if len(k.keys) > examples {
			keys += " …"
		}
		s.Table.Rows = append(s.Table.Rows, []string{fmt.Sprint(len(k.keys)), k.text, keys})
	}
	if len(kinds) > most {
		s.Notes = []string{fmt.Sprintf("The commonest %d of %d failures are listed.", most, len(kinds))}
	}
	return s
}
