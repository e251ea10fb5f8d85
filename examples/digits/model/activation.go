package main

import "math"

// An activation is what a hidden unit makes of its input.
type activation struct {
	f func(x float64) float64
	// slope is the derivative of f, told from its value y = f(x).
	slope func(y float64) float64
	// spread is the numerator in the bound of the first weights, as Glorot and
	// Bengio (2010) found it for this shape.
	spread float64
}

// activations has them by the names that scikit-learn uses.
var activations = map[string]activation{
	"relu": {
		f: func(x float64) float64 { return max(x, 0) },
		slope: func(y float64) float64 {
			if y > 0 {
				return 1
			}
			return 0
		},
		spread: 6,
	},
	"tanh": {
		f:      math.Tanh,
		slope:  func(y float64) float64 { return 1 - y*y },
		spread: 6,
	},
	"logistic": {
		f:      func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
		slope:  func(y float64) float64 { return y * (1 - y) },
		spread: 2,
	},
}
