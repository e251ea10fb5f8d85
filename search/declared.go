package search

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
)

// checkObjective compares what an objective says that it takes and returns with
// the search's space and codomain. All that does not fit is told at once.
func (d *Definition) checkObjective(o *loops.Declaration) error {
	var problems []error
	if o.Arguments != nil && d.Space.Len() > 0 {
		problems = d.checkInputs(o.Arguments)
	}
	for _, target := range d.Codomain {
		if o.Outputs != nil && !slices.Contains(o.Outputs, target.Name) {
			problems = append(problems, fmt.Errorf("the codomain has %s, which it does not return; it returns %s%s",
				target.Name, strings.Join(o.Outputs, ", "), nearest.Hint(target.Name, o.Outputs)))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("%s does not fit the search: %w", o.Name, err)
	}
	return nil
}

// checkInputs compares the space with the inputs of an objective.
func (d *Definition) checkInputs(inputs []loops.Argument) (problems []error) {
	var names []string
	for i := range inputs {
		a := &inputs[i]
		names = append(names, a.Name)
		p, ok := d.Space.Param(a.Name)
		switch {
		case ok:
			if problem := misfit(a, p); problem != "" {
				problems = append(problems, fmt.Errorf("its input %s: expected %s, found %s in the space", a.Name, a.Expected(), problem))
			}
		case a.Required:
			problems = append(problems, fmt.Errorf("its input %s, %s, is no parameter of the space", a.Name, a.Expected()))
		}
	}
	for _, name := range d.Space.Names() {
		if !slices.Contains(names, name) {
			problems = append(problems, fmt.Errorf("the space has %s, which it does not take%s", name, nearest.Hint(name, names)))
		}
	}
	return problems
}

// misfit says which values of a parameter an input cannot be; "" for none.
func misfit(a *loops.Argument, p space.Param) string {
	if p.Trafo != "" {
		return "" // its values are not those of the objective
	}
	values := p.Levels
	switch p.Type {
	case space.Dbl:
		if a.Type == loops.Integer {
			return "a parameter of type dbl"
		}
		values = []any{p.Lower, p.Upper}
	case space.Int:
		values = []any{int64(p.Lower), int64(p.Upper)}
	case space.Lgl:
		values = []any{true, false}
	}
	for _, v := range slices.Concat(values, p.Special) {
		if _, err := loops.CheckArguments([]loops.Argument{*a}, rush.Values{a.Name: v}); err != nil {
			return fmt.Sprintf("%v", v)
		}
	}
	return ""
}
