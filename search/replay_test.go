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

// suited is the first of the searches that suits the loop, of a text that takes what
// is searched, the loop, how many evaluations, and whether they are recorded.
func (s *site) suited(text, loop string, evals int, record bool) *search.Definition {
	s.t.Helper()
	var refused []error
	for _, what := range []string{one, two, rungs} {
		file, err := search.Parse(filepath.Join(s.t.TempDir(), "search.yaml"), fmt.Appendf(nil, text, what, loop, evals, record))
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

// What four worker processes proposed is proposed again, whichever the optimizer,
// although tasks failed, crashed and were tried again, or were stopped early,
// one worker was killed, a result was taken back, and two more workers came with a resume.
func TestFourWorkersAreReplayed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		for _, name := range proposing() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := open(t, url)
				s.disturbed(s.suited(moodySearch, name, 24, true))
				started := s.run(s.suited(moodySearch, name, 40, true), search.StartOptions{Resume: true}, 2)
				s.replayed(started.Definition, 30)
			})
		}
	})
}

// disturbed runs a search with four workers until some tasks have ended, of which one
// is tried again, and one of the workers has been killed.
func (s *site) disturbed(def *search.Definition) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
		s.t.Fatal(err)
	}
	ids, err := s.net.StartWorkers(ctx, def.Workers(4))
	if err != nil {
		s.t.Fatal(err)
	}
	var ended []*rush.Task
	for reader := s.net.Reader(rush.FieldXS); len(ended) < 12; {
		tasks, err := reader.Read(ctx, 30*time.Second)
		if err != nil {
			s.t.Fatal(err)
		}
		ended = append(ended, tasks...)
	}
	if _, err := s.net.StopWorkers(ctx, rush.SignalKill, ids[0]); err != nil {
		s.t.Fatal(err)
	}
	if err := s.net.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, ended[0].Key); err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.net.LocalDone():
	case <-ctx.Done():
		s.t.Fatal("the workers do not end")
	}
}
