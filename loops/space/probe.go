package space

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/expression"
	"github.com/rushnet/rush/seeds"
)

// How many random points are looked at to find out whether a space with rules
// has any, and how many at least, so that expressions that cannot be evaluated
// are found.
const (
	probes     = 20_000
	fewestProb = 100
)

// A probe looks for points of a space with rules.
type probe struct {
	s        *Space
	seen     []bool // parameters that were active in a point that keeps to the constraints
	unseen   int
	feasible []int // points in which each constraint held
}

// probe finds out at the start whether the space has points, and whether every
// parameter is active in some. It keeps one of the points.
func (s *Space) probe() error {
	if s.rules.depends == nil && len(s.rules.constraints) == 0 {
		return nil
	}
	p := &probe{s: s, seen: make([]bool, len(s.params)), unseen: len(s.params), feasible: make([]int, len(s.rules.constraints))}
	s.rules.witness = nil
	g := seeds.New(1).Generator()
	for i := range probes {
		u := make([]float64, len(s.params))
		for k := range u {
			u[k] = g.Float64()
		}
		if err := p.look(u); err != nil {
			return err
		}
		if i >= fewestProb && p.unseen == 0 {
			return nil
		}
	}
	return p.missing()
}

// look looks at one place.
func (p *probe) look(u []float64) error {
	s := p.s
	point := s.FromUnit(u)
	if err := p.evaluate(point); err != nil {
		return err
	}
	if !s.Feasible(point) {
		return nil
	}
	if s.rules.witness == nil {
		s.rules.witness = u
	}
	for i := range s.params {
		if _, ok := point[s.params[i].Name]; ok && !p.seen[i] {
			p.seen[i] = true
			p.unseen--
		}
	}
	return nil
}

// evaluate tells expressions that cannot be evaluated.
func (p *probe) evaluate(point rush.Values) error {
	s := p.s
	for i, program := range s.rules.depends {
		if program == nil {
			continue
		}
		if _, err := program.Truth(point); err != nil {
			return s.params[i].wrong("depends", "it cannot be evaluated with %s: %w", valuesOf(program, point), err)
		}
	}
	for i, program := range s.rules.constraints {
		truth, err := program.Truth(point)
		if err != nil {
			return &ConstraintError{Index: i, Err: fmt.Errorf("it cannot be evaluated with %s: %w", valuesOf(program, point), err)}
		}
		if truth != expression.False {
			p.feasible[i]++
		}
	}
	return nil
}

// valuesOf writes the values that a program sees.
func valuesOf(program *expression.Program, point rush.Values) string {
	var parts []string
	for _, name := range program.Names() {
		if v, ok := point[name]; ok {
			parts = append(parts, name+": "+show(v))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// missing says what was found nowhere.
func (p *probe) missing() error {
	s := p.s
	if s.rules.witness == nil {
		return p.infeasible()
	}
	for i, seen := range p.seen {
		if !seen {
			return s.params[i].wrong("depends", "it is active in none of %d random points, as if it could never be; widen what it depends on, or remove the parameter", probes)
		}
	}
	return nil
}

// infeasible says that no point keeps to the constraints, with the constraint
// that is the hardest to keep to.
func (p *probe) infeasible() error {
	s := p.s
	hardest, least := 0, math.MaxInt
	for i, n := range p.feasible {
		if n < least {
			hardest, least = i, n
		}
	}
	c := s.rules.constraints[hardest]
	var text string
	switch {
	case least > 0:
		text = fmt.Sprintf("none of %d random points keeps to all constraints; the hardest, %s, held for %d of them: relax it, or narrow the parameters to where it holds", probes, c, least)
	case s.equates(c):
		text = fmt.Sprintf("none of %d random points keeps to it, since an equality between real numbers holds for next to no point; leave out a parameter and compute it from the others in the objective", probes)
	default:
		text = fmt.Sprintf("none of %d random points keeps to it, as if no point could; relax it, or narrow the parameters (%s) to where it holds", probes, strings.Join(c.Names(), ", "))
	}
	return &ConstraintError{Index: hardest, Err: errors.New(text)}
}

// equates reports whether a constraint may ask real numbers to be equal.
func (s Space) equates(c *expression.Program) bool {
	for _, name := range c.Names() {
		if s.params[s.index[name]].Type == Dbl && strings.Contains(c.String(), "==") {
			return true
		}
	}
	return false
}
