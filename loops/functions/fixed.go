package functions

import (
	"math"

	"github.com/rushnet/rush/loops/space"
)

// Branin returns
//
//	(x2 - 5.1/(4π²)·x1² + 5/π·x1 - 6)² + 10·(1 - 1/(8π))·cos(x1) + 10
//
// which is searched on -5 <= x1 <= 10, 0 <= x2 <= 15. Its minimum there is
// 10/(8π) = 0.397887..., at (-π, 12.275), (π, 2.275) and (3π, 2.475).
//
// F. H. Branin (1972). Widely convergent method for finding multiple solutions
// of simultaneous nonlinear equations. IBM Journal of Research and Development
// 16, 504-522; in the form of L. C. W. Dixon and G. P. Szegö (1978).
func Branin(x1, x2 float64) float64 {
	const b, c, t = 5.1 / (4 * math.Pi * math.Pi), 5 / math.Pi, 1 / (8 * math.Pi)
	u := x2 - b*x1*x1 + c*x1 - 6
	return u*u + 10*(1-t)*math.Cos(x1) + 10
}

func branin() Function {
	return Function{
		Name: "branin", About: "two parameters, three equal minima",
		Space:   space.MustNew(param(0, -5, 10), param(1, 0, 15)),
		Optimum: 10 / (8 * math.Pi),
		Optima:  points([]float64{-math.Pi, 12.275}, []float64{math.Pi, 2.275}, []float64{3 * math.Pi, 2.475}),
		MinDim:  2, MaxDim: 2,
	}.scoredBy(func(x []float64) float64 { return Branin(x[0], x[1]) })
}

// Himmelblau returns
//
//	(x1² + x2 - 11)² + (x1 + x2² - 7)²
//
// which is searched on -5 <= x1, x2 <= 5. Its minimum is 0, at (3, 2),
// (-2.805118, 3.131313), (-3.779310, -3.283186) and (3.584428, -1.848127).
//
// D. M. Himmelblau (1972). Applied Nonlinear Programming. McGraw-Hill.
func Himmelblau(x1, x2 float64) float64 {
	u, v := x1*x1+x2-11, x1+x2*x2-7
	return u*u + v*v
}

func himmelblau() Function {
	return Function{
		Name: "himmelblau", About: "two parameters, four equal minima",
		Space: cube(2, -5, 5),
		Optima: points([]float64{3, 2}, []float64{-2.805118086952745, 3.131312518250573},
			[]float64{-3.779310253377747, -3.283185991286170}, []float64{3.584428340330492, -1.848126526964404}),
		MinDim: 2, MaxDim: 2,
	}.scoredBy(func(x []float64) float64 { return Himmelblau(x[0], x[1]) })
}

// Hartmann6 returns
//
//	-Σi αi·exp(-Σj Aij·(xj - Pij)²), i = 1..4, j = 1..6
//
// with the constants of its paper. It is searched on 0 <= x1, ..., x6 <= 1,
// where its minimum is -3.32237, at (0.20169, 0.150011, 0.476874, 0.275332,
// 0.311652, 0.6573); five others are local.
//
// J. K. Hartman (1973). Some experiments in global optimization. Naval Research
// Logistics Quarterly 20, 569-576; the constants are those of L. C. W. Dixon
// and G. P. Szegö (1978). The global optimization problem: an introduction.
// Towards Global Optimisation 2, North-Holland, 1-15.
func Hartmann6(x [6]float64) float64 {
	alpha := [4]float64{1, 1.2, 3, 3.2}
	a := [4][6]float64{
		{10, 3, 17, 3.5, 1.7, 8},
		{0.05, 10, 17, 0.1, 8, 14},
		{3, 3.5, 1.7, 10, 17, 8},
		{17, 8, 0.05, 10, 0.1, 14},
	}
	p := [4][6]float64{
		{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
		{0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
		{0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
		{0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381},
	}
	sum := 0.0
	for i := range alpha {
		exponent := 0.0
		for j := range x {
			d := x[j] - p[i][j]
			exponent += a[i][j] * d * d
		}
		sum += alpha[i] * math.Exp(-exponent)
	}
	return -sum
}

func hartmann6() Function {
	return Function{
		Name: "hartmann6", About: "six parameters, six minima of which one is the least",
		Space:   cube(6, 0, 1),
		Optimum: -3.32236801141551,
		Optima:  points([]float64{0.20168952, 0.15001069, 0.47687398, 0.27533243, 0.31165162, 0.65730054}),
		MinDim:  6, MaxDim: 6,
	}.scoredBy(func(x []float64) float64 { return Hartmann6([6]float64(x)) })
}
