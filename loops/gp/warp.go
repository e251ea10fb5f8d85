package gp

import (
	"math"
	"slices"
)

// A Warp maps outputs monotonically to what the process models: y becomes
// log(1 + k·t)/k with t = (y - Shift)/Scale, which is nearly linear for small
// k = exp(Strength) and tells apart what is near the least of the outputs for
// large. The zero Warp changes nothing.
type Warp struct {
	Shift, Scale float64
	Strength     float64 // the logarithm of k
	log          bool
}

// Of returns the warped output. Below Shift it goes on as a straight line.
func (w *Warp) Of(y float64) float64 {
	if w.Scale == 0 {
		return y
	}
	t := (y - w.Shift) / w.Scale
	if !w.log || t <= 0 {
		return t
	}
	k := math.Exp(w.Strength)
	return math.Log1p(k*t) / k
}

// Inverse is the inverse of Of.
func (w *Warp) Inverse(z float64) float64 {
	if w.Scale == 0 {
		return z
	}
	if w.log && z > 0 {
		k := math.Exp(w.Strength)
		z = math.Expm1(k*z) / k
	}
	return w.Shift + w.Scale*z
}

// newWarp returns the warp of some outputs: the least becomes 0 and, as long as
// it is linear, the median 1.
func newWarp(y []float64, log bool) Warp {
	sorted := slices.Sorted(slices.Values(y))
	n := len(sorted)
	w := Warp{Shift: sorted[0], Scale: sorted[n/2] - sorted[0], log: log}
	for at := n/2 + 1; w.Scale <= 0 && at < n; at++ {
		w.Scale = sorted[at] - sorted[0]
	}
	if !(w.Scale > 0) || math.IsInf(w.Scale, 0) {
		w.Scale = 1
	}
	return w
}

// jacobian is the logarithm of the derivative of Of, up to a constant, with the
// derivative of that by Strength.
func (w *Warp) jacobian(y float64) (value, slope float64) {
	k := math.Exp(w.Strength)
	t := max((y-w.Shift)/w.Scale, 0)
	return -math.Log1p(k * t), -k * t / (1 + k*t)
}

// slope is the derivative of Of by Strength.
func (w *Warp) slope(y float64) float64 {
	k := math.Exp(w.Strength)
	t := max((y-w.Shift)/w.Scale, 0)
	return t/(1+k*t) - math.Log1p(k*t)/k
}
