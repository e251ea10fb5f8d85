// Package gp is regression with Gaussian processes, as a surrogate of expensive
// functions: Matérn 5/2 with a lengthscale for each parameter, categories,
// inactive parameters, noise, and outputs of which the tail is heavy.
//
// Begin with [Regression], which says what the inputs are. Its Fit finds the
// parameters, its Condition makes a [Process] of data and parameters, and that
// predicts:
//
//	r := &gp.Regression{Inputs: []gp.Input{{}, {Category: true}}}
//	p, err := r.Fit(x, y, nil, gp.Effort{})
//	mean, variance := p.Predict(at)
//
// A row of x is a place in the unit cube, a coordinate for each input: NaN where
// the parameter is inactive.
//
// # The model
//
// With outputs z = w(y) the model is z = m + f + e, where the constant m is
// estimated with them, f is a Gaussian process of variance s², and e is noise of
// variance s²·noise. The correlation of two places at the distance r is
// (1 + √5 r + 5r²/3) exp(-√5 r), with r² the sum over the inputs of
// (difference / lengthscale)². Two categories differ by 1 or not at all. An
// inactive parameter differs from another inactive one by nothing, and from
// an active one as if it lay beside the range.
//
// The outputs may be warped (see [Warp]): which warp is as much a matter of the
// likelihood as the lengthscales are (Snelson, Rasmussen and Ghahramani 2004,
// Warped Gaussian processes). m and s² have closed forms (Rasmussen and Williams
// 2006, section 2.7; Jones, Schonlau and Welch 1998); the others maximize the
// posterior density under the priors of [Prior].
//
// # Concurrency
//
// A Regression never changes. A Process may be read by one goroutine at a time,
// since it has buffers.
package gp
