package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/pareto"
	"github.com/rushnet/rush/rushworker"
)

// An Archive gives the finished tasks of a network, in the order in which they
// finished, until f returns false.
type Archive interface {
	EachFinished(ctx context.Context, fields rush.Fields, f func(*rush.Task) bool) error
}

var _ Archive = (*rushworker.Archive)(nil)

// ErrNoObjective says that a codomain has nothing to minimize or maximize, so that no
// task is better than another.
var ErrNoObjective = errors.New("the codomain has nothing to minimize or maximize, so no task is better than another")

// resultFields are what is read of a task that may be a result.
const resultFields = rush.FieldXS | rush.FieldYS

// Best returns the n best finished tasks by one objective, the best first, and of
// those that are equal the first that finished; n = 0 is all. What violates constraints on
// outputs comes after all that does not (see [loops.Codomain.Better]). Tasks whose
// objective is not a finite number are left out. Of several objectives it fails:
// see [ParetoSet].
func Best(ctx context.Context, a Archive, c loops.Codomain, n int) ([]*rush.Task, error) {
	switch objectives := len(c.Objectives()); objectives {
	case 0:
		return nil, ErrNoObjective
	case 1:
	default:
		return nil, fmt.Errorf("the codomain has %d objectives, so there is no order from the best to the worst; ask for the Pareto set", objectives)
	}
	var best []*rush.Task
	err := a.EachFinished(ctx, resultFields, func(t *rush.Task) bool {
		switch {
		case c.Losses(t.YS) == nil:
			return true
		case n > 0 && len(best) == n && !c.Better(t.YS, best[n-1].YS):
			return true
		}
		at, _ := slices.BinarySearchFunc(best, t, func(b, t *rush.Task) int { return order(c, b, t) })
		best = slices.Insert(best, at, t)
		if n > 0 {
			best = best[:min(len(best), n)]
		}
		return true
	})
	return best, err
}

// order puts better tasks first, and a new one after those as good as it.
func order(c loops.Codomain, b, t *rush.Task) int {
	if c.Better(t.YS, b.YS) {
		return 1
	}
	return -1
}

// ParetoSet returns the finished tasks that no other dominates, ordered by the first
// objective, the best first, and then by number: the first of [Fronts]. With one
// objective it has the best task and all that are equal to it.
func ParetoSet(ctx context.Context, a Archive, c loops.Codomain) ([]*rush.Task, error) {
	fronts, err := Fronts(ctx, a, c)
	if err != nil || len(fronts) == 0 {
		return nil, err
	}
	return fronts[0], nil
}

// Fronts divides the finished tasks by dominance (K. Deb et al. 2002; see
// [pareto.Sort]): the first front is the Pareto set, the second what would be it
// without the first, and so on; each ordered as [ParetoSet] has it. What
// violates constraints on outputs comes in later fronts, the less the earlier.
// Tasks that lack an objective, or of which one is not a finite number, are left out.
func Fronts(ctx context.Context, a Archive, c loops.Codomain) ([][]*rush.Task, error) {
	all, err := results(ctx, a, c)
	if err != nil {
		return nil, err
	}
	violations := make([][]float64, len(all))
	for i, r := range all {
		violations[i] = []float64{r.violation}
	}
	var fronts [][]*rush.Task
	for _, group := range pareto.Sort(violations) {
		losses := make([][]float64, len(group))
		for k, i := range group {
			losses[k] = all[i].losses
		}
		for _, front := range pareto.Sort(losses) {
			slices.SortFunc(front, func(i, k int) int {
				return cmp.Or(cmp.Compare(losses[i][0], losses[k][0]), cmp.Compare(all[group[i]].task.Key, all[group[k]].task.Key))
			})
			tasks := make([]*rush.Task, len(front))
			for j, k := range front {
				tasks[j] = all[group[k]].task
			}
			fronts = append(fronts, tasks)
		}
	}
	return fronts, nil
}

// A result is a task with what it is judged by.
type result struct {
	task      *rush.Task
	losses    []float64
	violation float64
}

func results(ctx context.Context, a Archive, c loops.Codomain) ([]result, error) {
	if len(c.Objectives()) == 0 {
		return nil, ErrNoObjective
	}
	var all []result
	err := a.EachFinished(ctx, resultFields, func(t *rush.Task) bool {
		if y := c.Losses(t.YS); y != nil {
			all = append(all, result{t, y, sum(c.Violations(t.YS))})
		}
		return true
	})
	return all, err
}

func sum(list []float64) (s float64) {
	for _, v := range list {
		s += v
	}
	return s
}

// Hypervolume returns how much of what is better than the reference, which has a
// value of each objective in its own units, the feasible finished tasks dominate (see
// [pareto.Hypervolume]). Objectives that the reference leaves out have the worst value of a
// feasible task; the reference that was used is returned, too.
func Hypervolume(ctx context.Context, a Archive, c loops.Codomain, reference map[string]float64) (float64, map[string]float64, error) {
	all, err := results(ctx, a, c)
	if err != nil {
		return 0, nil, err
	}
	var feasible [][]float64
	for _, r := range all {
		if r.violation == 0 {
			feasible = append(feasible, r.losses)
		}
	}
	used, losses, err := referenceOf(c, feasible, reference)
	if err != nil {
		return 0, nil, err
	}
	return pareto.Hypervolume(feasible, losses), used, nil
}

// referenceOf completes a reference point, and returns it with less being better,
// too.
func referenceOf(c loops.Codomain, feasible [][]float64, given map[string]float64) (used map[string]float64, losses []float64, err error) {
	objectives := c.Objectives()
	names := make([]string, len(objectives))
	used, losses = make(map[string]float64), make([]float64, len(objectives))
	for i, o := range objectives {
		names[i] = o.Name
		sign := 1.0
		if o.Goal == loops.Maximize {
			sign = -1
		}
		v, ok := given[o.Name]
		switch {
		case ok:
			losses[i] = sign * v
		case len(feasible) > 0:
			losses[i] = slices.MaxFunc(feasible, func(a, b []float64) int { return cmp.Compare(a[i], b[i]) })[i]
		}
		used[o.Name] = sign * losses[i]
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			return nil, nil, fmt.Errorf("reference: the codomain has no objective %s%s", name, nearest.Hint(name, names))
		}
	}
	return used, losses, nil
}
