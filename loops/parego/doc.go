// Package parego has ParEGO (J. Knowles 2006, ParEGO: a hybrid algorithm with
// on-line landscape approximation for expensive multiobjective optimization
// problems, IEEE Transactions on Evolutionary Computation 10, 50-66): Bayesian
// optimization of several objectives by one at a time.
//
// [Kind] declares it. Each proposal draws weights, makes one number of the objectives
// of all that has ended, and proposes what package mbo would for that: different
// weights lead to different parts of the front. Workers need not agree on anything.
package parego
