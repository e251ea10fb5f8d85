package loops

import (
	"maps"

	"github.com/rushnet/rush"
)

// domain returns what the objective gets for the task, and as extras the values
// that are not those of the point. Tasks that name a function are not about the
// space.
func (p *Problem) domain(task *rush.Task) (xs, changed rush.Values, err error) {
	if !p.Space.Transforms() || task.Function != "" {
		return task.XS, nil, nil
	}
	return p.transformed(task.XS)
}

// transformed applies the trafos to a point.
func (p *Problem) transformed(point rush.Values) (xs, changed rush.Values, err error) {
	if xs, err = p.Space.Domain(point); err != nil {
		return nil, nil, err
	}
	return xs, p.Space.Transformed(xs), nil
}

// with adds values to extras, which may be nil.
func with(extra, more rush.Values) rush.Values {
	if len(more) == 0 {
		return extra
	}
	all := maps.Clone(extra)
	if all == nil {
		all = make(rush.Values, len(more))
	}
	maps.Copy(all, more)
	return all
}
