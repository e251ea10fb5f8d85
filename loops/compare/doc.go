// Package compare measures optimizers on functions with known answers: what
// they have found after some evaluations, over many seeds, and how long their
// proposals take. Workers are simulated, so no store is needed and a search
// takes no longer than its proposals.
//
// Begin with [Problems], and give a [Comparison] the kinds to compare. What
// Optuna's samplers find on some of the problems is in [References].
package compare
