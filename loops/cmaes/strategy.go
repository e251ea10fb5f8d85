package cmaes

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// A strategy is a normal distribution and how it adapts.
type strategy struct {
	*parameters
	n     int
	mean  []float64
	sigma float64
	cov   *mat.SymDense

	pathS, pathC []float64 // evolution paths, of the step size and of the covariance
	updates      int

	// Of cov = basis diag(scale²) basis'.
	basis *mat.Dense
	scale []float64
}

func newStrategy(mean []float64, sigma float64, lambda int) *strategy {
	n := len(mean)
	s := &strategy{
		parameters: newParameters(n, lambda), n: n, mean: mean, sigma: sigma,
		cov: mat.NewSymDense(n, nil), pathS: make([]float64, n), pathC: make([]float64, n),
	}
	for i := range n {
		s.cov.SetSym(i, i, 1)
	}
	s.decompose()
	return s
}

// update moves the distribution on by λ points, the best first.
//
//	update
//	  steps       of the points, from the mean
//	  moveMean
//	  adaptSigma
//	  adaptCov
//	  decompose
func (s *strategy) update(points [][]float64) {
	steps, lengths := s.steps(points)
	step := s.moveMean(steps)
	short := s.adaptSigma(step)
	s.adaptCov(step, steps, lengths, short)
	s.updates++
	s.decompose()
}

// steps returns (x - mean)/sigma for each point, and its Mahalanobis length. Steps
// are no longer than what is usual for one that was drawn from the distribution
// (Hansen 2011, equation 3); those that were are hardly ever.
func (s *strategy) steps(points [][]float64) (steps [][]float64, lengths []float64) {
	n := float64(s.n)
	longest := math.Sqrt(n) + 2*n/(n+2)
	for _, x := range points {
		y := make([]float64, s.n)
		floats.SubTo(y, x, s.mean)
		floats.Scale(1/s.sigma, y)
		length := floats.Norm(s.whiten(y), 2)
		if length > longest {
			floats.Scale(longest/length, y)
			length = longest
		}
		steps, lengths = append(steps, y), append(lengths, length)
	}
	return steps, lengths
}

// moveMean moves the mean by the weighted mean of the best steps, and returns
// that (equations 41 and 42).
func (s *strategy) moveMean(steps [][]float64) []float64 {
	step := make([]float64, s.n)
	for i := range s.mu {
		floats.AddScaled(step, s.weights[i], steps[i])
	}
	floats.AddScaled(s.mean, s.sigma, step)
	return step
}

// adaptSigma compares the length of the path with what it is by chance, and
// reports whether the path is so short that the covariance's may go on (equations
// 43 and 44).
func (s *strategy) adaptSigma(step []float64) (short bool) {
	white := s.whiten(step)
	floats.Scale(1-s.cs, s.pathS)
	floats.AddScaled(s.pathS, math.Sqrt(s.cs*(2-s.cs)*s.mueff), white)
	length := floats.Norm(s.pathS, 2)
	s.sigma = min(max(s.sigma*math.Exp(s.cs/s.ds*(length/s.chi-1)), smallest), largest)
	begun := math.Sqrt(1 - math.Pow(1-s.cs, float64(2*(s.updates+1))))
	return length/begun < (1.4+2/float64(s.n+1))*s.chi
}

// What sigma is kept within: in the unit cube nothing is gained beyond.
const smallest, largest = 1e-14, 1.0

// adaptCov learns from the path and from the steps (equations 45 to 47).
func (s *strategy) adaptCov(step []float64, steps [][]float64, lengths []float64, short bool) {
	floats.Scale(1-s.cc, s.pathC)
	stalled := s.cc * (2 - s.cc)
	if short {
		floats.AddScaled(s.pathC, math.Sqrt(s.cc*(2-s.cc)*s.mueff), step)
		stalled = 0
	}
	keep := 1 + s.c1*stalled - s.c1 - s.cmu*floats.Sum(s.weights)
	s.cov.ScaleSym(keep, s.cov)
	s.cov.SymRankOne(s.cov, s.c1, mat.NewVecDense(s.n, s.pathC))
	for i, y := range steps {
		w := s.weights[i]
		if w < 0 {
			w *= float64(s.n) / max(lengths[i]*lengths[i], 1e-16)
		}
		s.cov.SymRankOne(s.cov, s.cmu*w, mat.NewVecDense(s.n, y))
	}
}

// whiten returns the inverse root of the covariance times y.
func (s *strategy) whiten(y []float64) []float64 {
	var along, out mat.VecDense
	along.MulVec(s.basis.T(), mat.NewVecDense(s.n, y))
	for i, d := range s.scale {
		along.SetVec(i, along.AtVec(i)/d)
	}
	out.MulVec(s.basis, &along)
	return out.RawVector().Data
}

// color returns the root of the covariance times z.
func (s *strategy) color(z []float64) []float64 {
	var out mat.VecDense
	along := make([]float64, s.n)
	floats.MulTo(along, s.scale, z)
	out.MulVec(s.basis, mat.NewVecDense(s.n, along))
	return out.RawVector().Data
}

// decompose finds the axes of the covariance. Rounding may make the shortest
// negative: they are a tiny part of the longest at least.
func (s *strategy) decompose() {
	var e mat.EigenSym
	if !e.Factorize(s.cov, true) { // not a number: begin with a ball again
		for i := range s.n {
			for k := range i + 1 {
				s.cov.SetSym(i, k, 0)
			}
			s.cov.SetSym(i, i, 1)
		}
		e.Factorize(s.cov, true)
	}
	values := e.Values(nil)
	s.basis = mat.NewDense(s.n, s.n, nil)
	e.VectorsTo(s.basis)
	s.scale = values
	longest := values[len(values)-1]
	for i, v := range values {
		s.scale[i] = math.Sqrt(max(v, longest*1e-16, 1e-300))
	}
}

// deviation is the standard deviation along the i-th coordinate.
func (s *strategy) deviation(i int) float64 { return s.sigma * math.Sqrt(max(s.cov.At(i, i), 0)) }
