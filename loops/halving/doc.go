// Package halving has the optimizers that give little to every point and more to
// those that did well: successive halving and hyperband. They need a space with a
// fidelity parameter, such as a number of epochs ([space.Param] says how one is
// declared), whose value they choose: the budget of a task.
//
//   - [ASHA] is the asynchronous successive halving of L. Li, K. Jamieson,
//     A. Rostamizadeh, E. Gonina, J. Ben-tzur, M. Hardt, B. Recht and A. Talwalkar
//     (2020), A System for Massively Parallel Hyperparameter Tuning, MLSys 2,
//     algorithm 2. The budgets are rungs of a ladder, each eta times the one below. A
//     new point begins at the lowest; when a task of a rung is among the best
//     1/eta of those that have ended there, its point is promoted: a new task
//     evaluates it at the next rung.
//   - [Hyperband] is that of L. Li, K. Jamieson, G. DeSalvo, A. Rostamizadeh and
//     A. Talwalkar (2018), Hyperband: A Novel Bandit-Based Approach to
//     Hyperparameter Optimization, JMLR 18(185), algorithm 1, on several ladders
//     (brackets) that begin at different rungs; each is climbed as in ASHA. A
//     bracket has the share of the tasks that it has there.
//   - [BOHB] is hyperband whose new points are chosen by a model, as in S. Falkner,
//     A. Klein and F. Hutter (2018), BOHB: Robust and Efficient Hyperparameter
//     Optimization at Scale, ICML, section 3.2. The model is package tpe's, of
//     the highest budget that has enough points.
//
// There is no central scheduler. What is promoted follows from the log of endings
// and from what is pending, which all workers see alike; which bracket it
// is the turn of follows from the task's number. A task has these as extras:
// the bracket, the rung from 0, and if it was promoted, the task that it continues,
// as [loops.From]. An objective that saves checkpoints gets that task's, and so
// trains on, see [loops.Evaluation.Checkpoint].
package halving
