package main

import "math"

// adam minimizes by stochastic gradients: Kingma and Ba (2015), Adam: a method for
// stochastic optimization, with the constants that they propose.
type adam struct {
	rate   float64
	first  []float64 // moving mean of the gradient
	second []float64 // moving mean of its squares
	power1 float64   // decay1 to the number of steps
	power2 float64   // decay2 likewise
}

const (
	decay1  = 0.9
	decay2  = 0.999
	epsilon = 1e-8
)

func newAdam(rate float64, params int) *adam {
	return &adam{
		rate:   rate,
		first:  make([]float64, params),
		second: make([]float64, params),
		power1: 1,
		power2: 1,
	}
}

// step moves the parameters down the gradient.
func (a *adam) step(params, grad []float64) {
	a.power1 *= decay1
	a.power2 *= decay2
	// The means begin at 0; this makes up for it.
	rate := a.rate * math.Sqrt(1-a.power2) / (1 - a.power1)
	for i, g := range grad {
		a.first[i] += (1 - decay1) * (g - a.first[i])
		a.second[i] += (1 - decay2) * (g*g - a.second[i])
		params[i] -= rate * a.first[i] / (math.Sqrt(a.second[i]) + epsilon)
	}
}
