package main

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// A surrogate is a Gaussian process with a squared exponential kernel, on inputs
// in the unit cube and outputs scaled to mean 0 and standard deviation 1
// (Rasmussen and Williams 2006, algorithm 2.1).
type surrogate struct {
	xs    [][]float64
	chol  mat.Cholesky
	alpha mat.VecDense
	mean  float64
	sd    float64
}

const (
	length = 0.2  // of the kernel
	noise  = 1e-6 // on the diagonal
)

func kernel(a, b []float64) float64 {
	d := 0.0
	for i := range a {
		d += (a[i] - b[i]) * (a[i] - b[i])
	}
	return math.Exp(-d / (2 * length * length))
}

// fit returns a surrogate of points that were evaluated.
func fit(xs [][]float64, ys []float64) (*surrogate, error) {
	s := &surrogate{xs: xs}
	n := len(ys)
	for _, y := range ys {
		s.mean += y / float64(n)
	}
	for _, y := range ys {
		s.sd += (y - s.mean) * (y - s.mean) / float64(n)
	}
	s.sd = max(math.Sqrt(s.sd), 1e-12)
	k, y := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		y.SetVec(i, (ys[i]-s.mean)/s.sd)
		for j := i; j < n; j++ {
			k.SetSym(i, j, kernel(xs[i], xs[j]))
		}
		k.SetSym(i, i, 1+noise)
	}
	if !s.chol.Factorize(k) {
		return nil, errors.New("the kernel matrix is not positive definite")
	}
	return s, s.chol.SolveVecTo(&s.alpha, y)
}

// predict returns the mean and the standard deviation at a point.
func (s *surrogate) predict(x []float64) (mean, sd float64) {
	k := mat.NewVecDense(len(s.xs), nil)
	for i, other := range s.xs {
		k.SetVec(i, kernel(x, other))
	}
	var v mat.VecDense
	if err := s.chol.SolveVecTo(&v, k); err != nil {
		return s.mean, s.sd
	}
	variance := max(0, 1-mat.Dot(k, &v))
	return s.mean + s.sd*mat.Dot(k, &s.alpha), s.sd * math.Sqrt(variance)
}
