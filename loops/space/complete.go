package space

import (
	"fmt"
	"maps"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/seeds"
)

// mostCompletions bounds how often the rest of a point is drawn, before it is looked for.
const mostCompletions = 1_000

// Default returns the point in which each active parameter has its default, and the
// fidelity parameter, unless it has one, its upper bound: the default configuration
// of R's mlr3tuning. A parameter that is active and has none is a *[ParamError],
// and a constraint that the defaults violate a *[ConstraintError].
func (s Space) Default() (rush.Values, error) {
	point := make(rush.Values, len(s.params))
	for _, i := range s.inOrder() {
		p := &s.params[i]
		if !s.active(i, point) {
			continue
		}
		v, there := p.preset()
		if !there {
			return nil, p.wrong("default", "it has no default, which the point of all defaults needs; add default, or write that point as a map")
		}
		point[p.Name] = v
	}
	return s.accepted(point, false)
}

// preset returns what the parameter is where nobody says, if there is such a value.
func (p *param) preset() (v any, there bool) {
	switch {
	case p.Default != nil:
		return *p.Default, true
	case p.Fidelity:
		return p.number(p.Upper), true
	}
	return nil, false
}

// Complete returns a point of the space that has the given values, in whatever form
// [Space.Coerce] takes them. A parameter that is active and not given has its
// default; without one it is drawn, the fidelity parameter at its upper bound. All
// of it is drawn anew until it keeps to the constraints, a parameter g.Float64 each
// as in [Space.Sample]; after 1,000 draws it is moved to where they are kept.
//
// The errors are those of Coerce. One also says that no completion was found that is
// in the space.
func (s Space) Complete(given rush.Values, g *seeds.Generator) (rush.Values, error) {
	values, err := s.readGiven(given)
	if err != nil {
		return nil, err
	}
	u := make([]float64, len(s.params))
	for range mostCompletions {
		for i := range u {
			u[i] = g.Float64()
		}
		point, drawn := s.completed(values, u)
		if point, err = s.accepted(point, false); err == nil {
			return point, nil
		}
		if !drawn {
			return nil, err // all others are the same
		}
	}
	return s.seekCompletion(values, g, err)
}

// seekCompletion moves completions from random places to where they are in the
// space; last says why one that was drawn was not.
func (s Space) seekCompletion(values rush.Values, g *seeds.Generator, last error) (rush.Values, error) {
	u, tried := make([]float64, len(s.params)), mostCompletions
	d := descent{g: g, missing: func(u []float64) float64 {
		tried++
		point, _ := s.completed(values, u)
		m := s.lacking(point)
		for i := range s.params { // what is given has to be active
			if _, there := point[s.params[i].Name]; there && s.conditional(i) && !s.active(i, point) {
				m += s.inactivity(i, point)
			}
		}
		return m
	}}
	for range descents {
		for i := range u {
			u[i] = g.Float64()
		}
		if d.from(u, descentSteps) {
			point, _ := s.completed(values, u)
			return s.accepted(point, false)
		}
	}
	return nil, fmt.Errorf("none of %d points that have these values is in the space, the last that was drawn because of this: %w; give it more values, or others", tried, last)
}

// readGiven reads the values of a part of a point.
func (s Space) readGiven(given rush.Values) (rush.Values, error) {
	values := make(rush.Values, len(given))
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if err := s.checkKnown(name); err != nil {
			return nil, err
		}
		i := s.index[name]
		p, v := &s.params[i], given[name]
		if s.conditional(i) && p.isBlank(v) {
			continue
		}
		v, err := p.accept(p.read(v))
		if err != nil {
			return nil, &ParamError{Param: name, Err: err}
		}
		values[name] = v
	}
	return values, nil
}

// completed returns the values with those of the active parameters that have none,
// drawn at u unless they have a default. What is given and inactive stays: it is for
// a check to tell.
func (s Space) completed(values rush.Values, u []float64) (point rush.Values, drawn bool) {
	point = make(rush.Values, len(s.params))
	for _, i := range s.inOrder() {
		p := &s.params[i]
		v, there := values[p.Name]
		if !there && s.active(i, point) {
			if v, there = p.preset(); !there {
				v, there, drawn = p.fromUnit(u[i]), true, true
			}
		}
		if there {
			point[p.Name] = v
		}
	}
	return point, drawn
}

// inOrder returns the numbers of the parameters, each after those that it depends on.
func (s Space) inOrder() []int {
	if s.rules.order != nil {
		return s.rules.order
	}
	order := make([]int, len(s.params))
	for i := range order {
		order[i] = i
	}
	return order
}
