package nsga2

import (
	"math"

	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// A variation makes children.
type variation struct {
	kinds                     []kind
	crossover, mutation       float64 // probabilities
	etaCrossover, etaMutation float64 // distribution indices
}

// A kind is how a coordinate varies.
type kind struct {
	levels int     // of a category; 0 for a number
	cell   float64 // the least step of an integer; 0 for a real number
}

func kindsOf(s space.Space) []kind {
	kinds := make([]kind, s.Len())
	for i, p := range s.Params() {
		switch p.Type {
		case space.Fct:
			kinds[i].levels = len(p.Levels)
		case space.Lgl:
			kinds[i].levels = 2
		case space.Int:
			kinds[i].cell = (1 - p.SpecialShare()) / (p.Upper - p.Lower + 1)
		}
	}
	return kinds
}

// child returns a place made of two others. It differs from both in a coordinate
// at least that was changed.
func (v *variation) child(a, b []float64, g *seeds.Generator) []float64 {
	u := make([]float64, len(a))
	cross := g.Float64() < v.crossover
	for i := range u {
		u[i] = v.inherit(i, a[i], b[i], cross, g)
	}
	must := g.Index(len(u))
	for i := range u {
		if g.Float64() < v.mutation || i == must && !cross {
			u[i] = v.mutate(i, u[i], g)
		}
	}
	return u
}

// inherit returns a coordinate of the parents, or between them or beside. One that
// is inactive in both is anywhere: other coordinates may make it active.
func (v *variation) inherit(i int, a, b float64, cross bool, g *seeds.Generator) float64 {
	first := !cross || g.Float64() < 0.5
	switch {
	case math.IsNaN(a) && math.IsNaN(b):
		return g.Float64()
	case math.IsNaN(b):
		return a
	case math.IsNaN(a):
		return b
	case cross && v.kinds[i].levels == 0 && g.Float64() < 0.5:
		low, high := simulatedBinary(min(a, b), max(a, b), v.etaCrossover, g.Float64())
		if first == (a <= b) {
			return low
		}
		return high
	case first:
		return a
	}
	return b
}

// mutate changes a coordinate: to another level, or a number a little, an integer by one
// at least.
func (v *variation) mutate(i int, u float64, g *seeds.Generator) float64 {
	k := &v.kinds[i]
	if k.levels > 0 {
		return other(u, k.levels, g)
	}
	to := polynomial(u, v.etaMutation, g.Float64())
	if math.Abs(to-u) < k.cell {
		step := k.cell
		if to < u {
			step = -step
		}
		if to = u + step; to < 0 || to > 1 {
			to = u - step
		}
	}
	return min(max(to, 0), 1)
}

// other returns the middle of another one of n cells than that of u.
func other(u float64, n int, g *seeds.Generator) float64 {
	if n < 2 {
		return u
	}
	cell := min(int(u*float64(n)), n-1)
	cell = (cell + 1 + g.Index(n-1)) % n
	return (float64(cell) + 0.5) / float64(n)
}

// simulatedBinary returns the two children of simulated binary crossover within 0 to 1 for
// a uniform draw r (K. Deb and R. B. Agrawal 1995, Simulated binary crossover for
// continuous search space, Complex Systems 9, 115-148; with bounds: K. Deb and H.-G. Beyer
// 2001). a <= b.
func simulatedBinary(a, b, eta, r float64) (low, high float64) {
	if b-a < 1e-14 {
		return a, b
	}
	low = (a + b - spread(2*a/(b-a), eta, r)*(b-a)) / 2
	high = (a + b + spread(2*(1-b)/(b-a), eta, r)*(b-a)) / 2
	return min(max(low, 0), 1), min(max(high, 0), 1)
}

// spread is the spread factor of crossover; room is how much of it the bound
// leaves above 1.
func spread(room, eta, r float64) float64 {
	alpha := 2 - math.Pow(1+room, -(eta+1))
	if r <= 1/alpha {
		return math.Pow(r*alpha, 1/(eta+1))
	}
	return math.Pow(1/(2-r*alpha), 1/(eta+1))
}

// polynomial returns the polynomial mutation of u within 0 to 1 for a uniform draw
// r (K. Deb and M. Goyal 1996; with bounds: K. Deb and S. Agrawal 1999).
func polynomial(u, eta, r float64) float64 {
	if r < 0.5 {
		return max(u+math.Pow(2*r+(1-2*r)*math.Pow(1-u, eta+1), 1/(eta+1))-1, 0)
	}
	// Next to 0 the power of u underflows.
	return min(u+1-math.Pow(2*(1-r)+(2*r-1)*math.Pow(u, eta+1), 1/(eta+1)), 1)
}
