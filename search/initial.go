package search

import (
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

const initialExample = "[default, {x1: 0.5}]"

// initial reads the points that are evaluated first: default, or a map, or a list of
// them.
func (d *draft) initial(n *node) {
	d.initialNodes = []*node{n}
	if n.kind == list {
		d.initialNodes = n.items
	}
	if len(d.initialNodes) == 0 {
		d.wrong(n, "it is empty; expected points such as %s", initialExample)
	}
	for _, item := range d.initialNodes {
		if item.kind != mapping && item.value != "default" {
			d.wrong(item, "expected default, or a map of values, as in %s, found %s; points of a file are queued by rush push", initialExample, item.found())
		}
	}
}

// checkInitial checks the points against the space, and completes them as far as the
// file says how.
func (d *draft) checkInitial() {
	if len(d.initialNodes) == 0 || !d.good("initial", "space", "loop") {
		return
	}
	if d.def.Space.Len() == 0 {
		d.blame("initial", "it needs a space, which says what a point is; add one, or let a design_points loop evaluate them")
		return
	}
	for _, n := range d.initialNodes {
		given, err := d.initialPoint(n)
		if err == nil {
			d.def.Initial = append(d.def.Initial, Args(given))
			_, err = d.def.Space.Complete(given, seeds.New(1).Generator())
		}
		if err != nil {
			d.wrongValue(n, err)
		}
	}
	if len(d.found) > 0 {
		return // the loop may be what is wrong
	}
	if _, err := d.def.initialTasks(); err != nil {
		d.blame("initial", "%s", err)
	}
}

// wrongValue adds what is wrong with a point, at the value that it is about.
func (d *draft) wrongValue(n *node, err error) {
	if about, ok := errors.AsType[*space.ParamError](err); ok {
		if v := n.get(about.Param); v != nil {
			d.wrong(v, "%v", about.Err)
			return
		}
	}
	d.wrong(n, "%v", err)
}

// initialPoint returns the values of a point. The budget of the point of all defaults
// is the loop's business.
func (d *draft) initialPoint(n *node) (rush.Values, error) {
	if n.kind == mapping {
		return n.plain().(map[string]any), nil
	}
	xs, err := d.def.Space.Default()
	if p, ok := d.def.Space.Fidelity(); ok {
		delete(xs, p.Name)
	}
	return xs, err
}

// initialTasks returns the tasks of the initial points. What they leave open is drawn
// from the streams of their tasks, so that they are the same whenever they are made.
func (d *Definition) initialTasks() ([]rush.Task, error) {
	if len(d.Initial) == 0 {
		return nil, nil
	}
	starter, err := d.starter()
	if err != nil {
		return nil, err
	}
	seed := d.setting().Seed
	tasks := make([]rush.Task, len(d.Initial))
	for i, given := range d.Initial {
		first := int64(i) * int64(max(d.Task.Replicates, 1))
		xs, err := d.Space.Complete(rush.Values(given), seed.Task(first).Proposal().Generator())
		tasks[i].XS = xs
		if p, ok := d.Space.Fidelity(); ok && err == nil && starter != nil && given[p.Name] == nil {
			tasks[i].XS, tasks[i].XSExtra = starter.Start(xs)
			err = d.Space.Check(tasks[i].XS)
		}
		if err != nil {
			return nil, fmt.Errorf("point %d: %w", i+1, err)
		}
	}
	return tasks, nil
}

// starter returns the search's optimizer if it has a say in initial points, else nil.
func (d *Definition) starter() (optimizer.Starter, error) {
	if d.Loop.Name != Chain && optimizerKind(d.Loop.Name) == nil {
		return nil, nil
	}
	made, err := d.makeOptimizer()
	if err != nil {
		return nil, err
	}
	o, err := made(d.setting())
	s, _ := o.(optimizer.Starter)
	return s, err
}
