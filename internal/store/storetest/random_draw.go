package storetest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// oneOf draws one of some values.
func oneOf[T any](t *rapid.T, label string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, label)
}

// sometimes draws true once in n times.
func sometimes(t *rapid.T, label string, n int) bool {
	return rapid.IntRange(1, n).Draw(t, label) == n
}

// some draws some of the keys, in any order.
func some(t *rapid.T, label string, keys []rush.TaskKey) []rush.TaskKey {
	if len(keys) == 0 {
		return nil
	}
	n := rapid.IntRange(0, min(3, len(keys))).Draw(t, label+" count")
	return rapid.Permutation(keys).Draw(t, label)[:n]
}

// workerIDs are all that ever register; "mortal" is the one that is swept.
func workerIDs() []rush.WorkerID { return []rush.WorkerID{"w0", "w1", "w2", "mortal"} }

func queueNames() []string { return []string{"", "", "high", "low", "w0"} }

// aliveIDs returns the workers that are alive.
func (p *player) aliveIDs() (ids []rush.WorkerID) {
	for _, id := range workerIDs() {
		if p.model.alive(id) != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// anyKey draws the number of a task, or rarely of none.
func (p *player) anyKey(t *rapid.T) rush.TaskKey {
	keys := p.model.numbers()
	if len(keys) == 0 || sometimes(t, "unknown key", 10) {
		return rush.TaskKey(rapid.IntRange(0, int(p.model.next)+2).Draw(t, "key"))
	}
	return oneOf(t, "key", keys...)
}

// inputs returns inputs that no other task has.
func (p *player) inputs() []byte {
	p.count++
	return encode("x", p.count)
}

func (p *player) options(t *rapid.T) rush.Options {
	return rush.Options{Queue: oneOf(t, "queue", queueNames()...), MaxRetries: rapid.IntRange(0, 2).Draw(t, "max retries")}
}

// newTasks draws tasks that can be created, but for the budget.
func (p *player) newTasks(t *rapid.T) (tasks []store.NewTask) {
	var rows []rush.TaskKey // that are in tasks already
	for range rapid.IntRange(0, 4).Draw(t, "tasks") {
		n := store.NewTask{XS: p.inputs(), Options: p.options(t)}
		switch oneOf(t, "state", "queued", "priority", "running", "ended", "deferred", "fixed", "after") {
		case "priority":
			n.For = oneOf(t, "for", append(workerIDs(), "nobody")...)
		case "running":
			if ids := p.aliveIDs(); len(ids) > 0 {
				n.State, n.Worker = rush.Running, oneOf(t, "worker", ids...)
			}
		case "ended":
			d := p.ending(t, 0)
			n.YS, n.YSExtra, n.Condition = d.YS, d.YSExtra, d.Condition
			if n.State = rush.Finished; n.Condition != nil {
				n.State = rush.Failed
			}
		case "deferred":
			n.DependsOn = some(t, "depends on", p.model.numbers())
		case "after":
			n.DependsOn = some(t, "depends on", p.model.numbers())
			for i := range tasks {
				if rapid.Bool().Draw(t, "after") {
					n.After = append(n.After, i)
				}
			}
		case "fixed":
			if p.model.def.Reserved > 0 {
				n.Fixed, n.Key = true, rush.TaskKey(rapid.Int64Range(0, p.model.def.Reserved-1).Draw(t, "row"))
			}
		}
		if n.Fixed && slices.Contains(rows, n.Key) {
			continue
		}
		n.Objects = p.heldObjects(t)
		rows = append(rows, n.Key)
		tasks = append(tasks, n)
	}
	return tasks
}

// wrongTask draws a task that cannot be created.
func (p *player) wrongTask(t *rapid.T) store.NewTask {
	n := store.NewTask{XS: p.inputs()}
	switch oneOf(t, "wrong", "dependency", "guess", "after", "worker", "row", "object") {
	case "dependency":
		n.DependsOn = []rush.TaskKey{p.model.next + 5}
	case "guess": // the number that the one before it gets
		n.DependsOn = []rush.TaskKey{p.model.next}
	case "after":
		n.After = []int{rapid.IntRange(1, 2).Draw(t, "itself or a later one")}
	case "worker":
		n.State, n.Worker = rush.Running, "nobody"
	case "row":
		n.Fixed, n.Key = true, rush.TaskKey(p.model.def.Reserved)
	case "object":
		n.Objects = []string{"nowhere"}
	}
	return n
}

// ending draws how a task ends.
func (p *player) ending(t *rapid.T, key rush.TaskKey) store.Done {
	d := store.Done{Key: key}
	if rapid.Bool().Draw(t, "fails") {
		d.Condition = condition(rush.ClassError, oneOf(t, "message", "a", "b"))
		d.Retry, d.Requeue = rapid.Bool().Draw(t, "retry"), rapid.IntRange(0, 3).Draw(t, "requeue") == 3
		return d
	}
	d.YS = encode("y", rapid.IntRange(0, 1).Draw(t, "y"))
	d.YSExtra = encode("of", int(key))
	return d
}

// anyEnding draws an ending of a task in whatever state, about its current or
// an earlier attempt.
func (p *player) anyEnding(t *rapid.T) store.Done {
	d := p.ending(t, p.anyKey(t))
	task := p.model.tasks[d.Key]
	if task == nil {
		return d
	}
	d.Attempt = rapid.IntRange(0, task.Attempt).Draw(t, "attempt")
	return d
}

// workerEndings draws what a worker delivers: endings of what it runs, and
// ones that it has delivered before.
func (p *player) workerEndings(t *rapid.T, id rush.WorkerID) (done []store.Done) {
	for _, key := range some(t, "ends", p.model.runs(id)) {
		d := p.ending(t, key)
		if rapid.Bool().Draw(t, "names the attempt") {
			d.Attempt = p.model.tasks[key].Attempt
		}
		done = append(done, d)
	}
	if before := p.done[id]; len(before) > 0 && sometimes(t, "delivers again", 5) {
		done = append(done, oneOf(t, "again", before...))
	}
	return done
}

// step draws a worker's step.
func (p *player) step(t *rapid.T, id rush.WorkerID) store.Step {
	return store.Step{
		Worker: id, Nonce: p.nonces[id] + 1, Done: p.workerEndings(t, id),
		Pop: rapid.Bool().Draw(t, "pop"), Queues: p.queues(t),
		Propose: p.proposal(t, id), Claim: rapid.Bool().Draw(t, "claim"), Idle: rapid.Bool().Draw(t, "idle"),
	}
}

func (p *player) queues(t *rapid.T) []string {
	return oneOf(t, "queues", nil, nil, []string{"high", "", "low"}, []string{"low"}, []string{"", "nowhere"})
}

// proposal draws a proposal with the worker's number, another or none.
func (p *player) proposal(t *rapid.T, id rush.WorkerID) *store.Proposal {
	if rapid.Bool().Draw(t, "does not propose") {
		return nil
	}
	keys := []rush.TaskKey{rush.NoTask, rush.TaskKey(rapid.IntRange(0, int(p.model.next)+2).Draw(t, "a number"))}
	for _, key := range span(0, int(p.model.next)) {
		if holder, claimed := p.model.claims[key]; claimed {
			keys = append(keys, key)
			if holder == id {
				keys = append(keys, key, key)
			}
		}
	}
	return &store.Proposal{Key: oneOf(t, "proposed number", keys...), XS: p.inputs(), XSExtra: encode("by", string(id)), Options: p.options(t), Objects: p.heldObjects(t)}
}

// describe returns a worker that never lapses, or does so at once.
func (p *player) describe(t *rapid.T, id rush.WorkerID) rush.Worker {
	w := describe(id)
	if id == "mortal" {
		w = mortal(id)
	}
	if sometimes(t, "another process", 4) {
		w.PID++
	}
	w.Loop = fmt.Sprintf("loop %d", w.PID)
	return w
}
