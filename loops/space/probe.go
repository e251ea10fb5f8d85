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
	feasible []int // random points in which each constraint held
	looked   int   // points
	kept     int   // of them that keep to the constraints
	points   int   // that the space has, if all were looked at
}

// probe finds out at the start whether the space has points, and whether every
// parameter is active in some. It keeps one of the points. Where random points do not
// do, those of a small finite space are all looked at, and else it goes towards what is
// missing.
func (s *Space) probe() error {
	if s.rules.depends == nil && len(s.rules.constraints) == 0 {
		return nil
	}
	p := &probe{s: s, seen: make([]bool, len(s.params)), unseen: len(s.params), feasible: make([]int, len(s.rules.constraints))}
	s.rules.witness, s.rules.scales, s.rules.rare = nil, make([]float64, len(s.rules.constraints)), false
	g := seeds.New(1).Generator()
	u := make([]float64, len(s.params))
	for p.looked = 0; p.looked < probes && (p.looked <= fewestProb || p.unseen > 0); p.looked++ {
		for k := range u {
			u[k] = g.Float64()
		}
		if err := p.look(u); err != nil {
			return err
		}
	}
	s.rules.rare = float64(p.kept) < rareShare*float64(p.looked)
	if p.unseen > 0 && !p.enumerate() {
		p.descend(g)
	}
	return p.missing()
}

// rareShare is the share of random points that keep to the constraints below which there
// are few of them.
const rareShare = 0.001

// enumerate looks at all points of a small finite space, and reports whether it did.
func (p *probe) enumerate() bool {
	const most = 200_000
	n := 1.0
	for i := range p.s.params {
		n *= p.s.params[i].cardinality()
	}
	if n > most {
		return false
	}
	values := make([][]any, len(p.s.params))
	for i := range values {
		values[i] = p.s.params[i].all()
	}
	free := *p.s // walk leaves out what violates constraints
	free.rules.constraints = nil
	all := free.walk(values, func(c *combination) bool {
		p.points++
		if p.s.Feasible(c.point) {
			p.keep(c.point, nil)
		}
		return true
	})
	if !all {
		p.points = 0
	}
	return all
}

// descend goes from random places towards a point that keeps to the constraints, and
// to one for each parameter that was active in none.
func (p *probe) descend(g *seeds.Generator) {
	s := p.s
	target := -1 // the parameter that is looked for
	d := descent{g: g, missing: func(u []float64) float64 {
		point := s.FromUnit(u)
		p.looked++
		m := s.lacking(point)
		if target >= 0 {
			m += s.inactivity(target, point)
		}
		return m
	}}
	for i := -1; i < len(s.params); i++ {
		if i < 0 && s.rules.witness != nil || i >= 0 && (p.seen[i] || s.rules.witness == nil) {
			continue
		}
		target = i
		for range descents {
			u := make([]float64, len(s.params))
			for k := range u {
				u[k] = g.Float64()
			}
			if d.from(u, descentSteps) {
				p.keep(s.FromUnit(u), u)
				break
			}
		}
	}
}

// look looks at one place.
func (p *probe) look(u []float64) error {
	s := p.s
	point := s.FromUnit(u)
	if err := p.evaluate(point); err != nil {
		return err
	}
	if s.Feasible(point) {
		p.keep(point, u)
		return nil
	}
	for i, c := range s.rules.constraints {
		if short := c.Shortfall(point); !math.IsInf(short, 1) {
			s.rules.scales[i] = max(s.rules.scales[i], short)
		}
	}
	return nil
}

// keep notes a point that keeps to the constraints, and its place; nil computes it.
func (p *probe) keep(point rush.Values, u []float64) {
	s := p.s
	p.kept++
	if s.rules.witness == nil {
		if u == nil {
			u, _ = s.ToUnit(point) // which is in the space
		}
		s.rules.witness = append([]float64(nil), u...)
	}
	for i := range s.params {
		if _, ok := point[s.params[i].Name]; ok && !p.seen[i] {
			p.seen[i] = true
			p.unseen--
		}
	}
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
			return s.params[i].wrong("depends", "it is active in none of %s, as if it could never be; widen what it depends on, or remove the parameter", p.tried())
		}
	}
	return nil
}

// tried says which points were looked at.
func (p *probe) tried() string {
	if p.points > 0 {
		return fmt.Sprintf("the %d points of the space", p.points)
	}
	return fmt.Sprintf("%d points (tried at random, and then towards it)", p.looked)
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
		text = fmt.Sprintf("none of %s keeps to all constraints; the hardest, %s, held for %d of %d random ones: relax it, or narrow the parameters to where it holds", p.tried(), c, least, probes)
	case s.equates(c):
		text = fmt.Sprintf("none of %s keeps to it, since an equality between real numbers holds for next to no point; leave out a parameter and compute it from the others in the objective", p.tried())
	default:
		text = fmt.Sprintf("none of %s keeps to it, as if no point could; relax it, or narrow the parameters (%s) to where it holds", p.tried(), strings.Join(c.Names(), ", "))
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
