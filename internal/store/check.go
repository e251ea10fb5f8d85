package store

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/rushnet/rush"
)

// Check tests the Invariants on an audit and returns what does not hold, in
// the order of the invariants; nil means that all is well. The audit must have
// been read at one moment. It takes time in proportion to the audit's size.
func Check(a *Audit) []Violation {
	c := &checker{audit: a, tasks: make(map[rush.TaskKey]AuditTask, len(a.Tasks)), alive: map[rush.WorkerID]bool{}}
	for _, t := range a.Tasks {
		c.tasks[t.Key] = t
	}
	for _, w := range a.Workers {
		c.alive[w.ID] = w.State.Alive()
	}
	c.checkStates()
	c.checkResults()
	c.checkWorkers()
	c.checkCounts()
	c.checkNumbers()
	c.checkLog()
	c.checkClaims()
	slices.SortStableFunc(c.found, func(x, y Violation) int { return cmp.Compare(x.Invariant, y.Invariant) })
	return c.found
}

// A checker collects the violations of one audit.
type checker struct {
	audit *Audit
	tasks map[rush.TaskKey]AuditTask
	alive map[rush.WorkerID]bool // has every worker that is known
	found []Violation
}

// add notes a violation of an invariant, counted from 1.
func (c *checker) add(invariant int, subject, format string, args ...any) {
	c.found = append(c.found, Violation{Invariant: invariant, Subject: subject, Found: fmt.Sprintf(format, args...)})
}

func taskName(key rush.TaskKey) string { return "task " + key.String() }

func workerName(id rush.WorkerID) string { return "worker " + string(id) }

// checkStates tests invariant 1 in both directions: from the tasks to the
// indexes and back.
func (c *checker) checkStates() {
	indexed := make(map[rush.TaskKey]rush.State, len(c.audit.Tasks))
	for _, state := range slices.Sorted(maps.Keys(c.audit.Indexed)) {
		for _, key := range c.audit.Indexed[state] {
			if before, twice := indexed[key]; twice {
				c.add(1, taskName(key), "it is in the index of %s tasks and in that of %s ones", before, state)
				continue
			}
			indexed[key] = state
			if _, ok := c.tasks[key]; !ok {
				c.add(1, taskName(key), "the index of %s tasks has it, but there is no such task", state)
			}
		}
	}
	last := rush.NoTask
	for _, t := range c.audit.Tasks {
		if t.Key <= last {
			c.add(1, taskName(t.Key), "it comes after task %d; expected ascending numbers, each once", last)
		}
		last = t.Key
		c.checkState(t, indexed)
	}
}

func (c *checker) checkState(t AuditTask, indexed map[rush.TaskKey]rush.State) {
	if !slices.Contains(rush.States(), t.State) {
		c.add(1, taskName(t.Key), "its state is %q; expected one of %q", t.State, rush.States())
	}
	switch state, ok := indexed[t.Key]; {
	case !ok:
		c.add(1, taskName(t.Key), "it is %s, but in no index", t.State)
	case state != t.State:
		c.add(1, taskName(t.Key), "it is %s, but in the index of %s tasks", t.State, state)
	}
}

// checkResults tests invariant 2.
func (c *checker) checkResults() {
	for _, t := range c.audit.Tasks {
		if t.State == rush.Finished && !t.HasYS {
			c.add(2, taskName(t.Key), "it is finished and has no ys")
		}
		if t.State == rush.Failed && !t.HasCondition {
			c.add(2, taskName(t.Key), "it is failed and has no condition")
		}
	}
}

// checkWorkers tests invariant 3 in both directions: from the running tasks to
// the workers' indexes and back.
func (c *checker) checkWorkers() {
	assigned := map[rush.TaskKey]rush.WorkerID{}
	for _, id := range slices.Sorted(maps.Keys(c.audit.Assigned)) {
		for _, key := range c.audit.Assigned[id] {
			if before, twice := assigned[key]; twice {
				c.add(3, workerName(id), "its index has task %d, which is in that of worker %s too", key, before)
			}
			assigned[key] = id
			switch t, ok := c.tasks[key]; {
			case !ok:
				c.add(3, workerName(id), "its index has task %d, which does not exist", key)
			case t.State != rush.Running:
				c.add(3, workerName(id), "its index has task %d, which is %s", key, t.State)
			case t.Worker != id:
				c.add(3, workerName(id), "its index has task %d, which worker %q runs", key, t.Worker)
			}
		}
	}
	for _, t := range c.audit.Tasks {
		if t.State == rush.Running {
			c.checkRunning(t, assigned)
		}
	}
}

func (c *checker) checkRunning(t AuditTask, assigned map[rush.TaskKey]rush.WorkerID) {
	if !c.alive[t.Worker] {
		c.add(3, taskName(t.Key), "it runs on worker %q, which is not alive", t.Worker)
	}
	if _, ok := assigned[t.Key]; !ok {
		c.add(3, taskName(t.Key), "it runs, but worker %q does not have it in its index", t.Worker)
	}
}

// checkCounts tests invariant 4, the counters against the tasks and claims
// counted again.
func (c *checker) checkCounts() {
	states := map[rush.State]int64{}
	for _, t := range c.audit.Tasks {
		states[t.State]++
	}
	counts := c.audit.Counts
	for _, state := range rush.States() {
		if counted := counts.In(state); counted != states[state] {
			c.add(4, "the counters", "they say %d %s tasks; found %d", counted, state, states[state])
		}
	}
	if there := int64(len(c.audit.Tasks)); counts.Created-counts.Deleted != there {
		c.add(4, "the counters", "%d created and %d deleted leave %d tasks; found %d", counts.Created, counts.Deleted, counts.Created-counts.Deleted, there)
	}
	var held int64
	for _, holder := range c.audit.Claims {
		if holder != "" {
			held++
		}
	}
	if counts.Claimed != held {
		c.add(4, "the counters", "they say that workers hold %d numbers; found %d", counts.Claimed, held)
	}
}

// checkNumbers tests the part of invariant 4 that nothing could show once it
// had gone wrong: a number handed out twice, or a budget that is not kept.
func (c *checker) checkNumbers() {
	var taken int64
	for _, t := range c.audit.Tasks {
		if t.Taken {
			taken++
		} else if t.State == rush.Running {
			c.add(4, taskName(t.Key), "it runs, but was not taken from the budget")
		}
		if t.Key < 0 || t.Key >= c.audit.Next && t.Key >= rush.TaskKey(c.audit.Reserved) {
			c.add(4, taskName(t.Key), "the next number is %d and %d are reserved: its own would be handed out again", c.audit.Next, c.audit.Reserved)
		}
	}
	// How many of the deleted tasks had been taken is not known any more.
	least := taken + int64(len(c.audit.Claims))
	most := least + c.audit.Counts.Deleted
	if c.audit.Taken < least || c.audit.Taken > most {
		c.add(4, "the budget", "%d are said to be taken; found %d tasks and %d numbers, with %d tasks deleted", c.audit.Taken, taken, len(c.audit.Claims), c.audit.Counts.Deleted)
	}
}

// checkLog tests invariant 5 by replaying the log.
func (c *checker) checkLog() {
	ended := make(map[rush.TaskKey]rush.Ending, len(c.audit.Tasks))
	for i, e := range c.audit.Log {
		before, has := ended[e.Key]
		switch {
		case e.Withdrawn() && !has:
			c.add(5, taskName(e.Key), "entry %d of the log withdraws an ending that it does not have", i)
		case e.Withdrawn() && before.Attempt != e.Attempt:
			c.add(5, taskName(e.Key), "entry %d of the log withdraws attempt %d; expected %d", i, e.Attempt, before.Attempt)
		case !e.Withdrawn() && !e.State.Ended():
			c.add(5, taskName(e.Key), "entry %d of the log says that it is %q; expected finished, failed or withdrawn", i, e.State)
		case !e.Withdrawn() && has:
			c.add(5, taskName(e.Key), "entry %d of the log has it end again", i)
		}
		if e.Withdrawn() {
			delete(ended, e.Key)
		} else {
			ended[e.Key] = e
		}
	}
	c.checkEnded(ended)
}

// checkEnded compares the tasks with the endings that the log leaves.
func (c *checker) checkEnded(ended map[rush.TaskKey]rush.Ending) {
	for _, t := range c.audit.Tasks {
		e, logged := ended[t.Key]
		delete(ended, t.Key)
		switch {
		case logged && !t.State.Ended():
			c.add(5, taskName(t.Key), "it is %s; the log says %s", t.State, e.State)
		case !logged && t.State.Ended():
			c.add(5, taskName(t.Key), "it is %s; the log does not say so", t.State)
		case logged && (e.State != t.State || e.Attempt != t.Attempt):
			c.add(5, taskName(t.Key), "it is %s in attempt %d; the log says %s in attempt %d", t.State, t.Attempt, e.State, e.Attempt)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(ended)) {
		c.add(5, taskName(key), "the log says %s, but there is no such task", ended[key].State)
	}
}

// checkClaims tests invariant 6.
func (c *checker) checkClaims() {
	for _, key := range slices.Sorted(maps.Keys(c.audit.Claims)) {
		subject := "number " + key.String()
		if t, ok := c.tasks[key]; ok {
			c.add(6, subject, "it is reserved, but there is a %s task of that number", t.State)
		}
		if key < 0 || key >= c.audit.Next && key >= rush.TaskKey(c.audit.Reserved) {
			c.add(6, subject, "it is reserved, but was not handed out yet: the next is %d", c.audit.Next)
		}
		if holder := c.audit.Claims[key]; holder != "" && !c.alive[holder] {
			c.add(6, subject, "worker %s holds it, which is not alive", holder)
		}
	}
}
