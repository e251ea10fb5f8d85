package functions

import (
	"math"
	"slices"

	"github.com/rushnet/rush/loops/space"
)

// ZDT1 returns x1 and g·(1 - √(x1/g)), g = 1 + 9·Σxi/(n-1) over i > 1, searched on
// [0, 1]ⁿ. On its front all but x1 are 0.
//
// E. Zitzler, K. Deb and L. Thiele (2000). Comparison of multiobjective
// evolutionary algorithms: empirical results. Evolutionary Computation 8, 173-195.
func ZDT1(x []float64) []float64 {
	g := zdtG(x)
	return []float64{x[0], g * (1 - math.Sqrt(x[0]/g))}
}

// ZDT2 is [ZDT1] with 1 - (x1/g)², from the same paper.
func ZDT2(x []float64) []float64 {
	g := zdtG(x)
	return []float64{x[0], g * (1 - x[0]/g*x[0]/g)}
}

// ZDT3 is [ZDT1] with 1 - √(x1/g) - x1/g·sin(10π·x1), from the same paper.
func ZDT3(x []float64) []float64 {
	g := zdtG(x)
	return []float64{x[0], g * (1 - math.Sqrt(x[0]/g) - x[0]/g*math.Sin(10*math.Pi*x[0]))}
}

// ZDT4 is [ZDT1] with g = 1 + 10·(n-1) + Σ(xi² - 10·cos(4π·xi)) over i > 1, which
// has 21ⁿ⁻¹ local fronts, searched with all but x1 in [-5, 5]; from the same paper.
func ZDT4(x []float64) []float64 {
	g := 1 + 10*float64(len(x)-1)
	for _, v := range x[1:] {
		g += v*v - 10*math.Cos(4*math.Pi*v)
	}
	return []float64{x[0], g * (1 - math.Sqrt(x[0]/g))}
}

// ZDT6 returns f = 1 - exp(-4·x1)·sin(6π·x1)⁶ and g·(1 - (f/g)²), g = 1 +
// 9·(Σxi/(n-1))^0.25 over i > 1, searched on [0, 1]ⁿ; from the same paper. Few
// points are near its front, on which all but x1 are 0 and f is 0.2808 or more.
func ZDT6(x []float64) []float64 {
	f := 1 - math.Exp(-4*x[0])*math.Pow(math.Sin(6*math.Pi*x[0]), 6)
	g := 1 + 9*math.Pow((zdtG(x)-1)/9, 0.25)
	return []float64{f, g * (1 - f/g*f/g)}
}

// zdtG is 1 + 9·Σxi/(n-1) over i > 1.
func zdtG(x []float64) float64 {
	sum := 0.0
	for _, v := range x[1:] {
		sum += v
	}
	return 1 + 9*sum/float64(len(x)-1)
}

func zdt1() Multi {
	return Multi{
		Name: "zdt1", About: "two outputs, a convex front", Hypervolume: 7*1.1 - 1.0/3, // less the integral of 1 - √x
	}.zdt(7, ZDT1)
}

func zdt2() Multi {
	return Multi{
		Name: "zdt2", About: "two outputs, a concave front", Hypervolume: 7*1.1 - 2.0/3, // less that of 1 - x²
	}.zdt(7, ZDT2)
}

func zdt3() Multi {
	return Multi{Name: "zdt3", About: "two outputs, a front in five pieces", Hypervolume: zdt3Volume}.zdt(7, ZDT3)
}

// zdt3Volume is 7·1.1 less the integral of the least of 1 - √x - x·sin(10πx) up to
// x, by quadrature.
const zdt3Volume = 7.82176

func zdt4() Multi {
	f := Multi{
		Name: "zdt4", About: "two outputs, a convex front behind very many others", Hypervolume: 200*1.1 - 1.0/3,
	}.zdt(200, ZDT4)
	params := slices.Clone(f.Space.Params())
	for i := range params[1:] {
		params[i+1] = param(i+1, -5, 5)
	}
	f.Space = space.MustNew(params...)
	return f
}

func zdt6() Multi {
	const least = 0.2807753188 // of f: where tan(6π·x1) is 9π
	return Multi{
		Name: "zdt6", About: "two outputs, a concave front that few points are near to",
		Hypervolume: 10*0.1 + 9*(1-least) + (1-least*least*least)/3,
	}.zdt(10, ZDT6)
}

// zdt completes one of the functions of ten parameters, or any number from two on.
func (f Multi) zdt(reference float64, formula func(x []float64) []float64) Multi {
	f.Space, f.Reference, f.MinDim, f.formula = cube(10, 0, 1), []float64{1.1, reference}, 2, formula
	return f.withOutputs()
}
