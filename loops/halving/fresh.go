package halving

import (
	"fmt"
	"maps"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
)

// mostCounted is how many points a space has at most of which it is known which
// were evaluated.
const mostCounted = 100_000

// fresh knows which points of a small space are new. The budget is no part of
// them.
type fresh struct {
	fidelity string
	names    []string
	points   float64         // of the space; 0 if they are too many
	seen     map[string]bool // nil if they are too many
}

func newFresh(s space.Space, fidelity space.Param) *fresh {
	f := &fresh{fidelity: fidelity.Name, names: s.Names()}
	if n := s.Cardinality(); n <= mostCounted {
		f.points, f.seen = n, make(map[string]bool)
	}
	return f
}

func (f *fresh) know(xs rush.Values) {
	if f.seen != nil && xs != nil {
		f.seen[f.name(xs)] = true
	}
}

func (f *fresh) known(xs rush.Values) bool { return f.seen != nil && f.seen[f.name(xs)] }

// left reports whether there may be a new point.
func (f *fresh) left() bool { return f.seen == nil || float64(len(f.seen)) < f.points }

// name is a text for the point, the same for the same.
func (f *fresh) name(xs rush.Values) string {
	var b []byte
	for _, name := range f.names {
		if v, active := xs[name]; active && name != f.fidelity {
			b = fmt.Appendf(b, "%#v", v)
		}
		b = append(b, 0)
	}
	return string(b)
}

// tries is how many points are drawn for one that is new and fits.
const tries = 1000

// draw draws a new point; in a space where hardly one is left, any.
func (s *Search) draw(b *bracket, r *optimizer.Request) (rush.Values, error) {
	var any rush.Values
	for range tries {
		xs := s.setting.Space.Sample(r.Rand)
		if !s.fits(xs, b) {
			continue
		}
		if !s.fresh.known(xs) {
			return xs, nil
		}
		any = xs
	}
	if any == nil {
		return nil, fmt.Errorf("no point was found that is in the space with every budget from %v to %v; free the constraints and depends of the fidelity parameter %s",
			b.budgets[0], b.budgets[b.top()], s.fidelity.Name)
	}
	return any, nil
}

// fits reports whether the point is in the space with the budget of every rung:
// constraints and dependencies may name the fidelity parameter.
func (s *Search) fits(xs rush.Values, b *bracket) bool {
	if !s.ruled {
		return true
	}
	at := maps.Clone(xs)
	for _, budget := range b.budgets {
		s.setBudget(at, budget)
		if s.setting.Space.Check(at) != nil {
			return false
		}
	}
	return true
}

// ruled reports whether the space has dependencies or constraints.
func ruled(s space.Space) bool {
	for _, p := range s.Params() {
		if p.Depends != "" {
			return true
		}
	}
	return len(s.Constraints()) > 0
}
