// Package importance says which parameters of a search mattered, from the tasks
// that have finished: functional ANOVA on a random forest (Hutter, Hoos and
// Leyton-Brown 2014), see package forest.
//
// Begin with [New], add the finished tasks with [Data.Add], and call [Data.Measure].
// The [Result] has the shares, what a forest explains of outputs that it has not
// seen, and remarks on whether all this can be believed. It also has the forest,
// of which package dependence draws curves.
package importance
