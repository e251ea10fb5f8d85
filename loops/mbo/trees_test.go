package mbo_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/mbo"
	"github.com/rushnet/rush/loops/optimizer"
)

// With a random forest four workers come close to the optimum of a mixed space
// and of a smooth function, and never evaluate a point twice.
func TestForest(t *testing.T) {
	t.Parallel()
	branin, _ := functions.ByName("branin")
	for name, s := range map[string]*optimizer.Simulation{
		"mixed":  simulation(mbo.Kind(), rush.Values{"surrogate": "forest"}, mixed(), fragile, 70, 4),
		"branin": simulation(mbo.Kind(), rush.Values{"surrogate": "forest"}, branin.Space, branin.Evaluate, 70, 4),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := s.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			checkDistinct(t, r)
			if y := best(r); y > 1 {
				t.Errorf("the best is %v, expected about 0 or 0.4", y)
			}
		})
	}
}

// A worker that joins late proposes what one proposes that was there all the time.
func TestAForestDependsOnTheDataAlone(t *testing.T) {
	t.Parallel()
	s := simulation(mbo.Kind(), rush.Values{"surrogate": "forest"}, mixed(), fragile, 70, 1)
	r, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last := slices.MaxFunc(r.Points, func(a, b *optimizer.Point) int { return int(a.Key - b.Key) })
	o, err := s.Make(&s.Setting)
	if err != nil {
		t.Fatal(err)
	}
	o.Learn(slices.DeleteFunc(slices.Clone(r.Points), func(p *optimizer.Point) bool { return p == last }))
	seed := s.Setting.Seed
	task := seed.Task(int64(last.Key))
	p, err := o.Propose(context.Background(), &optimizer.Request{Key: last.Key, Rand: task.Proposal().Generator()})
	if err != nil {
		t.Fatal(err)
	}
	sp := mixed()
	if diff := cmp.Diff(last.XS, sp.FromUnit(p.U)); diff != "" {
		t.Error(diff)
	}
}
