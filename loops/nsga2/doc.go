// Package nsga2 has the evolutionary search for several objectives of K. Deb, A.
// Pratap, S. Agarwal and T. Meyarivan (2002), A fast and elitist multiobjective
// genetic algorithm: NSGA-II, IEEE Transactions on Evolutionary Computation 6,
// 182-197.
//
// [Kind] declares it. It has no generations, for which workers would have to wait
// for one another: it is the steady-state form (A. J. Nebro and J. J. Durillo 2009,
// On the effect of applying a steady-state selection scheme in the multi-objective
// genetic algorithm NSGA-II). Whatever ends enters the population, out of which the worst by
// front and crowding goes; a proposal is a child of two that won a tournament. The
// population follows from the order in which tasks ended, so all workers have the
// same.
package nsga2
