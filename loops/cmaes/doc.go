// Package cmaes has the evolution strategy that adapts a covariance matrix:
// points are drawn from a normal distribution whose mean moves to the better
// ones, and whose covariance learns in which directions that succeeds.
//
// It is the (μ/μ_w, λ)-CMA-ES of N. Hansen, The CMA Evolution Strategy: A
// Tutorial, arXiv 1604.00772, with negative weights ("active"), in the unit cube.
//
// There is no central generation. Every proposal is drawn from the distribution
// as its worker knows it, and the log of endings, which all workers see alike,
// moves the distribution on whenever λ points have ended, in the order of the
// log. A point that was drawn from an earlier distribution counts when it comes,
// at a length that is bounded as in N. Hansen (2011), Injecting External
// Solutions Into CMA-ES, arXiv 1110.4181. So no worker waits for another.
//
// Integers and switches have margins: R. Hamano, S. Saito, M. Nomura and S.
// Shirakawa (2022), CMA-ES with Margin, GECCO, keep the probability to leave an
// integer above a bound, so that they are not fixed too soon. Categories of three
// or more levels have no order that it could use, and are refused.
//
// When the distribution has collapsed the search starts again elsewhere, with
// twice the population (A. Auger and N. Hansen 2005, IPOP) or in two regimes (N.
// Hansen 2009, BIPOP).
package cmaes
