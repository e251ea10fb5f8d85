package halving

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// A bench is an optimizer in the hands of a test.
type bench struct {
	t *testing.T
	*Search
	setting *optimizer.Setting
}

func newBench(t *testing.T, kind optimizer.Kind, s space.Space) *bench {
	t.Helper()
	setting := &optimizer.Setting{Space: s, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Workers: 1, Seed: seeds.New(1)}
	made, err := kind.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := made(setting)
	if err != nil {
		t.Fatal(err)
	}
	return &bench{t, o.(*Search), setting}
}

func line() space.Space {
	return space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}, budget(1, 9, space.Int))
}

// point is a new point at the lowest rung.
func (b *bench) point(key rush.TaskKey, y float64) *optimizer.Point {
	b.t.Helper()
	p := &optimizer.Point{Key: key, State: rush.Finished, XS: rush.Values{"x": float64(key) / 100, "epochs": int64(1)}, Y: []float64{y}}
	p.Extra = rush.Values{Bracket: int64(2), Rung: int64(0)}
	u, err := b.setting.Space.ToUnit(p.XS)
	if err != nil {
		b.t.Fatal(err)
	}
	p.U = u
	return p
}

// from returns which task is continued; -1 for a new point.
func (b *bench) from(key rush.TaskKey, pending ...*optimizer.Point) rush.TaskKey {
	b.t.Helper()
	p, err := b.Propose(b.t.Context(), &optimizer.Request{Key: key, Rand: b.setting.Seed.Task(int64(key)).Proposal().Generator(), Pending: pending})
	if err != nil {
		b.t.Fatal(err)
	}
	if from, ok := loops.Continues(p.Extra); ok {
		return from
	}
	return -1
}

func TestTheBestThirdIsPromoted(t *testing.T) {
	t.Parallel()
	b := newBench(t, ASHA(), line())
	b.Learn([]*optimizer.Point{b.point(0, 3), b.point(1, 1)})
	if got := b.from(2); got != -1 {
		t.Errorf("of two tasks, %d is continued", got)
	}
	b.Learn([]*optimizer.Point{b.point(2, 2)})
	if got := b.from(3); got != 1 {
		t.Errorf("%d is continued, expected 1, the best of three", got)
	}
}

// Workers that propose at the same time do not see each other's tasks yet: the one
// with the larger number leaves the better point to the other.
func TestWorkersThatProposeAtOncePromoteDifferentPoints(t *testing.T) {
	t.Parallel()
	b := newBench(t, ASHA(), line())
	for key := range rush.TaskKey(6) {
		b.Learn([]*optimizer.Point{b.point(key, float64(key))})
	}
	if a, b, c := b.from(6), b.from(7), b.from(8); a != 0 || b != 1 || c != -1 {
		t.Errorf("%d, %d and %d are continued; expected 0, 1 and a new point", a, b, c)
	}
	promoted := b.point(6, 0)
	promoted.Extra = rush.Values{Bracket: int64(2), Rung: int64(1), loops.From: int64(0)}
	if got := b.from(7, promoted); got != 1 {
		t.Errorf("%d is continued, expected 1", got)
	}
	for key := rush.TaskKey(9); key < 30; key++ { // whoever had 6 to 8 died
		b.Learn([]*optimizer.Point{b.point(key, float64(key))})
	}
	if got := b.from(30); got != 0 {
		t.Errorf("%d is continued, expected 0", got)
	}
}

func TestWhatFailedOrWasStoppedIsNotPromoted(t *testing.T) {
	t.Parallel()
	b := newBench(t, ASHA(), line())
	stopped, failed, infeasible := b.point(0, 0), b.point(1, 0), b.point(2, 0)
	stopped.Stopped = true
	failed.State, failed.Y = rush.Failed, nil
	infeasible.Violation = []float64{1}
	b.Learn([]*optimizer.Point{stopped, failed, infeasible})
	if got := b.from(3); got != -1 {
		t.Errorf("%d is continued", got)
	}
	for key := rush.TaskKey(3); key < 6; key++ {
		p := b.point(key, 7+float64(key))
		p.Violation = []float64{0}
		b.Learn([]*optimizer.Point{p})
	}
	if got := b.from(6); got != 3 {
		t.Errorf("%d is continued, expected 3, the best that is feasible, among the best two of six", got)
	}
}

// Two workers that promoted the same task in spite of all: the one that ended first
// counts, and the task is not promoted again.
func TestATaskThatWasPromotedTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, ASHA(), line())
	b.Learn([]*optimizer.Point{b.point(0, 0), b.point(1, 1), b.point(2, 2)})
	for key := rush.TaskKey(3); key < 5; key++ {
		p := b.point(key, 0)
		p.Extra = rush.Values{Bracket: int64(2), Rung: int64(1), loops.From: int64(0)}
		b.Learn([]*optimizer.Point{p})
	}
	if n := len(b.brackets[0].rungs[1]); n != 1 {
		t.Errorf("%d tasks in the second rung, expected 1", n)
	}
}

// A point of another hand takes part where its budget is.
func TestPushedPointsClimbToo(t *testing.T) {
	t.Parallel()
	b := newBench(t, ASHA(), line())
	for key := range rush.TaskKey(3) {
		p := b.point(key, float64(key))
		p.Extra = nil
		b.Learn([]*optimizer.Point{p})
	}
	if got := b.from(3); got != 0 {
		t.Errorf("%d is continued, expected 0", got)
	}
}

// All points of a small space are evaluated once, then the best with more, until
// nothing is left.
func TestASmallSpaceIsExhausted(t *testing.T) {
	t.Parallel()
	for _, kind := range []optimizer.Kind{ASHA(), BOHB()} {
		made, err := kind.Make(nil)
		if err != nil {
			t.Fatal(err)
		}
		sp := space.MustNew(space.Param{Name: "x", Type: space.Int, Lower: 1, Upper: 7}, budget(1, 9, space.Int))
		s := &optimizer.Simulation{
			Setting: optimizer.Setting{Space: sp, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: 100, Workers: 1, Seed: seeds.New(1)},
			Make:    made, Evaluate: func(_ context.Context, xs rush.Values) (rush.Values, error) {
				return rush.Values{"y": float64(xs["x"].(int64))}, nil
			},
		}
		out, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen := make(map[[2]int64]bool)
		for _, p := range out.Points {
			seen[[2]int64{p.XS["x"].(int64), p.XS["epochs"].(int64)}] = true
		}
		points := make(map[int64]bool)
		for at := range seen {
			points[at[0]] = true
		}
		if len(points) != 7 || len(out.Points) != len(seen) || kind.Name == "asha" && len(seen) != 7*3 {
			t.Errorf("%s: %d tasks, %d of them different, of %d points; expected 7 points, and with asha 3 budgets each", kind.Name, len(out.Points), len(seen), len(points))
		}
	}
}

// Constraints may name the fidelity parameter: a point keeps to them with every
// budget, or the error says which budgets it should.
func TestConstraintsHoldAtEveryRung(t *testing.T) {
	t.Parallel()
	sp, err := line().Constrain("x * epochs <= 4.5")
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, ASHA(), sp)
	for key := range rush.TaskKey(50) {
		p, err := b.Propose(t.Context(), &optimizer.Request{Key: key, Rand: b.setting.Seed.Task(int64(key)).Proposal().Generator()})
		if err != nil || p.XS["x"].(float64) > 0.5 {
			t.Fatalf("%v, %v; expected x of at most 0.5, so that 9 epochs are possible", p.XS, err)
		}
	}
	if sp, err = line().Constrain("epochs > 5"); err != nil {
		t.Fatal(err)
	}
	b = newBench(t, ASHA(), sp)
	_, err = b.Propose(t.Context(), &optimizer.Request{Rand: seeds.New(1).Generator()})
	if err == nil || !strings.Contains(err.Error(), "every budget from 1 to 9") || errors.Is(err, optimizer.ErrExhausted) {
		t.Errorf("%v", err)
	}
}

// The model is of the highest budget with enough tasks.
func TestTheModelIsOfTheHighestBudgetThatHasEnough(t *testing.T) {
	t.Parallel()
	b := newBench(t, BOHB(), line())
	if b.model.enough != 4 || b.model.choose() {
		t.Fatalf("it takes %d tasks, expected 4; it has a model without any", b.model.enough)
	}
	learn := func(key rush.TaskKey, epochs int64) {
		p := b.point(key, float64(key))
		p.XS["epochs"], p.Extra = epochs, nil
		b.Learn([]*optimizer.Point{p})
	}
	var got []float64
	for key := range rush.TaskKey(8) {
		learn(key, []int64{1, 3}[key%2])
		b.model.choose()
		got = append(got, b.model.budget)
	}
	if diff := cmp.Diff([]float64{0, 0, 0, 0, 0, 0, 1, 3}, got); diff != "" {
		t.Error(diff)
	}
}
