package chain

import (
	"cmp"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
)

// foreign is the part of a task that no part proposed.
const foreign = -1

// A proposed is a task that ended or is pending, and the part that proposed it.
type proposed struct {
	key  rush.TaskKey
	part int
}

func proposedBy(p *optimizer.Point) proposed {
	if part, ok := p.Extra[PartName].(int64); ok {
		return proposed{p.Key, int(part)}
	}
	return proposed{p.Key, foreign}
}

func compareKeys(a, b proposed) int { return cmp.Compare(a.key, b.key) }

// insert adds a task to some that are ordered by number.
func insert(list []proposed, p proposed) []proposed {
	at, found := slices.BinarySearchFunc(list, p, compareKeys)
	if found {
		return list
	}
	return slices.Insert(list, at, p)
}

// turn returns whose turn the task with this number is: the number of a part, or
// that of all parts when the last is over. It follows from the log of endings, which
// says when the terminators of a part held, and from the tasks with smaller numbers.
//
// A part begins after the last number that had ended when the one before was over by
// its terminators, or where that had its tasks. Tasks that it did not propose
// take none of its own: those that nobody did, and those that were being proposed
// by the part before at that moment, which have to be there to be told apart. What it leaves because it is exhausted, the next one
// proposes.
func (s *search) turn(r *optimizer.Request) (int, error) {
	all := slices.Clone(s.proposed)
	for _, p := range r.Pending {
		all = insert(all, proposedBy(p))
	}
	if r.Waited {
		s.settled = max(s.settled, r.Key)
	}
	first := rush.TaskKey(0)
	for i, l := range s.links {
		end := l.end(i, first, all)
		if end == none || r.Key < end {
			return i, nil
		}
		if s.judged && l.evals > 0 && missing(all, max(first, s.settled), end) {
			return i, optimizer.ErrEarly // what the part before still proposes takes nothing from this one
		}
		first = max(first, end)
	}
	return len(s.links), nil
}

// missing reports whether there are numbers from first on and below end that are no
// tasks.
func missing(all []proposed, first, end rush.TaskKey) bool {
	n := rush.TaskKey(0)
	for _, p := range all {
		if p.key >= first && p.key < end {
			n++
		}
	}
	return n < end-first
}

// none is the end of a part that has no end yet.
const none = rush.TaskKey(-1)

// end returns the first number that is not the i-th part's any more, which begins at
// first.
func (l *link) end(i int, first rush.TaskKey, all []proposed) rush.TaskKey {
	end := none
	if l.evals > 0 {
		end = first + rush.TaskKey(l.evals)
		for _, p := range all {
			if p.key >= first && p.key < end && p.part < i {
				end++
			}
		}
	}
	if l.reason != "" && (end == none || l.last+1 < end) {
		end = l.last + 1
	}
	return end
}

// ended adds a task to what the terminators judge by. They are asked after each, so
// that all workers find a part to be over after the same one.
func (s *search) end(p *optimizer.Point) {
	by := proposedBy(p)
	s.proposed = insert(s.proposed, by)
	s.largest = max(s.largest, p.Key)
	if !s.judged {
		return
	}
	task := s.setting.Task(p)
	s.tasks = append(s.tasks, task)
	for i, l := range s.links {
		if by.part == i {
			l.own = append(l.own, task)
			l.ran.add(p.Started, p.Finished)
		}
		// A part that has not begun cannot be over.
		if l.reason != "" || len(l.own) == 0 {
			continue
		}
		stretch := loops.Stretch{Ended: s.tasks, Own: l.own, Elapsed: l.ran.total, Now: p.Finished}
		if l.reason = loops.Over(loops.AnyOf(l.terminators), &stretch); l.reason != "" {
			l.last = s.largest
		}
	}
}

// A stretch is time that is covered by spans, of which those that end later are added
// later.
type covered struct {
	spans []span
	total time.Duration
}

type span struct{ from, to time.Time }

func (c *covered) add(from, to time.Time) {
	for n := len(c.spans); n > 0 && !c.spans[n-1].to.Before(from); n-- {
		last := c.spans[n-1]
		if last.from.Before(from) {
			from = last.from
		}
		if last.to.After(to) {
			to = last.to
		}
		c.total -= last.to.Sub(last.from)
		c.spans = c.spans[:n-1]
	}
	c.spans = append(c.spans, span{from, to})
	c.total += to.Sub(from)
}
