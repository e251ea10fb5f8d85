package loops

import (
	"math"

	"github.com/rushnet/rush"
)

// A Goal says what is wanted of an output.
type Goal string

// The goals.
const (
	Minimize Goal = "minimize"
	Maximize Goal = "maximize"
	// Constraint wants an output to be at most 0: a point with more is infeasible,
	// and no result of the search as long as there is a feasible one.
	Constraint Goal = "constraint"
	// Record wants nothing: the output is a number that every task has, or NaN.
	Record Goal = "record"
)

// A Target is an output that every task has.
type Target struct {
	Name string `json:"name"`
	Goal Goal   `json:"goal"`
}

// A Codomain lists the targets, in the order in which they were named. None
// means that every output is recorded as it is, NaN too, and that no point is
// better than another.
type Codomain []Target

// Has reports whether name is a target.
func (c Codomain) Has(name string) bool {
	for _, t := range c {
		if t.Name == name {
			return true
		}
	}
	return false
}

// Objectives returns the targets to minimize or maximize, in their order.
func (c Codomain) Objectives() Codomain {
	var list Codomain
	for _, t := range c {
		if t.Goal == Minimize || t.Goal == Maximize {
			list = append(list, t)
		}
	}
	return list
}

// Violations returns by how much a task's outputs violate each constraint, in
// their order and 0 for one that they keep to; nil if there is no constraint. An
// output that is missing violates its constraint without bound.
func (c Codomain) Violations(ys rush.Values) []float64 {
	list := c.Constraints(ys)
	for i, v := range list {
		list[i] = max(v, 0)
	}
	return list
}

// Constraints returns the outputs that are constraints, in their order, at most 0
// where a task keeps to them; nil if there is no constraint. One that is missing
// or NaN is +Inf.
func (c Codomain) Constraints(ys rush.Values) []float64 {
	var list []float64
	for _, t := range c {
		if t.Goal != Constraint {
			continue
		}
		v, ok := ys[t.Name].(float64)
		if !ok || math.IsNaN(v) {
			v = math.Inf(1)
		}
		list = append(list, v)
	}
	return list
}

// Better reports whether the outputs a of a task are better than b, by the rules
// of K. Deb (2000): what violates the constraints less in all is better, and
// among equals, as all feasible ones are, what is better for the objective. With
// no objective or several only the constraints count.
func (c Codomain) Better(a, b rush.Values) bool {
	if v, w := total(c.Violations(a)), total(c.Violations(b)); v != w {
		return v < w
	}
	objectives := c.Objectives()
	if len(objectives) != 1 {
		return false
	}
	y, _ := a[objectives[0].Name].(float64)
	z, _ := b[objectives[0].Name].(float64)
	return objectives[0].Better(y, z)
}

func total(list []float64) (sum float64) {
	for _, v := range list {
		sum += v
	}
	return sum
}

// Better reports whether a is better than b for the target, which is to be
// minimized or maximized.
func (t Target) Better(a, b float64) bool {
	if t.Goal == Maximize {
		return a > b
	}
	return a < b
}
