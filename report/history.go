package report

import (
	"fmt"

	"github.com/rushnet/rush/loops"
)

// drawn is how many points a plot has at most.
const drawn = 1200

// history shows how the outputs and the best of them went.
func history(f *findings) *section {
	const objectives = 3
	if len(f.ended) < 2 {
		return nil
	}
	s := &section{ID: "history", Title: "History"}
	for _, o := range f.objectives[:min(objectives, len(f.objectives))] {
		s.Plots = append(s.Plots, f.course(o))
	}
	if len(s.Plots) == 1 {
		s.Plots[0].Wide = true
	}
	return s
}

// course draws one output by the order in which tasks finished.
func (f *findings) course(o loops.Target) *plot {
	n := len(f.ended)
	ys := make([]float64, n)
	for i, t := range f.ended {
		ys[i] = output(t, o.Name)
	}
	x := newAxis("finished tasks", []float64{0, float64(n)})
	x.low, x.high, x.ticks = 0, float64(n), nil
	x.mark()
	width, height := 460., 300.
	label := fmt.Sprintf("%s of each task in the order in which they finished, and the best so far", o.Name)
	if len(f.objectives) == 1 {
		width = 1100
	}
	g := newFrame(width, height, label, x, newAxis(o.Name, ys))
	shown := spread(n, drawn)
	if len(shown) < n {
		g.Label += fmt.Sprintf(" (%d of %d are drawn)", len(shown), n)
	}
	for _, i := range shown {
		class := "dot"
		if !feasible(f.Codomain, f.ended[i]) {
			class = "off"
		}
		g.dot(g.atX(x.at(float64(i+1))), g.atY(g.y.at(ys[i])), 3, class, fmt.Sprintf("task %d: %s", f.ended[i].Key, number(ys[i])))
	}
	line, at := &pen{}, -1
	for i, t := range f.ended {
		if !feasible(f.Codomain, t) || at >= 0 && !o.Better(ys[i], ys[at]) {
			continue
		}
		if at >= 0 {
			line.to(g.atX(x.at(float64(i+1))), g.atY(g.y.at(ys[at])))
		}
		at = i
		line.to(g.atX(x.at(float64(i+1))), g.atY(g.y.at(ys[at])))
	}
	if at >= 0 {
		line.to(g.atX(x.at(float64(n))), g.atY(g.y.at(ys[at])))
	}
	g.path(line, "bestline", 0)
	return g.plot
}
