// Package pareto has what is computed of points with several objectives: which
// dominate which, their fronts, how crowded they are, and the hypervolume.
//
// A point is a list of objectives, all of one length, of which less is better;
// none is NaN. Begin with [Front], the points that no other dominates, or [Sort],
// which has the others too. [Hypervolume] says in one number how good a set is:
// how much of what lies below a reference point it dominates. [Contributions]
// are what would be lost of it without each of the points, and [ExpectedImprovement]
// what a point would add that is known but for normal errors.
//
// All functions are pure, and leave what they are given as it is.
package pareto
