package search_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/search"
)

// moody is branin in three steps, of which others stop some. Some tasks fail, and
// the first attempt at some others takes too long.
func moody(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	switch {
	case e.Task%9 == 4:
		return nil, errors.New("not today")
	case e.Task%7 == 3 && e.Attempt == 1:
		os.Exit(3)
	}
	ys, err := dawdle(ctx, e)
	if err != nil {
		return nil, err
	}
	for step := range int64(3) {
		if stop, err := e.Report(ctx, step, ys); stop || err != nil {
			return ys, err
		}
	}
	return ys, nil
}

// A moody search is one by moody with any loop.
const moodySearch = `
seed: 42
objective: {function: moody}
%s
loop: %s
terminate: {evals: %d}
early_stopping: {median: {output: y, enough: 4}}
task: {max_retries: 1, isolate: true}
record: %v`

// proposing are all loops that choose points, with some that are no optimizer by themselves.
func proposing() []string {
	names := []string{search.RandomSearch, search.Auto, "{chain: [{name: random_search, evals: 8}, {name: tpe, evals: 9}, {name: async_mbo, surrogate: forest}]}"}
	for _, k := range search.Optimizers() {
		names = append(names, k.Name)
	}
	return names
}

// A came is what came of one task, but for when.
type came struct {
	XS, Extra, YS rush.Values
	State         rush.State
	Attempt       int
	Stopped       any
}

func (s *site) came() map[rush.TaskKey]came {
	s.t.Helper()
	tasks, err := s.net.Rows(s.t.Context(), nil, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	all := map[rush.TaskKey]came{}
	for _, t := range tasks {
		all[t.Key] = came{t.XS, t.XSExtra, t.YS, t.State, t.Attempt, t.YSExtra["stopped_at"]}
	}
	return all
}

// interrupted runs the search, stops its worker after some tasks, and goes on with another.
func (s *site) interrupted(def *search.Definition) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.net.StartWorkers(ctx, def.Workers(1)); err != nil {
		s.t.Fatal(err)
	}
	reader := s.net.Reader(rush.NoFields)
	for n := 0; n < 12; {
		tasks, err := reader.Read(ctx, 30*time.Second)
		if err != nil {
			s.t.Fatal(err)
		}
		n += len(tasks)
	}
	if _, err := s.net.StopWorkers(ctx, rush.SignalTerminate); err != nil {
		s.t.Fatal(err)
	}
	s.run(def, search.StartOptions{Resume: true}, 1)
}

// One worker and a seed evaluate the same points each time, whichever the optimizer
// and the store, and also when the search was stopped and resumed on the way, although
// tasks fail, are tried again, and are stopped early.
func TestOneWorkerAndASeedGiveTheSameSearch(t *testing.T) {
	t.Parallel()
	for i, loop := range proposing() {
		t.Run(loop, func(t *testing.T) {
			t.Parallel()
			urls := []string{filepath.Join(t.TempDir(), "rush.db"), redistest.URL(t)}
			once, again := open(t, urls[i%2]), open(t, urls[1-i%2])
			def := once.suited(moodySearch, loop, 26, false)
			once.run(def, search.StartOptions{}, 1)
			again.interrupted(def)
			if diff := cmp.Diff(once.came(), again.came(), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("another store, and resumed (-want +got):\n%s", diff)
			}
		})
	}
}
