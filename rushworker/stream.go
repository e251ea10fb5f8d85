package rushworker

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/seeds"
)

// Proposer returns the random-number stream from which the inputs of a task
// are to be drawn: the same for a task number, whichever worker draws.
func (w *Worker) Proposer(key rush.TaskKey) seeds.Stream {
	return w.root.At(int64(key)).Proposal()
}

// Stream returns the random-number stream of a task's objective: the task's
// own seed if it has one, else that of its number.
func (w *Worker) Stream(task *rush.Task) seeds.Stream {
	if len(task.Seed) == len(seeds.Stream{}) {
		return seeds.Stream(task.Seed)
	}
	return w.root.At(int64(task.Key)).Objective()
}
