package search

import (
	"maps"
	"math"
	"slices"

	"github.com/rushnet/rush"
)

// Reserved is how many numbers, from 0, belong to initial points and to the points of
// a grid or a design, replicates counted. It does not depend on the budget, so that a
// resume may raise that.
func (d *Definition) Reserved() int64 {
	n := int64(len(d.Initial))
	switch {
	case d.Loop.Name == GridSearch:
		if g, err := d.grid(); err == nil {
			again, _ := d.againInGrid() // Design tells what is wrong
			n += min(g.Len()-int64(len(again)), math.MaxInt64-n)
		}
	case d.Loop.Design != nil:
		n += d.Loop.Design.Points
	}
	if r := int64(d.Task.Replicates); r > 1 {
		if n > math.MaxInt64/r {
			return math.MaxInt64
		}
		n *= r
	}
	return n
}

// Design returns the tasks of initial points, and after them those of a grid or a
// design: how many are to be created, which is no more than the budget allows, and
// each of them; 0 and nil if there are none. It reads the design's file unless [Load]
// has just done so. row may be called in any order.
func (d *Definition) Design() (n int64, row func(i int64) (rush.Task, error), err error) {
	initial, err := d.initialTasks()
	if err != nil {
		return 0, nil, err
	}
	point, err := d.pointAt()
	if err != nil || point == nil && len(initial) == 0 {
		return 0, nil, err
	}
	n = d.Reserved()
	if limit := d.Limit(); limit > 0 {
		n = min(n, limit)
	}
	// The timeout is not written into the tasks: workers know it, and a resume
	// may change it.
	options := rush.Options{MaxRetries: d.Task.MaxRetries}
	replicates := int64(max(d.Task.Replicates, 1))
	return n, func(i int64) (rush.Task, error) {
		var task rush.Task
		if k := i / replicates; k < int64(len(initial)) {
			task = initial[k]
		} else {
			task.XS = point(k - int64(len(initial)))
		}
		task.Options = options
		if replicates > 1 {
			task.XSExtra = maps.Clone(task.XSExtra)
			if task.XSExtra == nil {
				task.XSExtra = rush.Values{}
			}
			task.XSExtra["replicate"] = i % replicates
		}
		return task, nil
	}, nil
}

// pointAt returns the points of a grid or a design by number, or nil if the loop has
// none.
func (d *Definition) pointAt() (func(i int64) rush.Values, error) {
	switch {
	case d.Loop.Name == GridSearch:
		g, err := d.grid()
		if err != nil {
			return nil, err
		}
		again, err := d.againInGrid()
		return func(i int64) rush.Values {
			for _, k := range again {
				if k <= i {
					i++
				}
			}
			return g.Row(i)
		}, err
	case d.Loop.Design != nil:
		if err := d.load(); err != nil {
			return nil, err
		}
		return func(i int64) rush.Values { return d.points[i] }, nil
	}
	return nil, nil
}

// againInGrid returns the rows of the grid that are initial points, in their order:
// they are not evaluated again.
func (d *Definition) againInGrid() ([]int64, error) {
	if len(d.Initial) == 0 {
		return nil, nil
	}
	g, err := d.grid()
	if err != nil {
		return nil, err
	}
	initial, err := d.initialTasks()
	var rows []int64
	for _, t := range initial {
		if i, ok := g.Index(t.XS); ok {
			rows = append(rows, i)
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows), err
}
