package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
)

// best lists the best tasks, or the Pareto front.
func best(f *findings) *section {
	const most = 10
	if len(f.ranked) == 0 {
		return nil
	}
	if len(f.objectives) < 2 {
		return &section{ID: "best", Title: "Best points", Table: f.rows(f.ranked[:min(most, len(f.ranked))])}
	}
	if len(f.front) == 0 {
		return nil
	}
	var list []*rush.Task
	for _, i := range ends(len(f.front), most) {
		list = append(list, f.front[i])
	}
	s := &section{ID: "best", Title: "Points that none dominates", Table: f.rows(list)}
	if len(f.front) > most {
		s.Notes = []string{fmt.Sprintf("%d of %d are listed, from the best %s to the worst; rush best lists all of them.", most, len(f.front), f.objectives[0].Name)}
	}
	return s
}

// table lists all the tasks, or the best and some of the others if they are many.
func table(f *findings) *section {
	const most = 1000
	if len(f.Tasks) == 0 {
		return nil
	}
	s := &section{ID: "tasks", Title: "All tasks"}
	list := f.Tasks
	if len(list) > most {
		list = f.thinned(most)
		s.Notes = []string{fmt.Sprintf("%d of %d tasks are listed: the best, and the others evenly thinned. rush export writes all of them.", len(list), len(f.Tasks))}
	}
	s.Table = f.rows(list)
	s.Table.Sortable = true
	return s
}

// thinned returns n tasks by number: the best tenth of them, and others.
func (f *findings) thinned(n int) []*rush.Task {
	keep := make(map[rush.TaskKey]bool)
	var list []*rush.Task
	for _, t := range f.ranked[:min(n/10, len(f.ranked))] {
		keep[t.Key] = true
		list = append(list, t)
	}
	for _, i := range spread(len(f.Tasks), n-len(list)) {
		if t := f.Tasks[i]; !keep[t.Key] {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *rush.Task) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// rows lists tasks with their outputs and inputs.
func (f *findings) rows(list []*rush.Task) *rows {
	outputs, inputs := f.columns(list)
	r := &rows{Head: append(append([]string{"task"}, outputs...), inputs...)}
	r.Head = append(r.Head, "state", "worker", "seconds")
	for _, t := range list {
		row := []string{fmt.Sprint(t.Key)}
		for _, name := range outputs {
			row = append(row, entry(t.YS, name))
		}
		for _, name := range inputs {
			row = append(row, entry(t.XS, name))
		}
		took := "–"
		if !t.Finished.IsZero() && !t.Started.IsZero() {
			took = number(t.Finished.Sub(t.Started).Seconds())
		}
		r.Rows = append(r.Rows, append(row, string(t.State), short(string(t.Worker), 24), took))
	}
	return r
}

func entry(v rush.Values, name string) string {
	if x, ok := v[name]; ok {
		return value(x)
	}
	return "–"
}

// columns are the names of the outputs and inputs, the declared ones first, and
// not more than a page takes.
func (f *findings) columns(list []*rush.Task) (outputs, inputs []string) {
	const most = 40
	for _, t := range f.Codomain {
		outputs = append(outputs, t.Name)
	}
	inputs = f.Space.Names()
	var ys, xs []string
	for _, t := range list {
		for name := range t.YS {
			ys = append(ys, name)
		}
		for name := range t.XS {
			xs = append(xs, name)
		}
	}
	return others(outputs, ys, most), others(inputs, xs, most)
}

// others adds names that are not there yet, in alphabetical order.
func others(names, more []string, most int) []string {
	slices.Sort(more)
	for _, name := range slices.Compact(more) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names[:min(most, len(names))]
}
