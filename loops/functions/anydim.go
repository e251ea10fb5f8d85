package functions

import "math"

// Rosenbrock returns
//
//	Σi 100·(x(i+1) - xi²)² + (1 - xi)², i = 1..d-1
//
// which is searched on -5 <= xi <= 10, in two dimensions or more; of fewer
// numbers it is 0. Its minimum is 0, where all xi are 1, in a narrow bent
// valley.
//
// H. H. Rosenbrock (1960). An automatic method for finding the greatest or
// least value of a function. The Computer Journal 3, 175-184; extended to d
// dimensions as in K. A. De Jong (1975) and later work.
func Rosenbrock(x ...float64) float64 {
	sum := 0.0
	for i := 0; i+1 < len(x); i++ {
		u, v := x[i+1]-x[i]*x[i], 1-x[i]
		sum += 100*u*u + v*v
	}
	return sum
}

func rosenbrock() Function {
	return Function{Name: "rosenbrock", About: "two parameters or more, a narrow bent valley", MinDim: 2}.
		scoredBy(func(x []float64) float64 { return Rosenbrock(x...) }).
		searchedOn(-5, 10, 1)
}

// Ackley returns
//
//	-20·exp(-0.2·sqrt(1/d Σi xi²)) - exp(1/d Σi cos(2π·xi)) + 20 + e
//
// which is searched on -32.768 <= xi <= 32.768, in any dimension. Its minimum
// is 0, where all xi are 0, in the middle of a plain full of dents. Of no
// numbers it is NaN.
//
// D. H. Ackley (1987). A Connectionist Machine for Genetic Hillclimbing.
// Kluwer; in d dimensions by T. Bäck (1996). Evolutionary Algorithms in Theory
// and Practice. Oxford University Press.
func Ackley(x ...float64) float64 {
	squares, cosines := 0.0, 0.0
	for _, v := range x {
		squares += v * v
		cosines += math.Cos(2 * math.Pi * v)
	}
	d := float64(len(x))
	return -20*math.Exp(-0.2*math.Sqrt(squares/d)) - math.Exp(cosines/d) + 20 + math.E
}

func ackley() Function {
	return Function{Name: "ackley", About: "any number of parameters, many local minima on a plain around a deep one", MinDim: 1}.
		scoredBy(func(x []float64) float64 { return Ackley(x...) }).
		searchedOn(-32.768, 32.768, 0)
}

// Rastrigin returns
//
//	10·d + Σi xi² - 10·cos(2π·xi)
//
// which is searched on -5.12 <= xi <= 5.12, in any dimension. Its minimum is 0,
// where all xi are 0, among local minima near all other points of integers.
//
// L. A. Rastrigin (1974). Systems of Extremal Control. Nauka (in Russian); in d
// dimensions by H. Mühlenbein, M. Schomisch and J. Born (1991). The parallel
// genetic algorithm as function optimizer. Parallel Computing 17, 619-632.
func Rastrigin(x ...float64) float64 {
	sum := 10 * float64(len(x))
	for _, v := range x {
		sum += v*v - 10*math.Cos(2*math.Pi*v)
	}
	return sum
}

func rastrigin() Function {
	return Function{Name: "rastrigin", About: "any number of parameters, a regular grid of local minima", MinDim: 1}.
		scoredBy(func(x []float64) float64 { return Rastrigin(x...) }).
		searchedOn(-5.12, 5.12, 0)
}

// Sphere returns
//
//	Σi xi²
//
// which is searched on -5.12 <= xi <= 5.12, in any dimension. Its minimum is 0,
// where all xi are 0.
//
// K. A. De Jong (1975). An Analysis of the Behavior of a Class of Genetic
// Adaptive Systems. PhD thesis, University of Michigan (its function F1).
func Sphere(x ...float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return sum
}

func sphere() Function {
	return Function{Name: "sphere", About: "any number of parameters, one minimum, easy", MinDim: 1}.
		scoredBy(func(x []float64) float64 { return Sphere(x...) }).
		searchedOn(-5.12, 5.12, 0)
}
