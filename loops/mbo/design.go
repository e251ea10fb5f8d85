package mbo

import "github.com/rushnet/rush/loops/optimizer"

// A design gives the places that are evaluated first, by the number of the task.
type design func(r *optimizer.Request) []float64

// newDesign returns a design of n places: of a scrambled Sobol sequence, a Latin
// hypercube or random ones. All workers have the same.
func newDesign(s *optimizer.Setting, d *domain, kind string, n int) design {
	switch kind {
	case "lhs":
		places := s.Space.LatinHypercube(n, s.Common(0))
		return func(r *optimizer.Request) []float64 { return places[r.Key] }
	case "random":
		return func(r *optimizer.Request) []float64 { return d.random(r.Rand) }
	}
	sequence := s.Space.Sobol(s.Common(0).Stream())
	return func(r *optimizer.Request) []float64 { return sequence.At(int64(r.Key)) }
}

// initialSize is how many places a design has when nobody says: two more than
// there are parameters, within reason, and no more than a third of the budget.
func initialSize(s *optimizer.Setting) int {
	n := min(max(s.Space.Len()+2, 5), 20)
	if s.Evals > 0 {
		n = min(n, max(int(s.Evals/3), 3))
	}
	return n
}
