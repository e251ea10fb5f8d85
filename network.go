package rush

import "time"

// A RunStatus is where a network's run stands.
type RunStatus string

// The states of a run.
const (
	RunNew         RunStatus = ""            // nothing was started yet
	RunRunning     RunStatus = "running"     // workers are meant to be at work
	RunInterrupted RunStatus = "interrupted" // a person stopped it; it can be resumed
	RunDone        RunStatus = "done"        // a terminator held, or nothing was left to do
	RunFailed      RunStatus = "failed"      // it could not go on
)

// A Run is the state of a network's run.
type Run struct {
	Status  RunStatus
	Reason  string        // why it ended, or is about to
	Elapsed time.Duration // time spent running over all resumes, by the store's clock
	Started time.Time     // of the current or last leg
	Ended   time.Time
}

// Counts says how many tasks of a network are in which state, at one moment.
type Counts struct {
	Deferred, Queued, Running, Finished, Failed int64
	Created                                     int64 // all that were ever created, the deleted too
	Deleted                                     int64
	Claimed                                     int64 // numbers reserved by workers for tasks not yet created
}

// A Budget is how many tasks a network may start in all, and how many of that
// are used up. Retries take nothing from it, deleting a task gives nothing back.
type Budget struct {
	Limit int64 // 0 or less is no limit
	Taken int64 // tasks that have started, and numbers that workers reserved
}

// Exhausted reports whether no further task can start for the first time.
func (b Budget) Exhausted() bool { return b.Limit > 0 && b.Taken >= b.Limit }

// Ended returns how many tasks have ended.
func (c Counts) Ended() int64 { return c.Finished + c.Failed }

// Total returns how many tasks there are.
func (c Counts) Total() int64 { return c.Created - c.Deleted }

// In returns how many tasks are in the state.
func (c Counts) In(s State) int64 {
	switch s {
	case Deferred:
		return c.Deferred
	case Queued:
		return c.Queued
	case Running:
		return c.Running
	case Finished:
		return c.Finished
	case Failed:
		return c.Failed
	}
	return 0
}
