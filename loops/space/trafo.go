package space

import (
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/expression"
)

// DomainPrefix is what the names of values after their trafo begin with in
// tables: x_domain.rate is what the objective got for rate.
const DomainPrefix = "x_domain."

// own is what a trafo may call its parameter's value.
const own = "x"

func (s *Space) compileTrafo(i int, p *param) error {
	kinds := map[string]expression.Kind{own: p.kind(), p.Name: p.kind()}
	program, err := expression.Compile(p.Trafo, kinds, expression.Any)
	if err == nil && len(program.Names()) == 0 {
		err = fmt.Errorf("expected an expression over x, which is the value of %s, such as 10^x", p.Name)
	}
	if _, other := s.index[own]; err == nil && other && p.Name != own {
		for _, name := range program.Names() {
			if name == own {
				err = fmt.Errorf("x would be the value of %s here, and there is a parameter x too; write %s in place of x", p.Name, p.Name)
			}
		}
	}
	if err != nil {
		return &ParamError{Param: p.Name, Field: "trafo", Offset: offset(err), Err: err}
	}
	if s.rules.trafos == nil {
		s.rules.trafos = make([]*expression.Program, len(s.params))
	}
	s.rules.trafos[i] = program
	for _, v := range p.Special {
		if _, err := s.transform(i, v); err != nil {
			return p.wrong("trafo", "%w; say what it gives for that special value, as in x == %s ? x : %s", err, literal(v), p.Trafo)
		}
	}
	for _, u := range []float64{0, 0.25, 0.5, 0.75, 1} {
		if _, err := s.transform(i, p.fromUnit(u)); err != nil {
			return p.wrong("trafo", "%w", err)
		}
	}
	return nil
}

// literal writes a scalar as expressions do.
func literal(v any) string {
	if v == nil {
		return "nil"
	}
	return show(v)
}

// transform returns a value of the i-th parameter after its trafo.
func (s Space) transform(i int, v any) (any, error) {
	name := s.params[i].Name
	out, err := s.rules.trafos[i].Value(map[string]any{own: v, name: v})
	if err == nil {
		out, err = plainJSON(out)
	}
	if err != nil {
		return nil, fmt.Errorf("it cannot be evaluated with %s: %s: %w", name, show(v), err)
	}
	return out, nil
}

// Transforms reports whether a parameter has a trafo.
func (s Space) Transforms() bool { return s.rules.trafos != nil }

// Transformed returns what Domain changed in a point, as extras of its task:
// [DomainPrefix] and the name with the value of each parameter that has a trafo.
func (s Space) Transformed(domain rush.Values) rush.Values {
	changed := rush.Values{}
	for i, program := range s.rules.trafos {
		if v, ok := domain[s.params[i].Name]; ok && program != nil {
			changed[DomainPrefix+s.params[i].Name] = v
		}
	}
	return changed
}

// Domain returns what the objective gets for a point, paradox's x_domain: the
// values of parameters with a trafo are those after it. The rest, names that are
// no parameters too, is as it was; the given point is not changed. It fails if a
// trafo cannot be evaluated, or gives no finite number, text, bool, null, list or
// map.
func (s Space) Domain(point rush.Values) (rush.Values, error) {
	if !s.Transforms() {
		return point, nil
	}
	out := make(rush.Values, len(point))
	for name, v := range point {
		out[name] = v
		i, ok := s.index[name]
		if !ok || s.rules.trafos[i] == nil {
			continue
		}
		var err error
		if out[name], err = s.transform(i, v); err != nil {
			return nil, &ParamError{Param: name, Field: "trafo", Err: err}
		}
	}
	return out, nil
}
