package report

import (
	"cmp"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/pareto"
	"github.com/rushnet/rush/loops/space"
)

// findings are the tasks of an archive, as plots want them.
type findings struct {
	*Archive
	objectives loops.Codomain
	params     []space.Param
	ended      []*rush.Task // the finished ones with all objectives, in the order in which they did
	places     [][]float64  // of these, in the unit cube; nil for what is not in the space
	ranked     []*rush.Task // of these, the best first; with several objectives in the order of ended
	front      []*rush.Task // of these, those that none dominates, with several objectives, by the first
	workers    []rush.WorkerID
}

func gather(a *Archive) *findings {
	f := &findings{Archive: a, objectives: a.Codomain.Objectives(), params: a.Space.Params()}
	seen := make(map[rush.WorkerID]bool)
	for _, t := range a.Tasks {
		if t.Worker != "" && !seen[t.Worker] {
			seen[t.Worker] = true
			f.workers = append(f.workers, t.Worker)
		}
		if t.State == rush.Finished && f.complete(t) {
			f.ended = append(f.ended, t)
		}
	}
	slices.SortStableFunc(f.ended, func(a, b *rush.Task) int { return a.Finished.Compare(b.Finished) })
	for _, t := range f.ended {
		u, err := a.Space.ToUnit(t.XS)
		if err != nil || len(f.params) == 0 {
			u = nil
		}
		f.places = append(f.places, u)
	}
	f.ranked = slices.Clone(f.ended)
	if len(f.objectives) == 1 {
		slices.SortStableFunc(f.ranked, func(s, t *rush.Task) int {
			switch {
			case a.Codomain.Better(s.YS, t.YS):
				return -1
			case a.Codomain.Better(t.YS, s.YS):
				return 1
			}
			return cmp.Compare(s.Key, t.Key)
		})
	}
	f.findFront()
	return f
}

// complete reports whether a task has a number for each objective.
func (f *findings) complete(t *rush.Task) bool {
	for _, o := range f.objectives {
		if math.IsNaN(output(t, o.Name)) {
			return false
		}
	}
	return len(f.objectives) > 0
}

func (f *findings) findFront() {
	if len(f.objectives) < 2 {
		return
	}
	var points [][]float64
	var tasks []*rush.Task
	for _, t := range f.ended {
		if !feasible(f.Codomain, t) {
			continue
		}
		points, tasks = append(points, f.lossesOf(t)), append(tasks, t)
	}
	at := pareto.Front(points)
	slices.SortStableFunc(at, func(i, k int) int { return cmp.Compare(points[i][0], points[k][0]) })
	for _, i := range at {
		f.front = append(f.front, tasks[i])
	}
}

// lossesOf are the objectives of a task that has all, each so that less is better.
func (f *findings) lossesOf(t *rush.Task) []float64 {
	y := make([]float64, len(f.objectives))
	for i, o := range f.objectives {
		if y[i] = output(t, o.Name); o.Goal == loops.Maximize {
			y[i] = -y[i]
		}
	}
	return y
}

// ends is spread with the first and the last.
func ends(total, n int) []int {
	if total <= n || n < 2 {
		return spread(total, n)
	}
	at := make([]int, n)
	for i := range at {
		at[i] = i * (total - 1) / (n - 1)
	}
	return at
}

// spread returns at most n of the indices below total, evenly.
func spread(total, n int) []int {
	var at []int
	for i := range min(total, n) {
		at = append(at, i*total/min(total, n))
	}
	return at
}
