// Package forest is regression with random forests, as a surrogate of objectives
// and as what the importance of parameters is measured on.
//
// Begin with [Fit], which grows a [Forest] from places in the unit cube and their
// outputs. [Forest.Predict] gives an expectation and a variance,
// [Forest.Importance] the shares of the outputs' variance that parameters explain
// alone and in pairs, [Forest.Marginal] what the forest says of one parameter when
// the others are averaged out, and [Forest.Fitness] how far all this is to be
// believed.
//
// # The trees
//
// Trees are those of Breiman (2001, Random forests): each is grown on a bootstrap
// sample of the data, and a node is split where the squared error falls most, by
// one of a random part of the parameters. A number is split at a threshold that is
// uniform between two neighboring values, as in SMAC, so that the forest's
// expectation is smooth where there are many trees. Of a category the levels are
// ordered by their mean response, and an end of that order is split off, which is
// the best of all subsets (Fisher 1958; Breiman et al. 1984, section 4.2.2); levels
// that the node has not seen go to a side at random. An inactive parameter, NaN,
// goes where the squared error is least; for a category it is one more level.
//
// A forest is deterministic: the same data and generator give the same one.
//
// # References
//
//   - L. Breiman (2001). Random forests. Machine Learning 45, 5-32.
//   - F. Hutter, H. H. Hoos and K. Leyton-Brown (2011). Sequential model-based
//     optimization for general algorithm configuration. LION 5.
//   - F. Hutter, L. Xu, H. H. Hoos and K. Leyton-Brown (2014). Algorithm runtime
//     prediction: methods and evaluation. Artificial Intelligence 206, 79-111.
//   - F. Hutter, H. H. Hoos and K. Leyton-Brown (2014). An efficient approach for
//     assessing hyperparameter importance. ICML 31.
//
// # Concurrency
//
// A Forest may be read by any number of goroutines while nobody calls
// [Forest.Add].
package forest
