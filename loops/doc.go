// Package loops has what workers run: the Loop and Objective interfaces, the
// built-in loops, and the terminators that end a run.
//
// A loop is what one worker does from its start to its end. Every worker of a
// network runs the same loop at the same time; they meet only in the
// network's store. Every built-in loop takes tasks from the worker's queues
// first and proposes points of its own only when there are none, so that
// pushed, retried and designed points need no loop of their own.
//
//	p := &loops.Problem{Objective: loops.ObjectiveFunc(f), Codomain: loops.Codomain{{"y", loops.Minimize}}}
//	var l loops.Loop = &loops.RandomSearch{Problem: p, Space: sp}
//	err := l.Run(ctx, w) // w is a *rushworker.Worker
package loops
