package mbo

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/rushnet/rush/loops/gp"
)

// A process is the surrogate that is a Gaussian process. It fits the parameters
// anew when there are enough new data: as far as a proposal allows, and further with
// the next ones. Until that is done the old parameters serve.
type process struct {
	regression *gp.Regression
	params     *gp.Params
	fitted     int         // how many data had been seen when the parameters were fitted
	afresh     int         // and when they were last fitted from the beginning
	last       *gp.Process // with these parameters; nil if its data were thinned

	allowance *allowance // of a proposal; nil is no bound
	attempts  []attempt  // to fit the parameters, at work; none if there is no need
	found     []gp.Fitted
}

// An attempt is a descent to parameters that has a number of evaluations left.
type attempt struct {
	from *gp.Params // nil is the prior's mode
	left int
}

// An allowance is about how many nanoseconds a proposal may take to fit parameters,
// counted by the work, and not by a clock: all workers have it alike.
type allowance struct{ left float64 }

// perProposal is the allowance of a proposal. It lets those of up to about 100 data
// be fitted at once.
const perProposal = 20e6

// begin begins another proposal.
func (a *allowance) begin() { a.left = perProposal }

// evaluations is how many of a likelihood are allowed that cost as much.
func (a *allowance) evaluations(cost float64) int {
	if a == nil {
		return math.MaxInt
	}
	return int(math.Max(a.left, 0) / cost)
}

func (a *allowance) spend(cost float64) {
	if a != nil {
		a.left -= cost
	}
}

// newProcess returns the surrogate, with warped outputs or not.
func newProcess(d *domain, warp bool, a *allowance) *process {
	inputs := make([]gp.Input, len(d.axes))
	for i := range inputs {
		inputs[i] = gp.Input{Category: d.axes[i].category, Conditional: d.axes[i].conditional}
	}
	s := &process{regression: gp.New(inputs), allowance: a}
	s.regression.Warp = warp
	return s
}

// Model implements [Surrogate].
func (s *process) Model(d *Data) (Model, error) {
	p, err := s.smooth(d)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (s *process) smooth(d *Data) (*gp.Process, error) {
	if err := s.fit(d); err != nil {
		return nil, err
	}
	from := s.last
	if d.thinned() {
		from = nil
	}
	p, err := s.regression.Extend(from, d.X, d.Y, *s.params)
	if err != nil {
		return nil, err
	}
	if s.last = p; d.thinned() {
		s.last = nil
	}
	return p, nil
}

// fittedMost is how many data the parameters are fitted to at most.
const fittedMost = 200

// fit begins to fit the parameters if they are due, and goes on with it as far as the
// proposal allows. There are parameters after it.
func (s *process) fit(d *Data) error {
	if s.attempts == nil {
		if s.params != nil && d.Seen < s.fitted+1+s.fitted/30 {
			return nil
		}
		s.plan(d)
	}
	x, y := d.X, d.Y
	if len(y) > fittedMost {
		x, y = sample(d, fittedMost)
	}
	n := float64(len(y))
	cost := n * n * (n/16 + 8 + 2*float64(len(s.regression.Inputs)))
	for len(s.attempts) > 0 {
		allowed := s.allowance.evaluations(cost)
		if s.params == nil {
			allowed = s.attempts[0].left
		}
		if allowed < 2 {
			return nil // with the next proposal
		}
		if err := s.descend(x, y, allowed, cost); err != nil {
			return err
		}
	}
	return s.adopt(x, y, d.Seen)
}

// plan plans the attempts.
func (s *process) plan(d *Data) {
	evaluations := max(12, min(60, 3000/min(len(d.Y), fittedMost)))
	s.fitted, s.found = d.Seen, nil
	if s.params != nil {
		s.attempts = append(s.attempts, attempt{from: s.params, left: evaluations})
	}
	if s.params == nil || d.Seen < 40 || d.Seen > s.afresh+s.afresh/3 {
		s.attempts = append(s.attempts, attempt{left: evaluations})
		s.afresh = d.Seen
	}
}

// descend goes on with the first attempt.
func (s *process) descend(x [][]float64, y []float64, allowed int, cost float64) error {
	a := &s.attempts[0]
	asked := min(a.left, allowed)
	found, err := s.regression.Descend(x, y, a.from, asked)
	if err != nil {
		return err
	}
	s.allowance.spend(cost * float64(found.Evaluations))
	if a.left -= found.Evaluations; a.left >= 2 && found.Evaluations == asked {
		a.from = &found.Params
		return nil
	}
	again := attempt{left: asked}
	singular := math.IsInf(found.Value, 1) && a.from != nil
	s.found, s.attempts = append(s.found, found), s.attempts[1:]
	if singular && len(s.attempts) == 0 {
		s.attempts = append(s.attempts, again)
	}
	return nil
}

// adopt takes over the likeliest of the parameters that were found.
func (s *process) adopt(x [][]float64, y []float64, seen int) error {
	s.attempts = nil
	best := &s.found[0]
	if seen > s.fitted && len(s.found) > 1 { // it was found with fewer data
		now, err := s.regression.Descend(x, y, &best.Params, 1)
		if err != nil {
			return err
		}
		best = &now
	}
	for i := range s.found[1:] {
		if other := &s.found[1+i]; other.Value < best.Value {
			best = other
		}
	}
	switch singular := math.IsInf(best.Value, 1); {
	case !singular:
		s.params, s.last = &best.Params, nil
	case s.params == nil:
		return fmt.Errorf("fit a Gaussian process to %d points: no parameters make their covariances positive definite", len(x))
	}
	return nil
}

// sample returns n of the data: one half the best, the other evenly of the rest
// by rank.
func sample(d *Data, n int) (x [][]float64, y []float64) {
	order := make([]int, len(d.Y))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(d.Y[i], d.Y[j]) })
	half := n / 2
	kept := slices.Clone(order[:half])
	rest := order[half:]
	for k := range n - half {
		kept = append(kept, rest[k*len(rest)/(n-half)])
	}
	for _, i := range kept {
		x, y = append(x, d.X[i]), append(y, d.Y[i])
	}
	return x, y
}
