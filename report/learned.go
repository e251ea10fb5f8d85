package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/rushnet/rush/loops/dependence"
	"github.com/rushnet/rush/loops/importance"
	"github.com/rushnet/rush/loops/space"
)

// learned shows what a forest says of the parameters: which matter, and how.
func learned(f *findings) *section {
	if len(f.params) == 0 || len(f.ended) == 0 {
		return nil
	}
	o := f.objectives[0]
	d := importance.New(f.Space, o.Name)
	for _, t := range f.ended {
		d.Add(t)
	}
	s := &section{ID: "importance", Title: "What matters for " + o.Name}
	const pairs = 15 // parameters up to which pairs are looked at
	r, err := d.Measure(len(f.params) <= pairs)
	if err != nil {
		s.Notes = []string{"Nothing could be learned: " + err.Error() + "."}
		return s
	}
	for _, remark := range r.Remarks {
		s.Notes = append(s.Notes, strings.ToUpper(remark[:1])+remark[1:]+".")
	}
	s.Plots = append(s.Plots, shares(r))
	if len(r.Pairs) > 0 {
		s.Plots = append(s.Plots, pairShares(r))
	}
	s.Plots = append(s.Plots, f.dependences(d, r)...)
	return s
}

// bars draws shares.
func bars(label string, left float64, names []string, values []float64) *plot {
	const row = 26
	room := 390 - left
	p := &plot{Width: 460, Height: float64(row*len(names) + 14), Label: label}
	for i, name := range names {
		y := float64(8 + row*i)
		p.text(left-8, y+14, "end", "name", short(name, int(left/7)))
		p.rect(left, y+3, room, 14, "track", "", 0)
		p.rect(left, y+3, math.Max(values[i]*room, 0.5), 14, "bar", "", 0)
		p.text(left+room+8, y+14, "start", "strong", fmt.Sprintf("%.1f %%", 100*values[i]))
	}
	return p
}

func shares(r *importance.Result) *plot {
	const most = 20
	var names []string
	var values []float64
	for _, p := range r.Params[:min(most, len(r.Params))] {
		names, values = append(names, p.Name), append(values, p.Share)
	}
	label := "Share of the variance over the space that a parameter explains alone (functional ANOVA on a random forest)"
	if !math.IsNaN(r.Fitness) {
		label += fmt.Sprintf("; the forest explains %.0f %% of outputs that it has not seen", 100*math.Max(0, r.Fitness))
	}
	return bars(label+".", 150, names, values)
}

func pairShares(r *importance.Result) *plot {
	var names []string
	var values []float64
	for _, p := range r.Pairs[:min(max(4, len(r.Params)), 10, len(r.Pairs))] {
		names, values = append(names, short(p.A, 14)+" × "+short(p.B, 14)), append(values, p.Share)
	}
	return bars("What two parameters explain together beyond what each does alone.", 220, names, values)
}

// dependences draws what the forest expects by the two parameters that matter
// most, and by both.
func (f *findings) dependences(d *importance.Data, r *importance.Result) []*plot {
	const values, places = 25, 128
	a := d.Average(places)
	var list []*plot
	var top []int
	for _, p := range r.Params[:min(2, len(r.Params))] {
		i := slices.Index(f.Space.Names(), p.Name)
		top = append(top, i)
		c := a.Curve(r.Forest, i, dependence.Coordinates(f.params[i], values))
		list = append(list, curve(f.params[i], r.Target, c))
	}
	if len(top) == 2 {
		list = append(list, f.contour(a, r, top[0], top[1]))
	}
	return list
}

func curve(p space.Param, target string, c dependence.Curve) *plot {
	var all []float64
	for i := range c.At {
		if !math.IsNaN(c.Mean[i]) {
			all = append(all, c.Lower[i], c.Upper[i])
		}
	}
	y := axis{name: target}
	if len(all) > 0 {
		y = newAxis(target, all)
	}
	g := newFrame(460, 260, fmt.Sprintf("What is expected of %s by %s, on average over the others and for most of them (10 to 90 %%)", target, p.Name), paramAxis(p), y)
	if p.Type == space.Fct || p.Type == space.Lgl {
		g.levels(c)
		return g.plot
	}
	band, line := &pen{}, &pen{}
	for i, u := range c.At {
		line.to(g.atX(u), g.atY(y.at(c.Mean[i])))
		if !math.IsNaN(c.Mean[i]) {
			band.to(g.atX(u), g.atY(y.at(c.Upper[i])))
			g.dot(g.atX(u), g.atY(y.at(c.Mean[i])), 2.2, "bar", number(c.Mean[i]))
		}
	}
	for i := len(c.At) - 1; i >= 0; i-- {
		if !math.IsNaN(c.Mean[i]) {
			band.to(g.atX(c.At[i]), g.atY(y.at(c.Lower[i])))
		}
	}
	g.path(band, "band", 0)
	g.path(line, "line", 0)
	return g.plot
}

// levels draws the curve of a category, of which the levels have no order.
func (f *frame) levels(c dependence.Curve) {
	for i, u := range c.At {
		if math.IsNaN(c.Mean[i]) {
			continue
		}
		q := &pen{}
		q.to(f.atX(u), f.atY(f.y.at(c.Lower[i])))
		q.to(f.atX(u), f.atY(f.y.at(c.Upper[i])))
		f.path(q, "range", 0)
		f.dot(f.atX(u), f.atY(f.y.at(c.Mean[i])), 4, "bar", number(c.Mean[i]))
	}
}

// contour draws what the forest expects by two parameters: the darker, the better.
func (f *findings) contour(a *dependence.Average, r *importance.Result, i, j int) *plot {
	const cells = 20
	us, vs := middles(f.params[i], cells), middles(f.params[j], cells)
	z := a.Surface(r.Forest, i, j, us, vs)
	low, high := math.Inf(1), math.Inf(-1)
	for _, row := range z {
		for _, v := range row {
			if !math.IsNaN(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	o := f.objectives[0]
	g := newFrame(460, 330, "", paramAxis(f.params[i]), paramAxis(f.params[j]))
	w, h := g.w/float64(len(us)), g.h/float64(len(vs))
	for k, row := range z {
		for l, v := range row {
			x, y := g.left+float64(k)*w, g.top+g.h-float64(l+1)*h
			if math.IsNaN(v) {
				g.rect(x, y, w, h, "nothing", "never together", 0)
				continue
			}
			share := 0.5
			if high > low {
				share = (v - low) / (high - low)
			}
			if !o.Better(1, 0) {
				share = 1 - share
			}
			g.rect(x, y, w, h, "heat", number(v), math.Round(100*(0.04+0.9*share))/100)
		}
	}
	best := high
	worst := low
	if o.Better(low, high) {
		best, worst = low, high
	}
	g.Label = fmt.Sprintf("What is expected of %s by both, from %s (faint) to %s (strong); dots are the best tenth of the tasks", r.Target, number(worst), number(best))
	top := f.top()
	for k, t := range f.ended {
		if u := f.places[k]; u != nil && top[t.Key] && !math.IsNaN(u[i]) && !math.IsNaN(u[j]) {
			g.dot(g.atX(u[i]+jitter(f.params[i], int(t.Key))), g.atY(u[j]+jitter(f.params[j], int(t.Key))), 3, "best", fmt.Sprintf("task %d", t.Key))
		}
	}
	return g.plot
}

// middles are the middles of cells of equal size.
func middles(p space.Param, n int) []float64 {
	switch p.Type {
	case space.Fct:
		n = len(p.Levels)
	case space.Lgl:
		n = 2
	}
	at := make([]float64, n)
	for i := range at {
		at[i] = (float64(i) + 0.5) / float64(n)
	}
	return at
}
