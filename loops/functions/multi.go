package functions

import (
	"context"
	"fmt"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

// A Multi is a function with several outputs, y1, y2 and so on, all to be
// minimized. It is got from [MultiByName] and may be shared by any number of
// goroutines.
type Multi struct {
	Name  string
	About string // a line for people

	Space   space.Space // of x1, x2, ...
	Outputs []string
	// Reference is worse than all of the Pareto front, for its hypervolume.
	Reference []float64

	formula func(x []float64) []float64
}

// MultiNames lists the functions with several outputs in alphabetical order.
func MultiNames() []string {
	var names []string
	for _, f := range multi() {
		names = append(names, f.Name)
	}
	return names
}

// MultiByName returns the function of that name, of those that [MultiNames] lists.
func MultiByName(name string) (Multi, bool) {
	for _, f := range multi() {
		if f.Name == name {
			return f, true
		}
	}
	return Multi{}, false
}

func multi() []Multi {
	return []Multi{
		onCube("dtlz2", "three outputs, a part of a sphere", 12, 0, 1, []float64{2.5, 2.5, 2.5}, DTLZ2),
		onCube("kursawe", "two outputs, a front in four pieces", 3, -5, 5, []float64{-4, 25}, Kursawe),
		onCube("zdt1", "two outputs, a convex front", 10, 0, 1, []float64{1.1, 7}, ZDT1),
		onCube("zdt2", "two outputs, a concave front", 10, 0, 1, []float64{1.1, 7}, ZDT2),
		onCube("zdt3", "two outputs, a front in five pieces", 10, 0, 1, []float64{1.1, 7}, ZDT3),
	}
}

func onCube(name, about string, d int, lower, upper float64, reference []float64, formula func(x []float64) []float64) Multi {
	f := Multi{Name: name, About: about, Space: cube(d, lower, upper), Reference: reference, formula: formula}
	for i := range reference {
		f.Outputs = append(f.Outputs, fmt.Sprintf("y%d", i+1))
	}
	return f
}

// Evaluate returns the function's values at a point of its space.
func (f Multi) Evaluate(_ context.Context, xs rush.Values) (rush.Values, error) {
	x := make([]float64, f.Space.Len())
	for i, name := range f.Space.Names() {
		v, err := number(name, xs[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		x[i] = v
	}
	ys := make(rush.Values, len(f.Outputs))
	for i, v := range f.formula(x) {
		ys[f.Outputs[i]] = v
	}
	return ys, nil
}

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

func zdtG(x []float64) float64 {
	sum := 0.0
	for _, v := range x[1:] {
		sum += v
	}
	return 1 + 9*sum/float64(len(x)-1)
}

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
