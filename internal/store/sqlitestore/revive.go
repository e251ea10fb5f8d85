package sqlitestore

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// revive has those wait again that were impossible because of tasks that are
// failed no more, and those that were because of them.
func (t *txn) revive(restored []int64) error {
	looks := map[int64]*look{} // nil for those that are not impossible
	for len(restored) > 0 {
		parent := restored[0]
		restored = restored[1:]
		children, err := t.children(parent)
		if err != nil {
			return err
		}
		for _, child := range children {
			possible, err := t.lookAgain(looks, child, number(parent))
			if err != nil {
				return err
			}
			if !possible {
				continue
			}
			if err := t.deferAgain(child, looks[child].unfinished); err != nil {
				return err
			}
			looks[child] = nil
			restored = append(restored, child)
		}
	}
	return nil
}

// lookAgain reports whether a task that depends on a restored one was
// impossible, and is so no more.
func (t *txn) lookAgain(looks map[int64]*look, child int64, parent rush.TaskKey) (possible bool, err error) {
	l, known := looks[child]
	switch {
	case !known:
		if l, err = t.lookAtImpossible(child); err != nil {
			return false, err
		}
		looks[child] = l
	case l == nil || l.by != parent:
		return false, nil
	}
	if l == nil {
		return false, nil
	}
	if err := t.look(l); err != nil {
		return false, err
	}
	return l.by == rush.NoTask, nil
}

// lookAtImpossible begins to look at what a task depends on; nil if it is not
// impossible.
func (t *txn) lookAtImpossible(child int64) (*look, error) {
	s := t.stmt("SELECT condition, depends_on FROM tasks WHERE id = ? AND state = 5 AND taken = 0").int(child)
	if !s.next() {
		return nil, s.close()
	}
	condition, on := s.getBlob(), decodeKeys(s.getBlob())
	if err := s.close(); err != nil {
		return nil, err
	}
	if c, err := wire.DecodeCondition(condition); err != nil || c == nil || c.Class != rush.ClassImpossible {
		return nil, nil // somebody else's words; it is not for us to judge
	}
	return newLook(on), nil
}

// deferAgain has a task that was impossible wait.
func (t *txn) deferAgain(child, unfinished int64) error {
	row, _, err := t.task(int64(number(child)))
	if err != nil {
		return err
	}
	if err := t.leave(&row); err != nil {
		return err
	}
	if err := t.log(child, row.attempt, withdrawn); err != nil {
		return err
	}
	t.net.deferred++
	return t.stmt("UPDATE tasks SET state = 1, condition = NULL, finished = 0, unfinished = ? WHERE id = ?").int(unfinished).int(child).run()
}
