package store

import (
	"fmt"

	"github.com/rushnet/rush"
)

// An Audit is all that the invariants speak of, read at one moment: the
// tasks on the one hand, the indexes and counters on the other.
type Audit struct {
	Tasks    []AuditTask                   // by ascending number
	Indexed  map[rush.State][]rush.TaskKey // what each state's index holds
	Log      []rush.Ending
	Counts   rush.Counts // as counted by the driver's counters
	Workers  []rush.Worker
	Assigned map[rush.WorkerID][]rush.TaskKey // each worker's index of running tasks
	Claims   map[rush.TaskKey]rush.WorkerID   // reserved numbers; "" is the pool
	Taken    int64                            // of the budget
	Next     rush.TaskKey                     // the number that would be handed out next
	Reserved int64
}

// An AuditTask is what a driver holds of one task, as far as the invariants
// need it.
type AuditTask struct {
	Key          rush.TaskKey
	State        rush.State
	Worker       rush.WorkerID
	Attempt      int
	Taken        bool // from the budget
	HasYS        bool
	HasCondition bool
}

// A Violation is an invariant that does not hold.
type Violation struct {
	Invariant int    // its number in Invariants, from 1
	Subject   string // "task 12", "worker w1", "the counters"
	Found     string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: %s (invariant %d: %s)", v.Subject, v.Found, v.Invariant, Invariants[v.Invariant-1])
}

// Invariants are the rules that hold on every network at every moment.
var Invariants = [...]string{
	"every task is in exactly one state, and in that state's index",
	"every finished task has ys, every failed task has a condition",
	"every running task belongs to a living worker, and is in that worker's index",
	"nothing is dropped: created = deferred + queued + running + finished + failed + deleted",
	"the log of endings says, for every task, how it stands",
	"every reserved number is free and is held by a living worker or the pool",
}
