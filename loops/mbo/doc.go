// Package mbo has asynchronous model-based (Bayesian) optimization: every worker
// learns a surrogate of the objective from all that has ended, and proposes the
// point of which an acquisition function expects most.
//
// [Kind] declares async_mbo, and [Decentralized] adbo, which is the same with a
// lambda of its own for every worker. There is no central proposer: what the
// others evaluate at the moment is pending, and the surrogate imagines that it
// came out as is expected (the kriging believer of Ginsbourger, Le Riche and
// Carraro 2010), so that no two workers propose the same.
//
// A [Surrogate] is what learns: a Gaussian process, package gp.
package mbo
