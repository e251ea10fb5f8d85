package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/pareto"
)

// How many objectives are drawn against one another, and of how many the hypervolume
// is computed.
const mostObjectives = 3

// front shows what no task dominates: objectives against one another, and how the
// hypervolume grew.
func front(f *findings) *section {
	if len(f.front) == 0 {
		return nil
	}
	s := &section{ID: "front", Title: "Pareto front"}
	shown := f.objectives[:min(len(f.objectives), mostObjectives)]
	for i := range shown {
		for k := i + 1; k < len(shown); k++ {
			s.Plots = append(s.Plots, f.against(shown[i], shown[k]))
		}
	}
	if len(f.objectives) <= mostObjectives {
		s.Plots = append(s.Plots, f.growth())
	}
	switch n := len(f.objectives); {
	case n > mostObjectives:
		s.Notes = []string{fmt.Sprintf("The first %d of %d objectives are drawn. Tasks that look dominated are good for another objective.", mostObjectives, n)}
	case n > 2:
		s.Notes = []string{"Tasks that look dominated by two objectives are good for the other one."}
	}
	return s
}

// A window is which values of an objective are drawn: around those of the front.
type window struct{ low, high float64 }

// around returns the window of an objective, which reaches as far beyond the front
// as the front is wide.
func (f *findings) around(o loops.Target) window {
	w := window{math.Inf(1), math.Inf(-1)}
	for _, t := range f.front {
		v := output(t, o.Name)
		w.low, w.high = min(w.low, v), max(w.high, v)
	}
	if width := w.high - w.low; width > 0 {
		return window{w.low - width, w.high + width}
	}
	return window{math.Inf(-1), math.Inf(1)}
}

func (w window) has(v float64) bool { return v >= w.low && v <= w.high }

// axis is that of an objective, of the tasks that are drawn. It is logarithmic where
// much of the front is orders of magnitude apart.
func (f *findings) axis(o loops.Target, tasks []*rush.Task) axis {
	values := make([]float64, len(tasks))
	for i, t := range tasks {
		values[i] = output(t, o.Name)
	}
	return scaled(o.Name, values, 0.3)
}

// against draws two objectives of all tasks around the front.
func (f *findings) against(a, b loops.Target) *plot {
	across, up := f.around(a), f.around(b)
	var near []*rush.Task
	for _, t := range f.ended {
		if across.has(output(t, a.Name)) && up.has(output(t, b.Name)) {
			near = append(near, t)
		}
	}
	label := fmt.Sprintf("%s (%s) and %s (%s): the %d tasks that none dominates are emphasized", a.Name, a.Goal, b.Name, b.Goal, len(f.front))
	if n := len(f.ended) - len(near); n > 0 {
		label += fmt.Sprintf("; %d others are farther away", n)
	}
	g := newFrame(460, 360, label, f.axis(a, near), f.axis(b, near))
	at := func(t *rush.Task) (x, y float64, title string) {
		x, y = output(t, a.Name), output(t, b.Name)
		return g.atX(g.x.at(x)), g.atY(g.y.at(y)), fmt.Sprintf("task %d: %s, %s", t.Key, number(x), number(y))
	}
	for _, i := range spread(len(near), drawn) {
		class := "dot"
		if !feasible(f.Codomain, near[i]) {
			class = "off"
		}
		x, y, title := at(near[i])
		g.dot(x, y, 3, class, title)
	}
	if len(f.objectives) == 2 {
		g.path(f.stairs(at), "edge", 0)
	}
	for _, i := range ends(len(f.front), drawn) {
		x, y, title := at(f.front[i])
		g.dot(x, y, 4, "best", title)
	}
	return g.plot
}

// stairs is the border of what the front dominates, which is in the order of its
// first objective.
func (f *findings) stairs(at func(*rush.Task) (x, y float64, title string)) *pen {
	q := &pen{}
	last := 0.0
	for i, t := range f.front {
		x, y, _ := at(t)
		if i > 0 {
			q.to(x, last)
		}
		q.to(x, y)
		last = y
	}
	return q
}

// growth draws the hypervolume by the order in which tasks finished.
func (f *findings) growth() *plot {
	const steps = 120
	losses, reference := f.losses()
	n := len(losses)
	var volumes []float64
	at := ends(n, steps)
	var kept [][]float64 // the front so far
	next := 0
	for _, i := range at {
		for ; next <= i; next++ {
			if losses[next] != nil {
				kept = append(kept, losses[next])
			}
		}
		var better [][]float64
		for _, k := range pareto.Front(kept) {
			better = append(better, kept[k])
		}
		kept = better
		volumes = append(volumes, pareto.Hypervolume(kept, reference))
	}
	x := newAxis("finished tasks", []float64{0, float64(n)})
	x.low, x.high, x.ticks = 0, float64(n), nil
	x.mark()
	y := newAxis("hypervolume", append(slices.Clone(volumes), 0))
	g := newFrame(460, 360, "hypervolume that the front dominated after each task, up to the worst value of each objective", x, y)
	q := &pen{}
	for k, i := range at {
		q.to(g.atX(x.at(float64(i+1))), g.atY(y.at(volumes[k])))
	}
	g.path(q, "bestline", 0)
	return g.plot
}

// losses returns the objectives of the tasks in the order in which they finished,
// less being better and nil what is not feasible, and the worst of each.
func (f *findings) losses() (all [][]float64, worst []float64) {
	for _, t := range f.ended {
		if !feasible(f.Codomain, t) {
			all = append(all, nil)
			continue
		}
		y := f.lossesOf(t)
		if worst == nil {
			worst = slices.Clone(y)
		}
		for i, v := range y {
			worst[i] = max(worst[i], v)
		}
		all = append(all, y)
	}
	return all, worst
}
