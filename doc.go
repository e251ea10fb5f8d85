// Package rush holds the words that every part of rush shares: what a task is
// and the states it passes through, how a task fails, what a worker and a
// network are called, and the errors that callers test for.
//
// It imports the standard library only and does nothing by itself. To run
// workers and collect their results start with package network; to write a
// worker's loop or an objective, with package loops; to take results away as
// a table, with package table.
//
//	xs := rush.Values{"x1": 1.5, "kernel": "rbf"}
//	var key rush.TaskKey = 17 // the 18th task of its network
//	if errors.Is(err, rush.ErrNoNetwork) { ... }
//
// The vocabulary is that of the R packages rush, rrq and bbotk.
package rush
