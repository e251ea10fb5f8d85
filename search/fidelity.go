package search

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
)

// Thorough is an archive of the tasks of another that were evaluated most thoroughly,
// which are those to compare: with less of a budget an output may be better and mean
// less. It is for [Best], [ParetoSet], [Fronts] and [Hypervolume].
type Thorough struct {
	Archive
	// Name is that of the fidelity parameter; empty in a space without one, where all
	// tasks are in the archive.
	Name string
	// Budget is its value in all tasks of the archive: the largest of which a
	// finished task has all objectives.
	Budget float64
	// Left is how many finished tasks are left out: those with less of a budget, and
	// those that were stopped early.
	Left int
}

// MostThorough returns the archive of the most thoroughly evaluated tasks.
func MostThorough(ctx context.Context, a Archive, s space.Space, c loops.Codomain) (*Thorough, error) {
	t := &Thorough{Archive: a}
	p, ok := s.Fidelity()
	if !ok {
		return t, nil
	}
	t.Name = p.Name
	n, all := 0, 0
	err := a.EachFinished(ctx, thoroughFields, func(task *rush.Task) bool {
		all++
		budget, ok := t.budget(task)
		switch {
		case !ok || c.Losses(task.YS) == nil:
		case n == 0 || budget > t.Budget:
			t.Budget, n = budget, 1
		case budget == t.Budget:
			n++
		}
		return true
	})
	t.Left = all - n
	return t, err
}

const thoroughFields = rush.FieldXS | rush.FieldYS | rush.FieldYSExtra

// budget returns with which budget a task was evaluated, all of it.
func (t *Thorough) budget(task *rush.Task) (budget float64, ok bool) {
	if _, stopped := task.YSExtra[loops.StoppedAt]; stopped {
		return 0, false
	}
	switch v := task.XS[t.Name].(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	}
	return 0, false
}

// EachFinished implements [Archive].
func (t *Thorough) EachFinished(ctx context.Context, fields rush.Fields, f func(*rush.Task) bool) error {
	if t.Name == "" {
		return t.Archive.EachFinished(ctx, fields, f)
	}
	return t.Archive.EachFinished(ctx, fields|thoroughFields, func(task *rush.Task) bool {
		if budget, ok := t.budget(task); !ok || budget != t.Budget {
			return true
		}
		return f(task)
	})
}
