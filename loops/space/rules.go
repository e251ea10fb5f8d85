package space

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/expression"
)

// Rules are what a space has beyond its parameters: when they are active, and
// which points it leaves out.
type rules struct {
	order       []int                 // of the parameters, each after those that it depends on; nil if none depends
	depends     []*expression.Program // of each parameter; nil is always active
	trafos      []*expression.Program // of each parameter; nil is none
	constraints []*expression.Program
	fidelity    int // the index of the parameter and 1; 0 is none
	// witness is a place that keeps to the constraints; nil if there are none.
	witness []float64
	scales  []float64 // what random points lack of each constraint that they violate
	rare    bool      // few random points keep to the constraints
}

// A ConstraintError is an error about a constraint of a space, or about a point
// that one rules out.
type ConstraintError struct {
	Index  int // of the constraint
	Offset int // where in its text, in characters
	Err    error
}

// Error says what is wrong.
func (e *ConstraintError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *ConstraintError) Unwrap() error { return e.Err }

// ErrInfeasible says that a point keeps to its parameters, but not to a
// constraint of the space.
var ErrInfeasible = errors.New("the point violates a constraint")

// Constrain returns the space with constraints beside those that it has: it
// holds the points for which none of them is false. A constraint is an
// expression over the parameters, such as units1 + units2 <= 512, in natural
// values before any trafo. A comparison with a parameter that is inactive is
// neither true nor false, as in SQL, and rules nothing out; x ?? 0 gives it a
// value. Where one cannot be evaluated, as "auto" + 1, it is violated.
//
// An error is a *[ConstraintError]; one says that no point could be found that
// keeps to all of them.
func (s Space) Constrain(constraints ...string) (Space, error) {
	s.rules.constraints = slices.Clone(s.rules.constraints)
	for _, text := range constraints {
		i := len(s.rules.constraints)
		p, err := expression.Compile(text, s.kinds(), expression.Bool)
		if err == nil {
			err = s.checkCompared(p)
		}
		if err != nil {
			return Space{}, &ConstraintError{i, offset(err), err}
		}
		s.rules.constraints = append(s.rules.constraints, p)
	}
	if err := s.probe(); err != nil {
		return Space{}, err
	}
	return s, nil
}

// Constraints returns the constraints as they were written.
func (s Space) Constraints() []string {
	var texts []string
	for _, c := range s.rules.constraints {
		texts = append(texts, c.String())
	}
	return texts
}

// Feasible reports whether a point keeps to the constraints; that it keeps to
// its parameters is not looked at. It takes below a microsecond for each.
func (s Space) Feasible(point rush.Values) bool { return s.violated(point) < 0 }

// violated returns the first constraint that the point violates, or -1.
func (s Space) violated(point rush.Values) int {
	for i, c := range s.rules.constraints {
		if truth, err := c.Truth(point); err != nil || truth == expression.False {
			return i
		}
	}
	return -1
}

// checkFeasible is Feasible, and says why not.
func (s Space) checkFeasible(point rush.Values) error {
	i := s.violated(point)
	if i < 0 {
		return nil
	}
	c := s.rules.constraints[i]
	var parts []string
	for _, name := range c.Names() {
		if v, ok := point[name]; ok {
			parts = append(parts, fmt.Sprintf("%s: %s", name, show(v)))
		}
	}
	return &ConstraintError{Index: i, Err: fmt.Errorf("expected %s, found {%s}: %w", c, strings.Join(parts, ", "), ErrInfeasible)}
}

// active reports whether the i-th parameter is, with the values of those that it
// depends on.
func (s Space) active(i int, point rush.Values) bool {
	if s.rules.depends == nil || s.rules.depends[i] == nil {
		return true
	}
	truth, err := s.rules.depends[i].Truth(point)
	return err == nil && truth == expression.True
}

// conditional reports whether the i-th parameter can be inactive.
func (s Space) conditional(i int) bool { return s.rules.depends != nil && s.rules.depends[i] != nil }

// kinds returns what the values of the parameters are in expressions.
func (s Space) kinds() map[string]expression.Kind {
	kinds := make(map[string]expression.Kind, len(s.params))
	for i := range s.params {
		kinds[s.params[i].Name] = s.params[i].kind()
	}
	return kinds
}

// compileRules makes programs of what the parameters say.
func (s *Space) compileRules() error {
	for i := range s.params {
		p := &s.params[i]
		if p.Depends != "" {
			if err := s.compileDepends(i, p); err != nil {
				return err
			}
		}
		if p.Trafo != "" {
			if err := s.compileTrafo(i, p); err != nil {
				return err
			}
		}
		if p.Fidelity && s.rules.fidelity > 0 {
			return p.wrong("fidelity", "%s is the fidelity parameter already, and there can only be one; remove one", s.params[s.rules.fidelity-1].Name)
		}
		if p.Fidelity {
			s.rules.fidelity = i + 1
		}
	}
	if s.rules.depends == nil {
		return nil
	}
	return s.sortByDependence()
}

func (s *Space) compileDepends(i int, p *param) error {
	program, err := expression.Compile(p.Depends, s.kinds(), expression.Bool)
	if err == nil {
		err = s.checkCompared(program)
	}
	if err == nil && len(program.Names()) == 0 {
		err = errors.New(`expected an expression over other parameters, such as kernel == "rbf"`)
	}
	if err != nil {
		return &ParamError{Param: p.Name, Field: "depends", Offset: offset(err), Err: err}
	}
	if s.rules.depends == nil {
		s.rules.depends = make([]*expression.Program, len(s.params))
	}
	s.rules.depends[i] = program
	return nil
}

// checkCompared looks for values that a parameter never has: kernel == "rbff".
func (s Space) checkCompared(program *expression.Program) error {
	for _, c := range program.Compared() {
		p := &s.params[s.index[c.Name]]
		if _, isText := c.Value.(string); c.Value == nil || p.Type.numeric() && !isText {
			continue
		}
		if _, err := p.accept(c.Value); err != nil {
			return &expression.Error{Offset: c.Offset, Message: fmt.Sprintf("%s is never that: %v", c.Name, err)}
		}
	}
	return nil
}

// offset returns where in its expression an error is.
func offset(err error) int {
	var known *expression.Error
	if errors.As(err, &known) {
		return known.Offset
	}
	return 0
}

// sortByDependence puts the parameters into an order in which each comes after
// those that it depends on, or names a circle.
func (s *Space) sortByDependence() error {
	const (
		begun = 1
		done  = 2
	)
	state := make([]int, len(s.params))
	var path []string
	var visit func(i int) error
	visit = func(i int) error {
		p := &s.params[i]
		path = append(path, p.Name)
		if state[i] == begun {
			circle := path[slices.Index(path, p.Name):]
			return p.wrong("depends", "expected no parameter to depend on itself, found the circle %s; remove one of the dependencies", strings.Join(circle, " -> "))
		}
		if state[i] == 0 {
			state[i] = begun
			if program := s.rules.depends[i]; program != nil {
				for _, name := range program.Names() {
					if err := visit(s.index[name]); err != nil {
						return err
					}
				}
			}
			state[i] = done
			s.rules.order = append(s.rules.order, i)
		}
		path = path[:len(path)-1]
		return nil
	}
	for i := range s.params {
		if err := visit(i); err != nil {
			return err
		}
	}
	return nil
}

// kind says what the values of the parameter are in expressions.
func (p *param) kind() expression.Kind {
	all := slices.Clone(p.Special)
	switch p.Type {
	case Dbl:
		all = append(all, p.Lower)
	case Int:
		all = append(all, int64(p.Lower))
	case Fct:
		all = append(all, p.Levels...)
	case Lgl:
		return expression.Bool
	}
	kind := kindOf(all[0])
	for _, v := range all[1:] {
		switch other := kindOf(v); {
		case other == kind:
		case other <= expression.Integer && kind <= expression.Integer && other > expression.Any && kind > expression.Any:
			kind = expression.Number
		default:
			return expression.Any
		}
	}
	return kind
}

func kindOf(v any) expression.Kind {
	switch v.(type) {
	case float64:
		return expression.Number
	case int64:
		return expression.Integer
	case bool:
		return expression.Bool
	case string:
		return expression.Text
	}
	return expression.Any
}
