package space

import (
	"math/bits"

	"github.com/rushnet/rush/loops/sobol"
	"github.com/rushnet/rush/seeds"
)

// LatinHypercube returns n places in the unit cube of which each coordinate has
// one in each of n intervals of equal size, at random within it (M. D. McKay,
// R. J. Beckman, W. J. Conover 1979). A place that violates a constraint is
// replaced by a random one of the space. Coordinates of inactive parameters are
// NaN, that of the fidelity parameter is at its upper bound: [Space.FromUnit]
// makes the points.
func (s Space) LatinHypercube(n int, g *seeds.Generator) [][]float64 {
	places := make([][]float64, n)
	for i := range places {
		places[i] = make([]float64, len(s.params))
	}
	order := make([]int, n)
	for k := range s.params {
		for i := range order {
			order[i] = i
		}
		for i := n - 1; i > 0; i-- {
			j := min(int(g.Float64()*float64(i+1)), i)
			order[i], order[j] = order[j], order[i]
		}
		for i := range places {
			places[i][k] = (float64(order[i]) + g.Float64()) / float64(n)
		}
	}
	for i, u := range places {
		if !s.Feasible(s.FromUnit(u)) {
			places[i], _ = s.ToUnit(s.Sample(g)) // which is in the space
		}
		s.Mask(places[i])
	}
	return places
}

// A Sobol is a design of any length over a space: the scrambled Sobol' sequence
// of package sobol. It never changes and may be shared by any number of
// goroutines.
type Sobol struct {
	space    Space
	sequence *sobol.Sequence
	seed     uint64
}

// Sobol returns the design that the stream scrambles: the same for the same
// stream.
func (s Space) Sobol(stream seeds.Stream) *Sobol {
	g := stream.Generator()
	word := func() uint64 { return uint64(g.Float64() * (1 << 32)) }
	seed := word()<<32 | word()
	return &Sobol{s, sobol.New(len(s.params)), seed}
}

// mostScramblings is how often a point is taken from another scrambling.
const mostScramblings = 100

// At returns the place of the i-th point, counted from 0 and below 2^32, with NaN
// where a parameter is inactive and the fidelity parameter at its upper bound;
// [Space.FromUnit] makes the point. Where it violates a constraint, it is the i-th
// point of the next scrambling in which it does not, and after 100 of them a place near
// by where it does not.
func (d *Sobol) At(i int64) []float64 {
	u := make([]float64, 0, len(d.space.params))
	for attempt := range uint64(mostScramblings) {
		u = d.sequence.Scrambled(d.seed^bits.Reverse64(attempt)).At(i, u)
		if d.space.Feasible(d.space.FromUnit(u)) {
			d.space.Mask(u)
			return u
		}
	}
	g := seeds.New(int32(uint32(d.seed) ^ uint32(i))).Generator()
	u = d.space.found(d.sequence.Scrambled(d.seed).At(i, u), g)
	d.space.Mask(u)
	return u
}
