package functions

import (
	"math"

	"github.com/rushnet/rush/loops/space"
)

// DTLZ2 returns three objectives, of which the front is a part of the unit sphere:
// (1+g)·cos(πx1/2)·cos(πx2/2), (1+g)·cos(πx1/2)·sin(πx2/2) and (1+g)·sin(πx1/2), g the sum
// of (xi - 0.5)² over the others, searched on [0, 1]ⁿ.
//
// K. Deb, L. Thiele, M. Laumanns and E. Zitzler (2002). Scalable multi-objective
// optimization test problems. Proceedings of the 2002 Congress on Evolutionary
// Computation, 825-830.
func DTLZ2(x []float64) []float64 {
	g := 1.0
	for _, v := range x[2:] {
		g += (v - 0.5) * (v - 0.5)
	}
	sin1, cos1 := math.Sincos(math.Pi * x[0] / 2)
	sin2, cos2 := math.Sincos(math.Pi * x[1] / 2)
	return []float64{g * cos1 * cos2, g * cos1 * sin2, g * sin1}
}

func dtlz2() Multi {
	return Multi{
		Name: "dtlz2", About: "three outputs, a part of a sphere",
		Space: cube(12, 0, 1), MinDim: 3, formula: DTLZ2,
		Reference: []float64{2.5, 2.5, 2.5}, Hypervolume: 2.5*2.5*2.5 - math.Pi/6, // less an eighth of the unit ball
	}.withOutputs()
}

// Kursawe returns
//
//	Σ -10·exp(-0.2·√(xi² + xi+1²)), i < n, and Σ |xi|^0.8 + 5·sin(xi³)
//
// searched on [-5, 5]ⁿ.
//
// F. Kursawe (1991). A variant of evolution strategies for vector optimization.
// Parallel Problem Solving from Nature, LNCS 496, 193-197.
func Kursawe(x []float64) []float64 {
	a, b := 0.0, 0.0
	for i, v := range x {
		if i > 0 {
			a -= 10 * math.Exp(-0.2*math.Hypot(x[i-1], v))
		}
		b += math.Pow(math.Abs(v), 0.8) + 5*math.Sin(v*v*v)
	}
	return []float64{a, b}
}

func kursawe() Multi {
	return Multi{
		Name: "kursawe", About: "two outputs, a front in four pieces",
		Space: cube(3, -5, 5), MinDim: 2, formula: Kursawe, Reference: []float64{-4, 25},
	}.withOutputs()
}

// BinhKorn returns the objectives 4x² + 4y² and (x - 5)² + (y - 5)² and the
// constraints (x - 5)² + y² - 25 and 7.7 - (x - 8)² - (y + 3)², which are to be at
// most 0, searched on [0, 5] × [0, 3]. On its front y = min(x, 3).
//
// T. T. Binh and U. Korn (1997). MOBES: a multiobjective evolution strategy for
// constrained optimization problems. Proceedings of the Third International
// Conference on Genetic Algorithms, Mendel 97, 176-182.
func BinhKorn(x, y float64) (objectives, constraints [2]float64) {
	sq := func(v float64) float64 { return v * v }
	return [2]float64{4*x*x + 4*y*y, sq(x-5) + sq(y-5)},
		[2]float64{sq(x-5) + y*y - 25, 7.7 - sq(x-8) - sq(y+3)}
}

func binhKorn() Multi {
	return Multi{
		Name: "binh_korn", About: "two outputs and two constraints on outputs",
		Space: space.MustNew(param(0, 0, 5), param(1, 0, 3)), MinDim: 2, MaxDim: 2,
		Constraints: []string{"c1", "c2"},
		Reference:   []float64{140, 50}, Hypervolume: 15856.0 / 3,
		formula: func(x []float64) []float64 {
			f, c := BinhKorn(x[0], x[1])
			return []float64{f[0], f[1], c[0], c[1]}
		},
	}.withOutputs()
}
