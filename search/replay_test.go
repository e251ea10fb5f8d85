package search_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

// dawdle is branin after a while that depends on the task, so that tasks do not
// end in the order of their numbers.
func dawdle(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	branin, _ := functions.ByName("branin")
	wait := time.NewTimer(time.Duration(e.Rand().IntN(30)) * time.Millisecond)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	ys, err := branin.Evaluate(ctx, rush.Values{"x1": e.XS["x1"], "x2": e.XS["x2"]})
	if err == nil {
		ys["z"] = e.XS["x1"]
	}
	return ys, err
}

// The searches that optimizers are for: by one target, by two, with a fidelity.
const (
	plane = "space: {x1: {type: dbl, lower: -5, upper: 10}, x2: {type: dbl, lower: 0, upper: 15}}"
	one   = plane + "\ncodomain: {y: minimize}"
	two   = plane + "\ncodomain: {y: minimize, z: maximize}"
	rungs = "space: {x1: {type: dbl, lower: -5, upper: 10}, x2: {type: dbl, lower: 0, upper: 15}, epochs: {type: int, lower: 1, upper: 27, fidelity: true}}" +
		"\ncodomain: {y: minimize}"
)

// recorded is a search by dawdle.
func recorded(what, loop string, evals int) string {
	return fmt.Sprintf(`
seed: 42
objective: {function: dawdle}
%s
loop: %s
terminate: {evals: %d}
task: {max_retries: 2}
record: true`, what, loop, evals)
}

// suited is the first of the searches that suits the loop.
func (s *site) suited(loop string) *search.Definition {
	s.t.Helper()
	var refused []error
	for _, what := range []string{one, two, rungs} {
		file, err := search.Parse(filepath.Join(s.t.TempDir(), "search.yaml"), []byte(recorded(what, loop, 24)))
		if err == nil {
			return file.Definition
		}
		refused = append(refused, err)
	}
	s.t.Fatal(errors.Join(refused...))
	return nil
}

// replayed replays the search and wants no difference.
func (s *site) replayed(def *search.Definition, same int) {
	s.t.Helper()
	r, err := def.Replay(s.t.Context(), s.net.Archive)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, d := range r.Different {
		s.t.Errorf("task %d: recorded %v %v, now %v %v %v", d.Key, d.XS, d.Extra, d.NowXS, d.NowExtra, d.Err)
	}
	if r.Same < same || r.Recorded != r.Same+len(r.Different)+len(r.Left) {
		s.t.Errorf("%d of %d points came out the same, expected %d; %v", r.Same, r.Recorded, same, r.Left)
	}
}

// What four worker processes proposed is proposed again, whichever the optimizer.
func TestFourWorkersAreReplayed(t *testing.T) {
	t.Parallel()
	names := []string{search.RandomSearch}
	for _, k := range search.Optimizers() {
		names = append(names, k.Name)
	}
	eachstore.Run(t, func(t *testing.T, url string) {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				s := open(t, url)
				started := s.run(s.suited(name), search.StartOptions{}, 4)
				s.replayed(started.Definition, 24)
			})
		}
	})
}

// So is what was proposed around a worker that died, others that came with a
// resume, and results that were taken back.
func TestAReplayAfterADeathAndARetry(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		def := s.parse(recorded(one, "local_search", 40))
		if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		ids, err := s.net.StartWorkers(ctx, def.Workers(4))
		if err != nil {
			t.Fatal(err)
		}
		tasks, err := s.net.Reader(rush.FieldXS).Read(ctx, 30*time.Second)
		if err != nil || len(tasks) == 0 {
			t.Fatalf("%d tasks, %v", len(tasks), err)
		}
		if _, err := s.net.StopWorkers(ctx, rush.SignalKill, ids[0]); err != nil {
			t.Fatal(err)
		}
		if err := s.net.Retry(ctx, network.RetryOptions{}, tasks[0].Key); err != nil {
			t.Fatal(err)
		}
		started := s.run(s.parse(recorded(one, "local_search", 60)), search.StartOptions{Resume: true}, 2)
		s.replayed(started.Definition, 55)
	})
}
