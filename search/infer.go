package search

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
)

// Infer makes a definition for finished tasks of which nobody says what they were
// about, such as those of a CSV file: with the codomain, and a space that the
// inputs make up: from the smallest to the largest of numbers, and what else
// occurs as levels. It is for looking at them, and not for a search.
func Infer(ctx context.Context, a Archive, c loops.Codomain) (*Definition, error) {
	seen := map[string]*inferred{}
	outputs := map[string]bool{}
	tasks := 0
	err := a.EachFinished(ctx, resultFields, func(t *rush.Task) bool {
		for name, v := range t.XS {
			if seen[name] == nil {
				seen[name] = &inferred{lower: math.Inf(1), upper: math.Inf(-1)}
			}
			seen[name].add(v)
		}
		for name := range t.YS {
			outputs[name] = true
		}
		tasks++
		return true
	})
	if err != nil {
		return nil, err
	}
	for _, target := range c {
		if !outputs[target.Name] {
			known := append(slices.Sorted(maps.Keys(outputs)), slices.Sorted(maps.Keys(seen))...)
			return nil, fmt.Errorf("no finished task has an output %s%s", target.Name, nearest.Hint(target.Name, known))
		}
	}
	var params []space.Param
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if p, ok := seen[name].param(name, tasks); ok {
			params = append(params, p)
		}
	}
	s, err := space.New(params...)
	if err != nil {
		return nil, fmt.Errorf("make a space of the inputs: %w", err)
	}
	return &Definition{Format: Format, Space: s, Codomain: c}, nil
}

// inferred is what is known of an input.
type inferred struct {
	n            int // values that are not null
	lower, upper float64
	fraction     bool // whether a number is no integer
	levels       []any
	many         bool // more levels than can be parameters
	bools        bool
}

// maxLevels is how many levels an inferred parameter may have.
const maxLevels = 200

func (p *inferred) add(v any) {
	switch v := v.(type) {
	case nil:
		return
	case int64:
		p.number(float64(v))
	case float64:
		p.fraction = true
		p.number(v)
	case bool:
		p.bools = true
	case string:
		if !p.many && !slices.Contains(p.levels, any(v)) {
			p.levels = append(p.levels, v)
			p.many = len(p.levels) > maxLevels
		}
	default:
		p.many = true
	}
	p.n++
}

func (p *inferred) number(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		p.many = true
		return
	}
	p.lower, p.upper = min(p.lower, v), max(p.upper, v)
}

// param is the parameter; false for an input that is none: a constant, one with
// values of several kinds, or one that some of the tasks lack.
func (p *inferred) param(name string, tasks int) (space.Param, bool) {
	numbers := p.lower <= p.upper
	switch {
	case p.many || p.n < tasks:
		return space.Param{}, false
	case numbers && !p.bools && p.levels == nil && p.lower < p.upper:
		kind := space.Int
		if p.fraction || math.Abs(p.lower) > 1<<53 || math.Abs(p.upper) > 1<<53 {
			kind = space.Dbl
		}
		return space.Param{Name: name, Type: kind, Lower: p.lower, Upper: p.upper}, true
	case p.bools && !numbers && p.levels == nil:
		return space.Param{Name: name, Type: space.Lgl}, true
	case len(p.levels) > 1 && !numbers && !p.bools:
		slices.SortFunc(p.levels, func(a, b any) int { return cmp.Compare(a.(string), b.(string)) })
		return space.Param{Name: name, Type: space.Fct, Levels: p.levels}, true
	}
	return space.Param{}, false
}
