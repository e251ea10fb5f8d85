package chain_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/chain"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/tpe"
	"github.com/rushnet/rush/seeds"
)

func simulate(ctx context.Context, made optimizer.Make, workers int, evals int64) ([]*optimizer.Point, error) {
	branin, _ := functions.ByName("branin")
	s, err := (&optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: branin.Space, Codomain: loops.Codomain{{Name: functions.Output, Goal: loops.Minimize}},
			Evals: evals, Workers: workers, Seed: seeds.New(1),
		},
		Make: made, Evaluate: branin.Evaluate,
	}).Run(ctx)
	if err != nil {
		return nil, err
	}
	return s.Points, nil
}

func Example() {
	kind := tpe.Kind()
	model, err := kind.Make(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	made, err := chain.Make(chain.Part{Name: "random_search", Make: optimizer.NewRandom, Evals: 20}, chain.Part{Name: "tpe", Make: model})
	if err != nil {
		fmt.Println(err)
		return
	}
	points, err := simulate(context.Background(), made, 4, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	of := make(map[any]int)
	for _, p := range points {
		of[p.Extra[chain.LoopName]]++
	}
	fmt.Println(of)
	// Output: map[random_search:20 tpe:80]
}

// A counter tells what it was told, and proposes for some tasks only.
type counter struct {
	optimizer.Random
	evals   int64 // that it was told there will be
	learned int
	most    int // it is exhausted then; 0 is never
}

func (c *counter) Learn(points []*optimizer.Point) { c.learned += len(points) }

func (c *counter) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if c.most > 0 && c.learned >= c.most {
		return optimizer.Proposal{}, optimizer.ErrExhausted
	}
	p, err := c.Random.Propose(ctx, r)
	p.Extra = rush.Values{"evals": c.evals, "learned": int64(c.learned)}
	return p, err
}

func counting(most int) optimizer.Make {
	return func(s *optimizer.Setting) (optimizer.Optimizer, error) {
		return &counter{Random: optimizer.Random{Setting: s}, evals: s.Evals, most: most}, nil
	}
}

// Each part has its tasks by number, learns what all have found, and knows when it is
// over. A part that is exhausted leaves the rest to the next, and the end of the last
// is that of the run.
func TestPartsFollowEachOther(t *testing.T) {
	t.Parallel()
	made, err := chain.Make(
		chain.Part{Name: "a", Make: counting(0), Evals: 2}, chain.Part{Name: "b", Make: counting(3), Evals: 5}, chain.Part{Name: "c", Make: counting(0), Evals: 1})
	if err != nil {
		t.Fatal(err)
	}
	points, err := simulate(t.Context(), made, 1, 20)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range points {
		got = append(got, fmt.Sprint(p.Extra[chain.LoopName], p.Extra["evals"], p.Extra["learned"]))
	}
	if diff := cmp.Diff([]string{"a2 0", "a2 1", "b7 2", "c8 3", "c8 4", "c8 5", "c8 6", "c8 7"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOnlyTheLastPartMayHaveNoEnd(t *testing.T) {
	t.Parallel()
	if _, err := chain.Make(); err == nil || !strings.Contains(err.Error(), "expected one at least") {
		t.Error(err)
	}
	_, err := chain.Make(chain.Part{Name: "a", Make: counting(0)}, chain.Part{Name: "b", Make: counting(0)})
	if err == nil || !strings.Contains(err.Error(), "part 1 of the chain, a, has no evals or terminators, so that b would never begin") {
		t.Error(err)
	}
}

// parts says, by the extras, which part proposed each task, by number.
func parts(points []*optimizer.Point) string {
	by := make([]byte, len(points))
	for _, p := range points {
		by[p.Key] = '0' + byte(p.Extra[chain.PartName].(int64))
	}
	return string(by)
}

func branin() loops.Codomain { return loops.Codomain{{Name: functions.Output, Goal: loops.Minimize}} }

// Each kind of terminator ends a part. One worker evaluates one point after another,
// each for a second, so that it is known when.
func TestTerminatorsEndParts(t *testing.T) {
	t.Parallel()
	second := time.Unix(0, 0)
	never := loops.PerfReached{Codomain: branin(), Values: map[string]float64{functions.Output: -1}}
	for name, c := range map[string]struct {
		ends []loops.Terminator
		want string
	}{
		"evals":               {[]loops.Terminator{loops.Evals(3)}, "000111111222"},
		"run time":            {[]loops.Terminator{loops.RunTime(4 * time.Second)}, "000011111122"},
		"clock time":          {[]loops.Terminator{loops.ClockTime(second.Add(2 * time.Second))}, "001111112222"},
		"reached":             {[]loops.Terminator{loops.PerfReached{Codomain: branin(), Values: map[string]float64{functions.Output: 1e9}}}, "011111122222"},
		"stagnation":          {[]loops.Terminator{loops.Stagnation{Codomain: branin(), Iters: 2, Threshold: 1e9}}, "000111111222"},
		"the first that does": {[]loops.Terminator{never, loops.Evals(2), loops.RunTime(5 * time.Second)}, "001111112222"},
		"all":                 {[]loops.Terminator{loops.AllOf{loops.Evals(2), loops.AnyOf{never, loops.RunTime(5 * time.Second)}}}, "000001111112"},
		"gain":                {[]loops.Terminator{loops.ExpectedImprovement{Threshold: 10, Iters: 2}}, "001111112222"},
	} {
		made, err := chain.Make(chain.Part{Name: "a", Make: promising, Terminators: c.ends},
			chain.Part{Name: "b", Make: promising, Evals: 6}, chain.Part{Name: "c", Make: promising})
		if err != nil {
			t.Fatal(err)
		}
		points, err := simulate(t.Context(), made, 1, 12)
		if err != nil {
			t.Fatal(err)
		}
		if got := parts(points); got != c.want {
			t.Errorf("%s: found the parts %s, expected %s", name, got, c.want)
		}
	}
}

// promising makes an optimizer that expects a gain of 1 of each point.
func promising(s *optimizer.Setting) (optimizer.Optimizer, error) {
	return promiser{optimizer.Random{Setting: s}}, nil
}

type promiser struct{ optimizer.Random }

func (p promiser) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	proposal, err := p.Random.Propose(ctx, r)
	proposal.Extra = rush.Values{loops.GainName: 1.0}
	return proposal, err
}

// Stagnation counts from the begin of a part on, what was found before it being what
// has to be improved on; with nothing left to do the chain says why.
func TestTerminatorsCountFromTheBeginOfAPart(t *testing.T) {
	t.Parallel()
	stagnates := []loops.Terminator{loops.Stagnation{Codomain: branin(), Iters: 3, Threshold: 1e9}}
	made, err := chain.Make(chain.Part{Name: "a", Make: counting(0), Evals: 4},
		chain.Part{Name: "b", Make: counting(0), Terminators: stagnates}, chain.Part{Name: "c", Make: counting(0), Terminators: stagnates})
	if err != nil {
		t.Fatal(err)
	}
	points, err := simulate(t.Context(), made, 1, 20)
	if err != nil || parts(points) != "0000111222" {
		t.Errorf("found %s, %v", parts(points), err)
	}
}

// With several workers what is evaluated when a part comes to its end is of that part,
// and the next one has all the tasks that it was given, in whatever order things end.
func TestTheNextPartHasAllOfItsTasks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		workers := rapid.IntRange(1, 8).Draw(t, "workers")
		first := rapid.IntRange(1, 30).Draw(t, "first")
		second := rapid.Int64Range(1, 30).Draw(t, "second")
		third := rapid.Int64Range(1, 10).Draw(t, "third")
		made, err := chain.Make(chain.Part{Name: "a", Make: counting(0), Terminators: []loops.Terminator{loops.Evals(first)}},
			chain.Part{Name: "b", Make: counting(0), Evals: second}, chain.Part{Name: "c", Make: counting(0), Evals: third})
		if err != nil {
			t.Fatal(err)
		}
		branin, _ := functions.ByName("branin")
		s, err := (&optimizer.Simulation{
			Setting: optimizer.Setting{Space: branin.Space, Codomain: loops.Codomain{{Name: functions.Output, Goal: loops.Minimize}},
				Evals: 200, Workers: workers, Seed: seeds.New(rapid.Int32().Draw(t, "seed"))},
			Make: made, Evaluate: branin.Evaluate, Duration: func(g *seeds.Generator) float64 { return g.Runif(0.1, 3) },
		}).Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		of := [3]int64{}
		for _, p := range s.Points {
			of[p.Extra[chain.PartName].(int64)]++
		}
		if of[0] < int64(first) || of[0] > int64(first+workers-1) || of[1] != second || of[2] != third {
			t.Errorf("%d workers: the parts have %v tasks, expected %d and a few, %d, %d: %s", workers, of, first, second, third, parts(s.Points))
		}
	})
}

// Tasks that no part proposed, such as initial and pushed points, take none of theirs.
func TestTasksOfNobodyTakeNothingFromAPart(t *testing.T) {
	t.Parallel()
	made, err := chain.Make(chain.Part{Name: "a", Make: counting(0), Evals: 2}, chain.Part{Name: "b", Make: counting(0), Evals: 2})
	if err != nil {
		t.Fatal(err)
	}
	branin, _ := functions.ByName("branin")
	setting := &optimizer.Setting{Space: branin.Space, Codomain: loops.Codomain{{Name: functions.Output, Goal: loops.Minimize}}, Seed: seeds.New(1)}
	o, err := made(setting)
	if err != nil {
		t.Fatal(err)
	}
	o.Learn([]*optimizer.Point{{Key: 0, State: rush.Finished}, {Key: 1, State: rush.Failed}})
	var got []string
	pending := []*optimizer.Point{{Key: 2, State: rush.Running}, {Key: 4, State: rush.Running}}
	for _, key := range []rush.TaskKey{3, 5, 6, 7} {
		p, err := o.Propose(t.Context(), &optimizer.Request{Key: key, Rand: seeds.New(2).Generator(), Pending: pending})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.Extra[chain.LoopName].(string))
		pending = append(pending, &optimizer.Point{Key: key, State: rush.Running, Extra: p.Extra})
	}
	if diff := cmp.Diff([]string{"a", "a", "b", "b"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, err := o.Propose(t.Context(), &optimizer.Request{Key: 8, Rand: seeds.New(2).Generator(), Pending: pending}); !errors.Is(err, optimizer.ErrExhausted) {
		t.Errorf("after the last part: %v", err)
	}
}

// Who is asked while numbers of a part are still being proposed is early, for they may be
// of the part before; once it has waited it is told.
func TestAPartWaitsForTheNumbersBelowItsEnd(t *testing.T) {
	t.Parallel()
	made, err := chain.Make(chain.Part{Name: "a", Make: counting(0), Terminators: []loops.Terminator{loops.Evals(1)}},
		chain.Part{Name: "b", Make: counting(0), Evals: 2}, chain.Part{Name: "c", Make: counting(0)})
	if err != nil {
		t.Fatal(err)
	}
	branin, _ := functions.ByName("branin")
	o, err := made(&optimizer.Setting{Space: branin.Space, Codomain: loops.Codomain{{Name: functions.Output, Goal: loops.Minimize}}, Seed: seeds.New(1)})
	if err != nil {
		t.Fatal(err)
	}
	of := func(key rush.TaskKey, part int64) *optimizer.Point {
		return &optimizer.Point{Key: key, State: rush.Running, Extra: rush.Values{chain.PartName: part}}
	}
	ended := of(0, 0)
	ended.State = rush.Finished
	o.Learn([]*optimizer.Point{ended})
	ask := func(key rush.TaskKey, waited bool, pending ...*optimizer.Point) string {
		p, err := o.Propose(t.Context(), &optimizer.Request{Key: key, Rand: seeds.New(2).Generator(), Pending: pending, Waited: waited})
		if err != nil {
			return err.Error()
		}
		return p.Extra[chain.LoopName].(string)
	}
	got := []string{
		ask(2, false),                               // 1 and 2 are of b
		ask(3, false, of(2, 1)),                     // 1 is not there: is it of a?
		ask(3, false, of(1, 0), of(2, 1)),           // it is, so b has one more
		ask(4, false, of(1, 1), of(2, 1)),           // if it is not, c begins
		ask(6, false, of(2, 1), of(3, 1), of(5, 2)), // 1 is still missing
		ask(6, true, of(2, 1), of(3, 1), of(5, 2)),  // and will be
		ask(7, false, of(2, 1), of(3, 1), of(6, 2)), // for ever
	}
	early := optimizer.ErrEarly.Error()
	if diff := cmp.Diff([]string{"b", early, "b", "c", early, "c", "c"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
