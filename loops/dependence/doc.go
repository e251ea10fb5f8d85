// Package dependence says how what a surrogate expects depends on one parameter
// or two, when the others vary over the search space: partial dependence (Friedman
// 2001, Greedy function approximation, section 8.2).
//
// Begin with [New], which draws the places that are averaged over, and take
// [Average.Curve] or [Average.Surface] of any model that predicts: a random forest,
// package forest, or a Gaussian process, package gp. Of a model that
// scales or warps outputs, as a process does, the dependence is on its scale.
//
// A parameter that is inactive at a place does not count there, and parameters that
// depend on it come and go with it. Places that violate a constraint of the space
// do not count, either.
package dependence
