package sqlitestore

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Repair mends the network, in one transaction.
func (n *network) Repair(ctx context.Context) (said []string, err error) {
	conditions, err := store.RepairConditions()
	if err != nil {
		return nil, n.wrap("repair", err)
	}
	err = n.write(ctx, "repair", func(t *txn) error {
		r := &repair{txn: t, conditions: conditions}
		err := r.run()
		said = r.said
		return err
	})
	if err != nil {
		return nil, err
	}
	return said, nil
}

// A repair mends one network.
type repair struct {
	*txn
	conditions store.Repaired
	said       []string
}

func (r *repair) say(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

// run mends the records first, then what follows from them, and at last ends
// what nobody runs.
func (r *repair) run() error {
	for _, step := range []func() error{
		r.tasks, r.queues, r.workers, r.holders, r.history, r.claims, r.recount, r.endings, r.waiting, r.orphans, r.objects,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if len(r.said) > 0 {
		r.topics = allTopics
		r.store.names.forget()
	}
	return nil
}

// each runs a statement that returns rows of integers, and calls f with the
// first column of each when it is over.
func (r *repair) each(s *stmt, f func(id int64) error) error {
	var ids []int64
	for s.next() {
		ids = append(ids, s.getInt())
	}
	if err := s.close(); err != nil {
		return err
	}
	for _, id := range ids {
		if err := f(id); err != nil {
			return err
		}
	}
	return nil
}

// told runs a statement as each does, and says a sentence for each row's task.
func (r *repair) told(s *stmt, format string) error {
	return r.each(s, func(id int64) error {
		r.say(format, number(id))
		return nil
	})
}

// tasks removes torn rows and completes what can be completed.
func (r *repair) tasks() error {
	torn := r.stmt("SELECT id FROM tasks WHERE id BETWEEN ? AND ? AND state NOT IN (1, 2, 3, 4, 5)").bounds(r.net.id)
	err := r.each(torn, func(id int64) error {
		r.say("task %d: its record was torn (no readable state); it was removed", number(id))
		return r.deleteRow(&taskRow{id: id, history: 1})
	})
	if err != nil {
		return err
	}
	return firstError(
		r.told(r.stmt("UPDATE tasks SET state = 5, condition = ? WHERE id BETWEEN ? AND ? AND state = 4 AND ys IS NULL RETURNING id").
			blob(r.conditions.NoOutputs).bounds(r.net.id), "task %d: it was finished and had no ys; it is failed now"),
		r.told(r.stmt("UPDATE tasks SET condition = ? WHERE id BETWEEN ? AND ? AND state = 5 AND condition IS NULL RETURNING id").
			blob(r.conditions.NoCondition).bounds(r.net.id), "task %d: it was failed and had no condition; it has got one"),
		r.told(r.stmt("UPDATE tasks SET taken = 1, attempt = max(1, attempt) WHERE id BETWEEN ? AND ? AND state = 3 AND (taken <> 1 OR attempt < 1) RETURNING id").
			bounds(r.net.id), "task %d: it runs and was not counted as begun; it is now"),
	)
}

// queues has every task in a queue of the network.
func (r *repair) queues() error {
	s := r.stmt("SELECT count(*) FROM queues WHERE network = ?").int(r.net.id)
	var there int64
	if s.next() {
		there = s.getInt()
	}
	if err := s.close(); err != nil {
		return err
	}
	r.set("queues", &r.net.queues, there)
	r.store.names.forget()
	ids, err := r.queueIDs()
	if err != nil {
		return err
	}
	if ids[""] == 0 {
		r.say("the shared queue was gone; it was made anew")
	}
	shared, err := r.queueID("")
	if err != nil {
		return err
	}
	return r.told(r.stmt("UPDATE tasks SET queue = ? WHERE id BETWEEN ? AND ? AND queue NOT IN (SELECT id FROM queues WHERE network = ?) RETURNING id").
		int(shared).bounds(r.net.id).int(r.net.id), "task %d: its queue was gone; it is the shared one now")
}

// workers ends those whose state cannot be read.
func (r *repair) workers() error {
	s := r.stmt("UPDATE workers SET state = 5, reason = 'its state was torn', ended = ? WHERE network = ? AND state NOT IN (-1, 0, 1, 2, 3, 4, 5) RETURNING name").
		int(r.now).int(r.net.id)
	names, err := r.texts(s)
	for _, name := range names {
		r.say("worker %s: its state could not be read; it counts as lost", name)
	}
	return err
}

// holders mends the index of what queues and workers hold, and the positions.
func (r *repair) holders() error {
	const want = "CASE state WHEN 2 THEN queue WHEN 3 THEN -worker END"
	err := r.told(r.stmt("UPDATE tasks SET holder = "+want+" WHERE id BETWEEN ? AND ? AND holder IS NOT "+want+" RETURNING id").
		bounds(r.net.id), "task %d: the index of what queues and workers hold had it in a wrong place; it is in its own now")
	if err != nil {
		return err
	}
	s := r.stmt("SELECT min(position), max(position) FROM tasks WHERE id BETWEEN ? AND ? AND state = 2").bounds(r.net.id)
	if s.next() {
		first, last := s.getInt(), s.getInt()
		if first < r.net.front {
			r.set("as the front of the queues", &r.net.front, first)
		}
		if last > r.net.back {
			r.set("as the back of the queues", &r.net.back, last)
		}
	}
	return s.close()
}

// history removes what belongs to no task.
func (r *repair) history() error {
	for _, part := range []struct{ sql, what string }{
		{"DELETE FROM attempts WHERE task BETWEEN ? AND ? AND task NOT IN (SELECT id FROM tasks) RETURNING task", "task %d: there was an attempt of it, but no such task; it was removed"},
		{"DELETE FROM late WHERE task BETWEEN ? AND ? AND task NOT IN (SELECT id FROM tasks) RETURNING task", "task %d: there was a late result of it, but no such task; it was removed"},
		{"DELETE FROM dependencies WHERE child BETWEEN ? AND ? AND child NOT IN (SELECT id FROM tasks) RETURNING child", "task %d: it was said to depend on others, but there is no such task; that was removed"},
		{`UPDATE tasks SET history = (SELECT count(*) FROM attempts a WHERE a.task = tasks.id) + (SELECT count(*) FROM late l WHERE l.task = tasks.id)
			WHERE id BETWEEN ? AND ? AND (history <> 0 OR id IN (SELECT task FROM attempts UNION SELECT task FROM late))
			AND history <> (SELECT count(*) FROM attempts a WHERE a.task = tasks.id) + (SELECT count(*) FROM late l WHERE l.task = tasks.id) RETURNING id`,
			"task %d: it was said to have other attempts than it has; they were counted again"},
	} {
		if err := r.told(r.stmt(part.sql).bounds(r.net.id), part.what); err != nil {
			return err
		}
	}
	return nil
}

// claims takes away numbers that are tasks by now, and gives back those that
// nobody alive holds.
func (r *repair) claims() error {
	return firstError(
		r.told(r.stmt("DELETE FROM claims WHERE id BETWEEN ? AND ? AND id IN (SELECT id FROM tasks) RETURNING id").bounds(r.net.id),
			"number %d: it was reserved, but there is a task of that number; it was taken away"),
		r.told(r.stmt("UPDATE claims SET worker = NULL WHERE id BETWEEN ? AND ? AND worker IS NOT NULL AND worker NOT IN (SELECT id FROM workers WHERE network = ? AND state IN (1, 2)) RETURNING id").
			bounds(r.net.id).int(r.net.id), "number %d: a worker held it that is not alive; it went back"),
	)
}

// set sets a counter.
func (r *repair) set(what string, counter *int64, value int64) {
	if *counter == value {
		return
	}
	r.say("the counters: they said %d %s; it is %d", *counter, what, value)
	*counter = value
}

// recount counts the tasks again.
func (r *repair) recount() error {
	var here, taken, again, last int64
	byState := map[int64]int64{}
	s := r.stmt("SELECT state, count(*), sum(taken), max(id) FROM tasks WHERE id BETWEEN ? AND ? GROUP BY state").bounds(r.net.id)
	for s.next() {
		state, count, begun, highest := s.getInt(), s.getInt(), s.getInt(), int64(number(s.getInt()))
		byState[state], here, taken, last = count, here+count, taken+begun, max(last, highest+1)
		if state == stateQueued {
			again = begun
		}
	}
	if err := s.close(); err != nil {
		return err
	}
	for state := stateDeferred; state <= stateFailed; state++ {
		r.set(string(taskState(state))+" tasks", r.net.in(state), byState[state])
	}
	r.set("queued tasks that ran before", &r.net.requeued, again)
	if r.net.tasks < here {
		r.set("tasks ever created", &r.net.tasks, here+max(0, r.net.deleted))
	}
	r.set("deleted tasks", &r.net.deleted, r.net.tasks-here)
	return r.recountClaims(taken, last)
}

// recountClaims counts what depends on reserved numbers; taken is how many
// tasks were, and last the number after the highest of a task.
func (r *repair) recountClaims(taken, last int64) error {
	s := r.stmt("SELECT count(worker), count(*), max(id) FROM claims WHERE id BETWEEN ? AND ?").bounds(r.net.id)
	var held, all int64
	if s.next() {
		held, all = s.getInt(), s.getInt()
		if all > 0 {
			last = max(last, int64(number(s.getInt()))+1)
		}
	}
	if err := s.close(); err != nil {
		return err
	}
	r.set("numbers held by workers", &r.net.claimed, held)
	r.set("numbers that went back", &r.net.pooled, all-held)
	r.set("as the next number", &r.net.next, max(r.net.next, r.net.reserved, last))
	least := taken + all
	r.set("taken from the budget", &r.net.taken, max(least, min(r.net.taken, least+r.net.deleted)))
	return nil
}

// orphans ends what runs on a worker that is not alive.
func (r *repair) orphans() error {
	s := r.stmt("SELECT id FROM tasks WHERE id BETWEEN ? AND ? AND state = 3 AND coalesce(worker, 0) NOT IN (SELECT id FROM workers WHERE network = ? AND state IN (1, 2)) ORDER BY id").
		bounds(r.net.id).int(r.net.id)
	var ids []int64
	err := r.each(s, func(id int64) error {
		ids = append(ids, id)
		return nil
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	_, err = r.abandon(ids, &store.WorkerEnd{State: rush.WorkerLost, Condition: r.conditions.Lost, Retry: true})
	for _, id := range ids {
		r.say("task %d: it ran on a worker that is not alive; it is queued again, or failed", number(id))
	}
	return err
}

// objects takes away tags that hold nothing, or belong to no task.
func (r *repair) objects() error {
	lost, err := r.texts(r.stmt(`DELETE FROM object_tags WHERE network = ? AND hash NOT IN (SELECT hash FROM objects o WHERE o.network = object_tags.network) RETURNING hash`).int(r.net.id))
	for _, hash := range lost {
		r.say("object %s: a tag held it, but it does not exist; the tag does not hold it any more", hash)
	}
	if err != nil {
		return err
	}
	tags, err := r.texts(r.stmt("SELECT DISTINCT tag FROM object_tags WHERE network = ?").int(r.net.id))
	for _, tag := range tags {
		key := store.TaskOfTag(tag)
		if err != nil || key == rush.NoTask {
			continue
		}
		var state int64
		if state, err = r.stateOf(key); err == nil && state == 0 {
			r.say("tag %s: there is no such task; it was dropped", tag)
			_, err = r.dropTag(tag)
		}
	}
	return err
}
