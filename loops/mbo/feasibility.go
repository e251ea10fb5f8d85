package mbo

import (
	"math"
	"slices"

	"github.com/rushnet/rush/loops/acquisition"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// A feasibility is what is believed of the constraints on outputs: a model for
// each, which are taken to be independent (M. Schonlau, W. Welch and D. Jones 1998,
// Global versus local search in constrained optimization of computer models; J.
// Gardner, M. Kusner, Z. Xu, K. Weinberger and J. Cunningham 2014, Bayesian
// optimization with inequality constraints, ICML 31). Nil believes that every place
// is feasible.
type feasibility struct {
	models    []Smooth
	kept      []acquisition.LogPI // that the model's output is at most what stands for 0
	data      int                 // how many they have seen
	dMean, dV []float64
}

// count is how many models are asked.
func (f *feasibility) count() int {
	if f == nil {
		return 0
	}
	return len(f.models)
}

// log is the logarithm of the probability that a place keeps to all constraints.
func (f *feasibility) log(x []float64) float64 {
	if f == nil {
		return 0
	}
	sum := 0.0
	for k, m := range f.models {
		v, _, _ := f.kept[k].Value(m.Predict(x))
		sum += v
	}
	return sum
}

// climb is log, and subtracts its derivatives by some coordinates from the gradient.
func (f *feasibility) climb(x []float64, moving []int, gradient []float64) float64 {
	if f == nil {
		return 0
	}
	sum := 0.0
	for k, m := range f.models {
		v, byMean, byVariance := f.kept[k].Value(m.PredictGradient(x, f.dMean, f.dV))
		sum += v
		for j, i := range moving {
			gradient[j] -= byMean*f.dMean[i] + byVariance*f.dV[i]
		}
	}
	return sum
}

// imagine has the models believe that what is expected at a place was observed there.
func (f *feasibility) imagine(x []float64) {
	if f == nil {
		return
	}
	for _, m := range f.models {
		m.Imagine(x)
	}
}

// believes reports whether a place is more likely than not to keep to each
// constraint.
func (f *feasibility) believes(x []float64) bool {
	if f == nil {
		return true
	}
	for k, m := range f.models {
		if m.Mean(x) > f.kept[k].Best {
			return false
		}
	}
	return true
}

// inside is the probability that a place keeps to the constraints with something to
// spare, for a search that knows no feasible place. To look for the constraints
// themselves leads to a boundary, where the probability is a half, and holds it there:
// what [probable] does about that for an objective serves here, too.
func (f *feasibility) inside(g *seeds.Generator) *feasibility {
	if f == nil {
		return nil
	}
	strict := *f
	strict.kept = slices.Clone(f.kept)
	share := math.Pow(10, -3*g.Float64())
	for k, m := range f.models {
		goal := goal{best: f.kept[k].Best, model: m, data: f.data}
		strict.kept[k].Best -= share * goal.width()
	}
	return &strict
}

// limits learns the constraints on outputs.
type limits struct {
	domain     *domain
	surrogates []*process // one for each constraint that was violated, else nil
	allowance  *allowance
}

// learn returns what is believed of the constraints after some data, of which chosen
// takes those of a row of the archive, and with points that are pending. Constraints
// that nothing has violated are no question: nil if that are all of them.
func (l *limits) learn(a *archive, chosen func(column []float64) *Data, pending [][]float64) (*feasibility, error) {
	f := &feasibility{dMean: make([]float64, len(l.domain.axes)), dV: make([]float64, len(l.domain.axes))}
	for k, column := range a.constraints {
		if len(l.surrogates) == k {
			l.surrogates = append(l.surrogates, nil)
		}
		if !slices.ContainsFunc(column, func(v float64) bool { return v > 0 }) {
			continue
		}
		if l.surrogates[k] == nil {
			l.surrogates[k] = newProcess(l.domain, false, l.allowance)
		}
		m, err := l.surrogates[k].smooth(chosen(bilog(column)))
		if err != nil {
			return nil, err
		}
		f.data = m.Len()
		for _, x := range pending {
			m.Imagine(x)
		}
		f.models, f.kept = append(f.models, m), append(f.kept, acquisition.LogPI{Best: m.Warp.Of(0)})
	}
	if f.models == nil {
		return nil, nil
	}
	return f, nil
}

// bilog returns the outputs of a constraint on a scale on which those near 0 count
// most (D. Eriksson and M. Poloczek 2021, Scalable constrained Bayesian
// optimization, AISTATS, section 3), in units of their median size: the sign of c
// times log(1 + |c|). What failed, and what is infinite, has the largest of them.
func bilog(column []float64) []float64 {
	var sizes []float64
	for _, c := range column {
		if s := math.Abs(c); s > 0 && !math.IsInf(s, 0) {
			sizes = append(sizes, s)
		}
	}
	unit := 1.0
	if n := len(sizes); n > 0 {
		slices.Sort(sizes)
		unit = sizes[n/2]
	}
	out, most := make([]float64, len(column)), 1.0
	for i, c := range column {
		out[i] = math.Copysign(math.Log1p(math.Abs(c)/unit), c)
		if !math.IsInf(c, 0) && out[i] > most {
			most = out[i]
		}
	}
	for i, v := range out {
		if math.IsNaN(v) || math.IsInf(v, 1) {
			out[i] = most
		} else if math.IsInf(v, -1) {
			out[i] = -most
		}
	}
	return out
}

// criterion returns the acquisition function of a proposal, times the probability
// that the constraints are kept to; or this alone, when no feasible place is known.
func (o *Optimizer) criterion(m Model, d *Data, r *optimizer.Request, pending [][]float64) (*criterion, error) {
	feasible, err := o.limits.learn(&o.archive, o.archive.data, pending)
	if err != nil {
		return nil, err
	}
	best := m.Best()
	if feasible != nil {
		best = o.incumbent(m, d, feasible, pending)
	}
	f := o.acquire.function(&goal{best: best, model: m, data: len(d.Y)}, r)
	if ei, ok := f.(acquisition.EI); ok && feasible != nil {
		f = acquisition.LogEI(ei) // its maximum is where that of the product is
	}
	if math.IsInf(best, 1) {
		f = nil
	}
	c := newCriterion(m, f, len(o.domain.axes))
	c.best, c.feasible, c.likely = best, feasible, feasible
	if f == nil {
		c.feasible = feasible.inside(r.Rand)
	}
	return c, nil
}

// raise changes what is to be improved on to what is believed by now, with points that
// are pending.
func (o *Optimizer) raise(c *criterion, d *Data, pending [][]float64) {
	best := c.model.Best()
	if c.likely != nil {
		best = o.incumbent(c.model, d, c.likely, pending)
	}
	if c.function != nil {
		c.function = moved(c.function, best-c.best)
	}
	c.best = best
}

// incumbent is the least expectation at a feasible datum, or at a pending point that
// is believed to be feasible; +Inf if there is none.
func (o *Optimizer) incumbent(m Model, d *Data, f *feasibility, pending [][]float64) float64 {
	best := math.Inf(1)
	for i := range d.Y {
		if o.archive.feasible(d.number(i)) {
			best = min(best, m.Expected(i))
		}
	}
	for _, x := range pending {
		if f.believes(x) {
			mean, _ := m.Predict(x)
			best = min(best, mean)
		}
	}
	return best
}
