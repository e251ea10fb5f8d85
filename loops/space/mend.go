package space

import "github.com/rushnet/rush/seeds"

// Mend returns a place near u at which the point keeps to the constraints: u
// itself if it does there, else the first one that does of some drawn around it,
// further and further away; if there is none, one that is found by steps towards what the
// constraints ask, or else a random one of the space. The
// result has NaN where a parameter is inactive; u is not changed.
func (s Space) Mend(u []float64, g *seeds.Generator) []float64 {
	out := append([]float64(nil), u...)
	if len(s.rules.constraints) == 0 {
		s.Mask(out)
		return out
	}
	radius := 0.01
	for !s.Feasible(s.FromUnit(out)) {
		if radius > 1 {
			if copy(out, u); !s.feasibleNear(out, g) {
				out, _ = s.ToUnit(s.Sample(g)) // which is in the space
			}
			break
		}
		for i := range out {
			out[i] = mirror(u[i] + float64(radius*(2*g.Float64()-1)))
		}
		radius *= 1.05
	}
	s.Mask(out)
	return out
}

// mirror returns x, which is within -1 and 2, or NaN, as seen in mirrors at 0
// and 1.
func mirror(x float64) float64 {
	switch {
	case x < 0:
		return -x
	case x > 1:
		return 2 - x
	}
	return x
}
