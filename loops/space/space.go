package space

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Space is an ordered list of parameters, made by [New]. It never changes.
// The zero value has no parameters.
type Space struct {
	params []param
	index  map[string]int // of params by name
	rules  rules
}

// New returns the space of the parameters, in their order, which matters: it is
// that of the random draws and of a grid. The parameters are copied and brought
// into one form: levels and grid values become null, bool, int64, float64,
// string, []any or map[string]any. An error is a *[ParamError] that says which
// field of which parameter is wrong. [Space.Constrain] adds constraints.
func New(params ...Param) (Space, error) {
	s := Space{index: make(map[string]int, len(params))}
	for i, p := range params {
		if err := checkName(p.Name, i); err != nil {
			return Space{}, err
		}
		if first, ok := s.index[p.Name]; ok {
			return Space{}, p.wrong("name", "parameters %d and %d have the same name; give each a name of its own", first+1, i+1)
		}
		p, err := p.normalize()
		if err != nil {
			return Space{}, err
		}
		s.index[p.Name] = i
		s.params = append(s.params, scaled(p))
	}
	if err := s.compileRules(); err != nil {
		return Space{}, err
	}
	if err := s.probe(); err != nil {
		return Space{}, err
	}
	return s, nil
}

// MustNew is [New] for spaces that are written in a program: it panics where
// New returns an error.
func MustNew(params ...Param) Space {
	s, err := New(params...)
	if err != nil {
		panic("space: " + err.Error())
	}
	return s
}

// Len returns the number of parameters.
func (s Space) Len() int { return len(s.params) }

// Names returns the names of the parameters in their order.
func (s Space) Names() []string {
	names := make([]string, len(s.params))
	for i := range s.params {
		names[i] = s.params[i].Name
	}
	return names
}

// Params returns the parameters in their order, as [New] brought them into one
// form.
func (s Space) Params() []Param {
	params := make([]Param, len(s.params))
	for i := range s.params {
		params[i] = s.params[i].clone()
	}
	return params
}

// Fidelity returns the parameter that says how thoroughly a point is evaluated,
// if there is one.
func (s Space) Fidelity() (Param, bool) {
	if s.rules.fidelity == 0 {
		return Param{}, false
	}
	return s.params[s.rules.fidelity-1].clone(), true
}

// Param returns the parameter of that name.
func (s Space) Param(name string) (Param, bool) {
	i, ok := s.index[name]
	if !ok {
		return Param{}, false
	}
	return s.params[i].clone(), true
}

// String describes the space, one line for each parameter and constraint.
func (s Space) String() string {
	var b strings.Builder
	for i := range s.params {
		b.WriteString(s.params[i].String())
		b.WriteByte('\n')
	}
	for _, c := range s.rules.constraints {
		b.WriteString("where " + c.String() + "\n")
	}
	return b.String()
}

// clone copies the lists, so that nobody can reach into a space.
func (p Param) clone() Param {
	p.Levels = slices.Clone(p.Levels)
	p.Values = slices.Clone(p.Values)
	p.Special = slices.Clone(p.Special)
	if p.Default != nil {
		p.Default = new(*p.Default)
	}
	return p
}

// checkName judges the name of the i-th parameter, counted from 0.
func checkName(name string, i int) error {
	var problem string
	switch {
	case name == "":
		problem = "has no name"
	case !utf8.ValidString(name):
		problem = "has a name that is not UTF-8"
	case strings.TrimSpace(name) != name:
		problem = fmt.Sprintf("is named %q, with blanks around it", name)
	case strings.ContainsFunc(name, unicode.IsControl):
		problem = fmt.Sprintf("is named %q, with a control character in it", name)
	default:
		return nil
	}
	return &ParamError{Field: "name", Err: fmt.Errorf("parameter %d %s; expected a name such as x%d or svm.kernel", i+1, problem, i+1)}
}
