// Package mbo has asynchronous model-based (Bayesian) optimization: every worker
// learns a surrogate of the objective from all that has ended, and proposes the
// point of which an acquisition function expects most.
//
// [Kind] declares async_mbo, and [Decentralized] adbo, which is the same with a
// lambda of its own for every worker; [HypervolumeKind] declares ehvi, for two
// objectives. There is no central proposer: what the others evaluate at the moment
// is pending, and the surrogate imagines that it came out as is expected (the
// kriging believer of Ginsbourger, Le Riche and Carraro 2010), so that no two
// workers propose the same. Of points that others choose at the same moment nothing is
// known; those whose turn is before one's own are guessed, and believed in the same way.
//
// # What a proposal is made of
//
//   - The first points are those of a Sobol sequence, by the number of the task.
//   - A [Surrogate] learns the rest: a Gaussian process, package gp. It warps the
//     outputs, so that differences among the best ones count, which finds narrow
//     valleys and small basins; every fourth proposal is made by one that does not,
//     which looks further around. Or it is a random forest, package forest, of
//     outputs on a logarithmic scale from the best one on.
//   - Failed points count as the worst that came out.
//   - Each constraint on outputs that a point has violated is learned by a Gaussian
//     process of its own, and what the acquisition function promises counts as far
//     as a place is likely to keep to all of them (Schonlau, Welch and Jones 1998;
//     Gardner et al. 2014). As long as no feasible point is known, the
//     probability to keep to them with something to spare is all that counts.
//   - Above 500 points the surrogate learns those near the best one and a sample of
//     the others.
//   - The acquisition function is maximized over random places and places near the
//     best points, then along its gradient in numbers, and by trial in integers and
//     categories. What it is asked about is what the archive would hold: integers in
//     the middle of their cells, and nothing for inactive parameters. No point is
//     proposed that has ended or is pending; when there are none left the run is
//     over.
package mbo
