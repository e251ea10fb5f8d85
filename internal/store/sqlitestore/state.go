package sqlitestore

import "github.com/rushnet/rush"

// The states of a task as tasks.state and endings.state hold them.
const (
	withdrawn     int64 = 0
	stateDeferred int64 = 1
	stateQueued   int64 = 2
	stateRunning  int64 = 3
	stateFinished int64 = 4
	stateFailed   int64 = 5
)

// taskState returns the state that a number stands for; "" for withdrawn.
func taskState(n int64) rush.State {
	states := [...]rush.State{"", rush.Deferred, rush.Queued, rush.Running, rush.Finished, rush.Failed}
	if n < 0 || n >= int64(len(states)) {
		return ""
	}
	return states[n]
}

// stateNumber returns the number that stands for a state; withdrawn if there
// is none.
func stateNumber(s rush.State) int64 {
	for n := stateDeferred; n <= stateFailed; n++ {
		if taskState(n) == s {
			return n
		}
	}
	return withdrawn
}

func ended(state int64) bool { return state == stateFinished || state == stateFailed }

// count returns the network's counter of the tasks in a state.
func (n *counters) in(state int64) *int64 {
	switch state {
	case stateDeferred:
		return &n.deferred
	case stateQueued:
		return &n.queued
	case stateRunning:
		return &n.running
	case stateFinished:
		return &n.finished
	default:
		return &n.failed
	}
}

// The states of a worker as workers.state holds them. 0 is a name that a
// finished task was created with and that never registered. Of one that is
// deleted the name stays, for the records of tasks and its own queue.
const (
	workerDeleted    int64 = -1
	workerRunning    int64 = 1
	workerPaused     int64 = 2
	workerTerminated int64 = 3
	workerKilled     int64 = 4
	workerLost       int64 = 5
)

// workerState returns the state that a number stands for.
func workerState(n int64) rush.WorkerState {
	states := [...]rush.WorkerState{"", rush.WorkerRunning, rush.WorkerPaused, rush.WorkerTerminated, rush.WorkerKilled, rush.WorkerLost}
	if n < 0 || n >= int64(len(states)) {
		return ""
	}
	return states[n]
}

// workerStateNumber returns the number that stands for a state; 0 if there is
// none.
func workerStateNumber(s rush.WorkerState) int64 {
	for n := workerRunning; n <= workerLost; n++ {
		if workerState(n) == s {
			return n
		}
	}
	return 0
}

// signalOf returns the signal that a number stands for.
func signalOf(n int64) rush.Signal {
	switch n {
	case 1:
		return rush.SignalTerminate
	case 2:
		return rush.SignalKill
	}
	return rush.SignalNone
}

// signalNumber returns the number that stands for a signal; a higher one
// replaces a lower one.
func signalNumber(s rush.Signal) int64 {
	switch s {
	case rush.SignalTerminate:
		return 1
	case rush.SignalKill:
		return 2
	}
	return 0
}
