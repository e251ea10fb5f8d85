package halving

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
)

// A bracket is a ladder that points climb.
type bracket struct {
	budgets []float64 // of the rungs, the lowest first
	rungs   []rung
}

func newBracket(budgets []float64) *bracket {
	return &bracket{budgets: budgets, rungs: make([]rung, len(budgets))}
}

// top is the last rung, from which nothing is promoted: how often a point can be.
func (b *bracket) top() int { return len(b.budgets) - 1 }

// A rung has the tasks that have ended there, the best first. One that failed has
// its place: it lets others be promoted.
type rung []*result

// A result is a task as it is compared with the others of its rung.
type result struct {
	point     *optimizer.Point
	violation float64 // of all constraints
	y         float64
	out       bool // it is not promoted: it failed or was stopped early
}

func newResult(p *optimizer.Point) *result {
	r := &result{point: p, violation: floats.Sum(p.Violation), y: math.Inf(1), out: true}
	if p.Usable() {
		r.y, r.out = p.Y[0], p.Stopped
	} else {
		r.violation = math.Inf(1)
	}
	return r
}

// compare orders the better first: by the rules of Deb (2000) and, among equals,
// by number.
func compare(a, b *result) int {
	return cmp.Or(cmp.Compare(a.violation, b.violation), cmp.Compare(a.y, b.y), cmp.Compare(a.point.Key, b.point.Key))
}

func (r *rung) add(e *result) {
	at, _ := slices.BinarySearchFunc(*r, e, compare)
	*r = slices.Insert(*r, at, e)
}

// A promotion takes a result to the rung above its own.
type promotion struct {
	result *result
	rung   int // to which
}

// promotable returns what can be promoted, that of the highest rung first and then
// the better: of each rung those that are among the best 1/eta and that no task
// continues (Li et al. 2020, algorithm 2, get_job). With all it is what is left
// of every rung, for when there are no new points.
func (b *bracket) promotable(eta float64, all bool, continued func(rush.TaskKey) bool) []promotion {
	var found []promotion
	for k := b.top() - 1; k >= 0; k-- {
		n := len(b.rungs[k])
		if !all {
			n = int(float64(n) / eta)
		}
		for _, r := range b.rungs[k][:n] {
			if !r.out && !continued(r.point.Key) {
				found = append(found, promotion{r, k + 1})
			}
		}
	}
	return found
}
