package mbo

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
)

// foreseen is how many points that others choose at this moment are guessed at most:
// each costs a search of its own.
const foreseen = 4

// choose returns the best place that nobody has evaluated or evaluates. While others
// choose points, of which nothing is known but that they choose as this one does, it
// takes the best place to be that of the first of them, has the criterion believe that
// it came out as is expected, and goes on to the next: the kriging believer again.
// believe is told the place and all that are pending then.
func (o *Optimizer) choose(a *ascent, pending [][]float64, key rush.TaskKey, others []rush.TaskKey, believe func(x []float64, pending [][]float64)) (*candidate, error) {
	guessed := slices.Clone(pending)
	for _, k := range o.before(key, others) {
		their := *a
		their.brief = true
		their.rand = o.seed.Task(int64(k)).Proposal().Generator()
		c, err := o.pick(&their, guessed)
		if err != nil {
			break
		}
		guessed = append(guessed, c.x)
		believe(c.x, guessed)
	}
	c, err := o.pick(a, guessed)
	if err == nil && len(others) > 0 {
		a.leaveCorner(c)
	}
	if errors.Is(err, optimizer.ErrExhausted) && len(guessed) > len(pending) {
		return o.pick(a, pending) // what others choose was a guess
	}
	return c, err
}

// leaveCorner moves a candidate that is at a bound with each of its numbers away from one
// of them, by a distance of which all orders of magnitude from a tenth down are as likely.
// Corners are where two searches that know little of one another end at the very same
// place.
func (a *ascent) leaveCorner(c *candidate) {
	var numbers []int
	for i, v := range c.x {
		if !a.domain.axes[i].continuous() || math.IsNaN(v) {
			continue
		}
		if v > 0 && v < 1 {
			return
		}
		numbers = append(numbers, i)
	}
	if len(numbers) == 0 {
		return
	}
	at := numbers[a.rand.Index(len(numbers))]
	u := slices.Clone(c.u)
	u[at] = math.Abs(u[at] - math.Pow(10, -1-3*a.rand.Float64()))
	if x, ok := a.domain.settle(u); ok {
		*c = candidate{u: u, x: x, value: a.criterion.value(x)}
	}
}

// before returns the numbers, of those that others choose points for at this moment, that
// take better places than key does. All take turns: of as many numbers in a row as there
// are workers the first takes the best place, the next one the second best. If each
// left the best ones to all that began before it, nobody would ever take them, for
// somebody always began before.
func (o *Optimizer) before(key rush.TaskKey, others []rush.TaskKey) []rush.TaskKey {
	n := rush.TaskKey(max(o.workers, len(others)+1))
	var out []rush.TaskKey
	for _, k := range others {
		if k%n <= key%n {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b rush.TaskKey) int { return cmp.Compare(a%n, b%n) })
	return out[:min(len(out), foreseen)]
}

// pick returns the best place that is not taken.
func (o *Optimizer) pick(a *ascent, pending [][]float64) (*candidate, error) {
	taken := func(x []float64) bool {
		return o.archive.knows(x) || slices.ContainsFunc(pending, func(p []float64) bool { return same(p, x) })
	}
	all := a.maximize()
	for i := range all {
		if !taken(all[i].x) {
			return &all[i], nil
		}
	}
	for range o.draws {
		u := o.domain.random(a.rand)
		if x, ok := o.domain.settle(u); ok && !taken(x) {
			return &candidate{u: u, x: x, value: a.criterion.value(x)}, nil
		}
	}
	for range fewest {
		u, err := o.domain.space.ToUnit(o.domain.space.Sample(a.rand))
		if err == nil && !taken(u) {
			return &candidate{u: full(u), x: u, value: a.criterion.value(u)}, nil
		}
	}
	return nil, optimizer.ErrExhausted
}
