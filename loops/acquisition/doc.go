// Package acquisition has acquisition functions: how much is gained by
// evaluating a place, judged by what a surrogate predicts there. Predictions are
// normal, less is better for outputs, and more is better for acquisition
// functions.
//
//	f := acquisition.LogEI{Best: best}
//	value, byMean, byVariance := f.Value(mean, variance)
//
// The values are pure functions of their arguments.
package acquisition
