package sqlitestore

import (
	"maps"
	"slices"

	"github.com/rushnet/rush"
)

// A standing is how a task stands: in its own record, or by the log.
type standing struct{ attempt, state int64 }

// endings makes the log say how the tasks stand. A log that cannot be replayed
// is written anew, in a new epoch.
func (r *repair) endings() error {
	logged, sound, err := r.replay()
	if err != nil {
		return err
	}
	stand := map[int64]standing{}
	var order []int64
	s := r.stmt("SELECT id, attempt, state FROM tasks WHERE id BETWEEN ? AND ? AND state IN (4, 5) ORDER BY finished, id").bounds(r.net.id)
	for s.next() {
		id := s.getInt()
		stand[id] = standing{s.getInt(), s.getInt()}
		order = append(order, id)
	}
	if err := s.close(); err != nil {
		return err
	}
	if !sound {
		return r.writeLog(order, stand)
	}
	for _, id := range slices.Sorted(maps.Keys(logged)) {
		if logged[id] != stand[id] {
			r.say("task %d: the log of endings said that it had ended otherwise than it did, or at all; that was withdrawn", number(id))
			if err := r.log(id, logged[id].attempt, withdrawn); err != nil {
				return err
			}
			delete(logged, id)
		}
	}
	for _, id := range order {
		if _, ok := logged[id]; !ok {
			r.say("task %d: the log of endings did not say that it has ended; it does now", number(id))
			if err := r.log(id, stand[id].attempt, stand[id].state); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeLog writes the log anew.
func (r *repair) writeLog(order []int64, stand map[int64]standing) error {
	if err := r.stmt("DELETE FROM endings WHERE id BETWEEN ? AND ?").bounds(r.net.id).run(); err != nil {
		return err
	}
	r.net.logEnd = 0
	r.net.epoch++
	for _, id := range order {
		if err := r.log(id, stand[id].attempt, stand[id].state); err != nil {
			return err
		}
	}
	r.say("the log of endings was torn; it was written anew, with %d entries, and readers begin anew", len(order))
	return nil
}

// replay reads how the log leaves each task; not sound if it cannot be
// replayed.
func (r *repair) replay() (logged map[int64]standing, sound bool, err error) {
	logged, sound = map[int64]standing{}, true
	next := r.id(0)
	s := r.stmt("SELECT id, number, attempt, state FROM endings WHERE id BETWEEN ? AND ? ORDER BY id").bounds(r.net.id)
	for ; s.next(); next++ {
		at, task, e := s.getInt(), r.id(s.getInt()), standing{s.getInt(), s.getInt()}
		before, has := logged[task]
		switch {
		case at != next, e.state != withdrawn && !ended(e.state), has != (e.state == withdrawn), has && before.attempt != e.attempt:
			sound = false
		case has:
			delete(logged, task)
		default:
			logged[task] = e
		}
	}
	return logged, sound && next == r.id(r.net.logEnd), s.close()
}

// waiting settles what waits for nothing, and mends who waits for whom.
func (r *repair) waiting() error {
	return r.each(r.stmt("SELECT id FROM tasks WHERE id BETWEEN ? AND ? AND state = 1 ORDER BY id").bounds(r.net.id), r.waits)
}

func (r *repair) waits(id int64) error {
	parents, err := r.parents(id)
	if err != nil {
		return err
	}
	l := newLook(parents)
	if err := r.look(l); err != nil {
		return err
	}
	row, found, err := r.task(int64(number(id)))
	if err != nil || !found || row.state != stateDeferred {
		return err // settled with one before
	}
	switch {
	case l.by != rush.NoTask:
		return r.waitsForNone(id, l)
	case l.unfinished == 0:
		r.say("task %d: it waited for nothing any more; it is queued now", number(id))
		if err := r.leave(&row); err != nil {
			return err
		}
		return r.enqueue(&row, r.front(1))
	}
	return r.waitsFor(id, parents, l.unfinished)
}

// waitsForNone fails a task one of whose parents failed or is gone.
func (r *repair) waitsForNone(id int64, l *look) error {
	condition, err := impossible(l.by, "failed or is gone")
	if err != nil {
		return err
	}
	if _, err = r.fail(id, condition); err != nil {
		return err
	}
	r.say("task %d: it waited for task %d, which failed or is gone; it is failed now", number(id), l.by)
	return r.doom(id, "failed")
}

// waitsFor mends whom a deferred task waits for, and how many they are.
func (r *repair) waitsFor(id int64, parents []rush.TaskKey, unfinished int64) error {
	missing := false
	for _, parent := range parents {
		s := r.stmt("INSERT OR IGNORE INTO dependencies (parent, child) VALUES (?, ?) RETURNING 1").int(r.id(int64(parent))).int(id)
		for s.next() {
			missing = true
		}
		if err := s.close(); err != nil {
			return err
		}
	}
	if missing {
		r.say("task %d: some that it waits for did not know; they do now", number(id))
	}
	return r.told(r.stmt("UPDATE tasks SET unfinished = ? WHERE id = ? AND unfinished <> ? RETURNING id").int(unfinished).int(id).int(unfinished),
		"task %d: it was said to wait for another number of tasks than it does; it was counted again")
}
