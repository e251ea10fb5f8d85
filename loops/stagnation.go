package loops

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/pareto"
	"github.com/rushnet/rush/rushworker"
)

// Stagnation ends a run when the last Iters finished tasks did not improve on
// the best of those before them by more than Threshold: the terminator stagnation of
// R's bbotk. The codomain has one objective. What violates a constraint improves
// nothing, and before the first feasible task nothing stagnates.
type Stagnation struct {
	Codomain  Codomain
	Iters     int     // at least 1
	Threshold float64 // in units of the objective, at least 0
}

// StagnationHypervolume ends a run when the last Iters finished tasks enlarged
// the hypervolume by no more than Threshold: bbotk's terminator for several
// objectives. The reference point has the worst value of each objective of a
// feasible task so far.
type StagnationHypervolume struct {
	Codomain  Codomain
	Iters     int     // at least 1
	Threshold float64 // in units of the objectives, multiplied; at least 0
}

var _, _ Terminator = Stagnation{}, StagnationHypervolume{}

// Start implements [Terminator].
func (t Stagnation) Start(ctx context.Context, w *rushworker.Worker) (Check, error) {
	return startArchiveCheck(ctx, w, rush.FieldYS, t.judge)
}

func (t Stagnation) judge(ended []*rush.Task) string {
	y := t.Codomain.feasible(ended)
	if len(y) <= t.Iters {
		return ""
	}
	before, since := least(y[:len(y)-t.Iters]), least(y[len(y)-t.Iters:])
	if math.IsInf(before, 1) || since < before-t.Threshold {
		return ""
	}
	return fmt.Sprintf("stagnation: the last %d tasks did not improve on %s%s", t.Iters, t.best(before), by(t.Threshold))
}

func (t Stagnation) best(y float64) string {
	o := t.Codomain.Objectives()[0]
	if o.Goal == Maximize {
		y = -y
	}
	return fmt.Sprintf("%s = %.6g", o.Name, y)
}

// by says how much more there had to be, if anything would not have done.
func by(threshold float64) string {
	if threshold == 0 {
		return ""
	}
	return fmt.Sprintf(" by more than %.6g", threshold)
}

// least is the least first objective; +Inf if there is none.
func least(y [][]float64) float64 {
	v := math.Inf(1)
	for _, p := range y {
		if p != nil {
			v = min(v, p[0])
		}
	}
	return v
}

// Start implements [Terminator].
func (t StagnationHypervolume) Start(ctx context.Context, w *rushworker.Worker) (Check, error) {
	return startArchiveCheck(ctx, w, rush.FieldYS, t.judge)
}

func (t StagnationHypervolume) judge(ended []*rush.Task) string {
	y := t.Codomain.feasible(ended)
	if len(y) <= t.Iters {
		return ""
	}
	missing := func(p []float64) bool { return p == nil }
	before := slices.DeleteFunc(slices.Clone(y[:len(y)-t.Iters]), missing)
	all := slices.DeleteFunc(y, missing)
	if len(before) == 0 {
		return ""
	}
	reference := slices.Clone(all[0])
	for _, p := range all {
		for i, v := range p {
			reference[i] = max(reference[i], v)
		}
	}
	volume := pareto.Hypervolume(before, reference)
	if pareto.Hypervolume(all, reference)-volume > t.Threshold {
		return ""
	}
	return fmt.Sprintf("stagnation_hypervolume: the last %d tasks did not add to the hypervolume of %.6g%s", t.Iters, volume, by(t.Threshold))
}

// feasible returns the objectives of the finished tasks, each so that less is better;
// nil for a task that violates a constraint or lacks an objective.
func (c Codomain) feasible(ended []*rush.Task) [][]float64 {
	var y [][]float64
	for _, t := range ended {
		if t.State == rush.Finished {
			p := c.Losses(t.YS)
			if total(c.Violations(t.YS)) > 0 {
				p = nil
			}
			y = append(y, p)
		}
	}
	return y
}

// Losses returns the objectives of a task's outputs in their order, each so that
// less is better: what is to be maximized has the other sign. It is nil if one is
// missing or not a finite number.
func (c Codomain) Losses(ys rush.Values) []float64 {
	objectives := c.Objectives()
	y := make([]float64, len(objectives))
	for i, t := range objectives {
		v, ok := ys[t.Name].(float64)
		if !ok || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		if y[i] = v; t.Goal == Maximize {
			y[i] = -v
		}
	}
	return y
}
