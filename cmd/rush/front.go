package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/pareto"
)

// A front is the Pareto set of the tasks that it has been told of, for a codomain
// with several objectives: the feasible ones that no other dominates. The zero value
// is empty. It belongs to one goroutine.
type front struct {
	members []member
	worst   []float64 // of each objective, of all feasible tasks
}

// A member is a task of the front with its objectives, of which less is better.
type member struct {
	task   *rush.Task
	losses []float64
}

// note takes in a task that has finished.
func (f *front) note(c loops.Codomain, t *rush.Task) {
	losses := c.Losses(t.YS)
	if losses == nil || slices.ContainsFunc(c.Violations(t.YS), func(v float64) bool { return v > 0 }) {
		return
	}
	if f.worst == nil {
		f.worst = slices.Clone(losses)
	}
	for i, v := range losses {
		f.worst[i] = max(f.worst[i], v)
	}
	if slices.ContainsFunc(f.members, func(m member) bool { return pareto.Dominates(m.losses, losses) }) {
		return
	}
	f.members = append(slices.DeleteFunc(f.members, func(m member) bool { return pareto.Dominates(losses, m.losses) }), member{t, losses})
}

// text says how many they are, and the best of each objective; it is empty while
// there are none.
func (f *front) text(c loops.Codomain) string {
	if len(f.members) == 0 {
		return ""
	}
	objectives := c.Objectives()
	parts := make([]string, len(objectives))
	for i, o := range objectives {
		best := slices.MinFunc(f.members, func(a, b member) int { return cmp.Compare(a.losses[i], b.losses[i]) })
		parts[i] = fmt.Sprintf("%s %.4g", o.Name, best.task.YS[o.Name])
	}
	return fmt.Sprintf("%d in the Pareto set, best %s", len(f.members), strings.Join(parts, ", "))
}

// full is text with the hypervolume.
func (f *front) full(c loops.Codomain) string {
	text := f.text(c)
	if v, ok := f.hypervolume(); ok {
		text += fmt.Sprintf("; hypervolume %.6g", v)
	}
	return text
}

// mostVolume is up to how many points of how many objectives the hypervolume is
// computed again and again.
const mostVolume, mostObjectives = 500, 3

// hypervolume is what the front dominates up to the worst value of each objective;
// false where that takes too long.
func (f *front) hypervolume() (float64, bool) {
	if len(f.members) == 0 || len(f.members) > mostVolume || len(f.worst) > mostObjectives {
		return 0, false
	}
	losses := make([][]float64, len(f.members))
	for i, m := range f.members {
		losses[i] = m.losses
	}
	return pareto.Hypervolume(losses, f.worst), true
}
