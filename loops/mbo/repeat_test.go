package mbo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/mbo"
	"github.com/rushnet/rush/loops/optimizer"
)

// An optimizer that takes over the search of a single worker proposes what the one before
// would have: its fits come to the same parameters, from the archive alone.
func TestAnotherOptimizerGoesOnTheSame(t *testing.T) {
	t.Parallel()
	hartmann6, _ := functions.ByName("hartmann6")
	for name, k := range map[string]optimizer.Kind{"async_mbo": mbo.Kind(), "adbo": mbo.Decentralized()} {
		sim := simulation(k, rush.Values{"lambda": 1.5}, hartmann6.Space, hartmann6.Evaluate, 60, 1)
		points := ran(t, sim).Points
		for _, at := range []int{12, 31, 59} {
			o, err := sim.Make(&sim.Setting)
			if err != nil {
				t.Fatal(err)
			}
			o.Learn(points[:at])
			for i := at; i < min(at+3, 60); i++ {
				key := rush.TaskKey(i)
				p, err := o.Propose(t.Context(), &optimizer.Request{Key: key, Rand: sim.Setting.Seed.Task(int64(i)).Proposal().Generator()})
				if err != nil {
					t.Fatal(err)
				}
				xs := sim.Setting.Space.FromUnit(p.U)
				if diff := cmp.Diff(points[i].XS, xs); diff != "" {
					t.Errorf("%s, task %d, taken over after %d (-before +after):\n%s", name, i, at, diff)
				}
				o.Learn(points[i : i+1])
			}
		}
	}
}
