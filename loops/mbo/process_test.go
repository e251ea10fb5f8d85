package mbo

import (
	"math"
	"testing"

	"github.com/rushnet/rush/loops/gp"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// valley draws n places of three numbers, and what came out there.
func valley(n int) *Data {
	g, d := seeds.New(5).Generator(), &Data{Seen: n}
	for range n {
		u := []float64{g.Float64(), g.Float64(), g.Float64()}
		d.X, d.Y = append(d.X, u), append(d.Y, math.Sin(5*u[0])+2*u[1]*u[1]+0.1*u[2])
	}
	return d
}

func cube(names ...string) *domain {
	var params []space.Param
	for _, name := range names {
		params = append(params, space.Param{Name: name, Type: space.Dbl, Lower: 0, Upper: 1})
	}
	return newDomain(space.MustNew(params...))
}

// first returns the first n of the data.
func (d *Data) first(n int) *Data { return &Data{X: d.X[:n], Y: d.Y[:n], Seen: n} }

// A fit that is spread over several proposals comes to parameters that are about as
// likely as those of a fit at once; until then the old ones serve.
func TestAFitIsSpreadOverProposals(t *testing.T) {
	t.Parallel()
	all := valley(200)
	allowed := new(allowance)
	spread, once := newProcess(cube("a", "b", "c"), false, allowed), newProcess(cube("a", "b", "c"), false, nil)
	for _, s := range []*process{spread, once} {
		if _, err := s.smooth(all.first(50)); err != nil {
			t.Fatal(err)
		}
	}
	old := spread.params
	if _, err := once.smooth(all); err != nil {
		t.Fatal(err)
	}
	proposals := 0
	for spread.params == old {
		if proposals++; proposals > 20 {
			t.Fatal("the fit does not end")
		}
		allowed.begin()
		allowed.left /= 4 // as of a proposal with as many models
		if _, err := spread.smooth(all); err != nil {
			t.Fatal(err)
		}
		if allowed.left < 0 {
			t.Errorf("the work is %v more than is allowed", -allowed.left)
		}
	}
	if proposals < 2 {
		t.Errorf("the fit took %d proposals", proposals)
	}
	value := func(p *gp.Params) float64 {
		f, err := once.regression.Descend(all.X, all.Y, p, 1)
		if err != nil {
			t.Fatal(err)
		}
		return f.Value
	}
	if a, b, before := value(spread.params), value(once.params), value(old); a > b+0.3*(before-b) {
		t.Errorf("minus the log likelihood is %v, at once %v, before %v", a, b, before)
	}
}

// The first parameters are there at once, whatever is allowed.
func TestTheFirstFitIsNotPutOff(t *testing.T) {
	t.Parallel()
	s := newProcess(cube("a", "b", "c"), true, new(allowance))
	if _, err := s.smooth(valley(120)); err != nil || s.params == nil || s.attempts != nil {
		t.Errorf("%v, %v", s.params, err)
	}
}
