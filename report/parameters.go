package report

import (
	"fmt"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

// oneByOne shows the first objective by each parameter.
func oneByOne(f *findings) *section {
	const most = 30
	if len(f.params) == 0 || len(f.ended) < 2 {
		return nil
	}
	o := f.objectives[0]
	var ys []float64
	for _, t := range f.ended {
		ys = append(ys, output(t, o.Name))
	}
	y := newAxis(o.Name, ys)
	s := &section{ID: "slices", Title: "Parameters one by one"}
	top := f.top()
	for i, p := range f.params[:min(most, len(f.params))] {
		g := newFrame(460, 240, fmt.Sprintf("%s by %s; the best tenth is emphasized", o.Name, p.Name), paramAxis(p), y)
		for _, k := range spread(len(f.ended), drawn/2) {
			if f.places[k] == nil || math.IsNaN(f.places[k][i]) {
				continue
			}
			t, class, r := f.ended[k], "dot", 2.6
			if top[t.Key] {
				class, r = "best", 3.2
			}
			x := f.places[k][i] + jitter(p, int(t.Key))
			g.dot(g.atX(x), g.atY(y.at(ys[k])), r, class, fmt.Sprintf("task %d: %s = %s, %s", t.Key, p.Name, value(t.XS[p.Name]), number(ys[k])))
		}
		s.Plots = append(s.Plots, g.plot)
	}
	if len(f.params) > most {
		s.Notes = []string{fmt.Sprintf("The first %d of %d parameters are drawn.", most, len(f.params))}
	}
	return s
}

// jitter moves the points of a category apart, the same each time.
func jitter(p space.Param, key int) float64 {
	levels := len(p.Levels)
	switch p.Type {
	case space.Lgl:
		levels = 2
	case space.Fct:
	default:
		return 0
	}
	golden := float64(key) * 0.6180339887498949
	return (golden - math.Floor(golden) - 0.5) * 0.5 / float64(levels)
}

// top are the best tenth of the tasks, or the front.
func (f *findings) top() map[rush.TaskKey]bool {
	list := f.front
	if len(f.objectives) == 1 {
		list = f.ranked[:(len(f.ranked)+9)/10]
	}
	top := make(map[rush.TaskKey]bool, len(list))
	for _, t := range list {
		top[t.Key] = true
	}
	return top
}

// parallel shows every point as a line across all the parameters.
func parallel(f *findings) *section {
	const lines, most = 300, 20
	params := f.params[:min(most, len(f.params))]
	if len(params) < 2 || len(f.ended) < 2 {
		return nil
	}
	axes := f.outputAxes()
	width := math.Max(1100, float64(len(params)+len(axes))*95)
	p := &plot{Width: width, Height: 330, Wide: true, Label: "Each line is a task; those of the best tenth are emphasized. A line has a gap where a parameter is inactive."}
	if len(f.objectives) > 1 {
		p.Label = "Each line is a task; those that none dominates are emphasized. A line has a gap where a parameter is inactive."
	}
	const left, top, height = 60, 40, 250
	step := (width - 2*left) / float64(len(params)+len(axes)-1)
	best := f.top()
	for _, emphasized := range []bool{false, true} {
		for _, k := range spread(len(f.ended), lines) {
			u := f.places[k]
			if u == nil || best[f.ended[k].Key] != emphasized {
				continue
			}
			q, class := &pen{}, "thin"
			if emphasized {
				class = "thinbest"
			}
			for i, param := range params {
				q.to(left+float64(i)*step, top+(1-u[i]-jitter(param, int(f.ended[k].Key)))*height)
			}
			for i, a := range axes {
				q.to(left+float64(len(params)+i)*step, top+(1-a.at(output(f.ended[k], f.objectives[i].Name)))*height)
			}
			p.path(q, class, 0)
		}
	}
	all := make([]axis, 0, len(params)+len(axes))
	for _, param := range params {
		all = append(all, paramAxis(param))
	}
	for i, a := range append(all, axes...) {
		p.upright(a, left+float64(i)*step, top, height, step, i == 0, i == len(params)+len(axes)-1)
	}
	s := &section{ID: "parallel", Title: "All parameters", Plots: []*plot{p}}
	if len(f.params) > most {
		s.Notes = append(s.Notes, fmt.Sprintf("The first %d of %d parameters are drawn.", most, len(f.params)))
	}
	return s
}

// outputAxes are those of the first objectives.
func (f *findings) outputAxes() []axis {
	const most = 3
	var axes []axis
	for _, o := range f.objectives[:min(most, len(f.objectives))] {
		var ys []float64
		for _, t := range f.ended {
			ys = append(ys, output(t, o.Name))
		}
		axes = append(axes, newAxis(o.Name, ys))
	}
	return axes
}

// upright draws an axis from top to bottom, with its name above, in a column of that room.
func (p *plot) upright(a axis, x, top, height, room float64, isFirst, isLast bool) {
	q := &pen{}
	q.to(x, top)
	q.to(x, top+height)
	p.path(q, "axis", 0)
	anchor, at := "middle", x
	switch {
	case isFirst:
		anchor, at = "start", x-48
	case isLast:
		anchor, at = "end", x+48
	}
	p.text(at, 18, anchor, "name", short(a.name, int(room/7)))
	side, away := "start", 5.0
	if isLast {
		side, away = "end", -5.0
	}
	for _, t := range a.ticks {
		p.text(x+away, top+(1-t.at)*height+4, side, "tick over", short(t.text, int(room/7.5)))
	}
}
