package optimizer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

const (
	// mostAsked is how often an optimizer is asked for another point in place of
	// one that is taken.
	mostAsked = 8
	// mostEnumerated is how many points a space may have for the free one that is
	// nearest to be looked for among all of them.
	mostEnumerated = 200_000
	// mostDrawn is how many points are drawn, further and further away, in a larger
	// space.
	mostDrawn = 1_000
)

// Points returns how many points a space has if no two tasks are to have the same
// one, for [Loop]: 0 if there are infinitely many, or too many to be counted, or
// if there is a fidelity parameter, with which a point is evaluated again.
func Points(s space.Space) float64 {
	if _, ok := s.Fidelity(); ok || s.Len() == 0 {
		return 0
	}
	if n := s.Cardinality(); !math.IsInf(n, 1) {
		return n
	}
	return 0
}

// errTaken says that the points that were tried belong to other tasks.
var errTaken = errors.New("the point is taken")

// pointName names a place in a finite space, whose coordinates are the same
// numbers whenever the points are the same.
func pointName(u []float64) string {
	var b []byte
	for _, v := range u {
		b = append(strconv.AppendFloat(b, v, 'g', -1, 64), ' ')
	}
	if len(b) > 64 {
		sum := sha256.Sum256(b)
		return hex.EncodeToString(sum[:])
	}
	return string(b)
}

// An asking is how one task gets its point.
type asking struct {
	*Setting
	key rush.TaskKey
	r   *Request
	// known are the tasks, by the names of their points; nil lets points be taken
	// more than once.
	known map[string]rush.TaskKey
	// knows says which tasks the optimizer has learned.
	knows func(*Point) bool
	// claim reserves a point; see [rushworker.Worker.ClaimPoint].
	claim func(ctx context.Context, point string, key rush.TaskKey) (rush.TaskKey, error)

	taken []rush.TaskKey // who had the points that the optimizer proposed in vain
	last  []float64      // the place of the last one
}

// ask asks the optimizer for a point, and for others while those that it proposes
// are taken. After some of these it fails with errTaken, and the last proposal.
func (a *asking) ask(ctx context.Context, o Optimizer) (xs rush.Values, extra rush.Values, err error) {
	for {
		p, err := o.Propose(ctx, a.r)
		if err != nil {
			return nil, nil, err
		}
		if xs, err = a.inputs(p, a.r.Rand); err != nil || a.known == nil {
			return xs, p.Extra, err
		}
		holder, err := a.take(ctx, xs)
		if err != nil || holder == a.key {
			return xs, p.Extra, err
		}
		a.missed(xs, holder)
		if len(a.taken) == mostAsked {
			return nil, p.Extra, errTaken
		}
	}
}

// missed adds a point to the pending ones, because another task has it.
func (a *asking) missed(xs rush.Values, holder rush.TaskKey) {
	a.taken = append(a.taken, holder)
	p := a.pending(&rush.Task{Key: holder, XS: xs})
	a.last = p.U
	if !a.knows(p) && !slices.ContainsFunc(a.r.Pending, func(q *Point) bool { return q.Key == holder }) {
		a.r.Pending = sortedByKey(append(slices.Clone(a.r.Pending), p))
		a.r.Choosing = slices.DeleteFunc(slices.Clone(a.r.Choosing), func(k rush.TaskKey) bool { return k == holder })
	}
}

// take reserves a point unless a task has it, and returns who has it then.
func (a *asking) take(ctx context.Context, xs rush.Values) (rush.TaskKey, error) {
	u, err := a.Space.ToUnit(xs)
	if err != nil {
		return rush.NoTask, err
	}
	name := pointName(u)
	if holder, ok := a.known[name]; ok {
		return holder, nil
	}
	return a.claim(ctx, name, a.key)
}

// nearest takes the free point that is nearest to the last one that was
// proposed: errTaken if others hold all that are no tasks yet, ErrExhausted if
// none is left.
func (a *asking) nearest(ctx context.Context, points float64) (rush.Values, error) {
	if points > mostEnumerated {
		return a.around(ctx, a.r.Rand)
	}
	type candidate struct {
		xs       rush.Values
		distance float64
	}
	var free []candidate
	a.Space.Every(func(xs rush.Values) bool {
		u, err := a.Space.ToUnit(xs)
		if err != nil {
			return true
		}
		if _, ok := a.known[pointName(u)]; !ok {
			free = append(free, candidate{xs, distance(u, a.last)})
		}
		return true
	})
	if len(free) == 0 {
		return nil, fmt.Errorf("each of the %.0f points of the space has a task: %w", points, ErrExhausted)
	}
	slices.SortStableFunc(free, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	for _, c := range free {
		if holder, err := a.take(ctx, c.xs); err != nil || holder == a.key {
			return c.xs, err
		}
	}
	return nil, errTaken
}

// around draws points further and further away from the last one, until one is
// free.
func (a *asking) around(ctx context.Context, g *seeds.Generator) (rush.Values, error) {
	radius := 0.01
	for range mostDrawn {
		xs := a.Space.Sample(g)
		if radius < 1 {
			u, err := a.Space.ToUnit(xs)
			if err != nil {
				return nil, err
			}
			for i, v := range a.last {
				if !math.IsNaN(v) && !math.IsNaN(u[i]) {
					u[i] = min(max(v+float64(radius*float64(2*u[i]-1)), 0), 1)
				}
			}
			if near := a.Space.FromUnit(u); a.Space.Check(near) == nil {
				xs = near
			}
			radius *= 1.02
		}
		if holder, err := a.take(ctx, xs); err != nil || holder == a.key {
			return xs, err
		}
	}
	return nil, fmt.Errorf("none of %d points that were drawn from the space was free: %w", mostDrawn, ErrExhausted)
}

// distance is the square of the distance of two places, where a parameter that is
// active in one of them only counts as far away as can be.
func distance(u, v []float64) float64 {
	sum := 0.0
	for i := range u {
		switch d := u[i] - v[i]; {
		case !math.IsNaN(d):
			sum += float64(d * d)
		case math.IsNaN(u[i]) != math.IsNaN(v[i]):
			sum++
		}
	}
	return sum
}
