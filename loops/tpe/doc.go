// Package tpe has the tree-structured Parzen estimator, an optimizer that models
// where good points lie and where the others do, each by a mixture of kernels
// around them, and proposes where the quotient of the two densities is large.
//
// It is that of J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl (2011),
// Algorithms for Hyper-Parameter Optimization, NIPS 24, section 4, with the
// components that S. Watanabe (2023), Tree-Structured Parzen Estimator:
// Understanding Its Algorithm Components and Their Roles for Better Empirical
// Performance, arXiv 2304.11127, found to matter:
//
//   - A kernel is the product of one for each parameter, so that a mixture knows
//     how parameters go together ("multivariate"). A parameter that is inactive
//     in a point has a uniform factor there, and one that is inactive in a
//     candidate has none: no groups of parameters are needed in a conditional
//     space, for kernels around points of another branch hardly count.
//   - Good points weigh by their rank, as parents in an evolution strategy do.
//   - A kernel is as wide in a parameter as the larger gap to the next point on
//     either side, and no narrower than a bound that falls with the number of all
//     points, so that the search converges when it has earned it.
//   - The uniform prior is one of the kernels of either mixture.
//
// When all good points lie in one place the kernels have nothing to say about
// others, and the search stays there. So, while nothing is gained, every second
// proposal is a mutant, as in evolutionary search: a good point of which one parameter
// is drawn anew, chosen among some by the same quotient. Where the objective is about a
// sum over the parameters, that finds for each of them what is better elsewhere.
//
// Points that violate constraints on outputs are behind those that do not, the
// more the farther. With several objectives points are ordered by the front they
// are in, and then by what they contribute to the hypervolume.
//
// Points that are being evaluated, and those that failed, count among the others
// (a constant liar): many workers spread by themselves. The factor of an integer
// is integrated over its cell, and so it is exact also where the kernel is
// narrower than the cell; categories have kernels of Aitchison and Aitken (1976).
package tpe
