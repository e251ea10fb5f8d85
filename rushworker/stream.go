package rushworker

import (
	"sync"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/seeds"
)

// Proposer returns the random-number stream from which the inputs of a task
// are to be drawn: the same for a task number, whichever worker draws.
func (w *Worker) Proposer(key rush.TaskKey) seeds.Stream {
	return w.streams.at(key).Proposal()
}

// Stream returns the random-number stream of a task's objective: the task's
// own seed if it has one, else that of its number.
func (w *Worker) Stream(task *rush.Task) seeds.Stream {
	if len(task.Seed) == len(seeds.Stream{}) {
		return seeds.Stream(task.Seed)
	}
	return w.streams.at(task.Key).Objective()
}

// streams are those of the tasks. They remember the last one: a worker asks
// twice for a task's, and comes to higher numbers, to which the way from there is
// much shorter than from the root.
type streams struct {
	root seeds.Stream // the network's seed

	mu   sync.Mutex // guards what follows
	key  rush.TaskKey
	last seeds.Stream // of key; zero if there was none yet
}

// at returns the stream of the task with a number.
func (s *streams) at(key rush.TaskKey) seeds.Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch further := key - s.key; {
	case s.last == seeds.Stream{} || further < 0:
		s.last = s.root.At(int64(key))
	case further > 0:
		s.last = s.last.At(int64(further) - 1)
	}
	s.key = key
	return s.last
}
