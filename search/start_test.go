package search_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/search"
)

// The test binary plays rush itself: started as a worker, it is one.
func TestMain(m *testing.M) {
	if os.Getenv(culprit) != "" {
		plugins.Serve(culpritProgram())
	}
	if os.Getenv(guest) != "" {
		search.Serve(guestProgram())
	}
	search.Serve(plugins.Program{Objectives: map[string]loops.Objective{"draw": loops.ObjectiveFunc(draw), "learn": loops.ObjectiveFunc(learn), "die": loops.ObjectiveFunc(die), "seen": loops.ObjectiveFunc(seen), "dawdle": loops.ObjectiveFunc(dawdle), "tick": loops.ObjectiveFunc(tick), "moody": loops.ObjectiveFunc(moody)}})
	os.Exit(redistest.Main(m))
}

func draw(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": e.Rand().Float64()}, nil
}

// A site is a store with a network in it.
type site struct {
	t   *testing.T
	net *network.Rush
}

func open(t *testing.T, url string) *site {
	t.Helper()
	net, err := network.Open(t.Context(), network.Config{Store: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if found, err := net.Audit(context.Background()); err != nil || len(found) > 0 {
			t.Errorf("audit: %v, %v", found, err)
		}
		if err := net.Close(); err != nil {
			t.Error(err)
		}
	})
	return &site{t, net}
}

func (s *site) parse(text string, sets ...string) *search.Definition {
	s.t.Helper()
	f, err := search.Parse(filepath.Join(s.t.TempDir(), "search.yaml"), []byte(text), sets...)
	if err != nil {
		s.t.Fatal(err)
	}
	return f.Definition
}

// run starts the search and n worker processes, and waits for their end.
func (s *site) run(def *search.Definition, opts search.StartOptions, n int) *search.Started {
	s.t.Helper()
	return s.runWorkers(def, opts, def.Workers(n))
}

func (s *site) runWorkers(def *search.Definition, opts search.StartOptions, workers network.Workers) *search.Started {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	started, err := search.Start(ctx, s.net, def, opts)
	if err != nil {
		s.t.Fatal(err)
	}
	if started.Run.Status != rush.RunRunning {
		s.t.Errorf("the run is %q, want running", started.Run.Status)
	}
	_, err = s.net.StartWorkers(ctx, workers)
	if err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.net.LocalDone():
	case <-ctx.Done():
		s.t.Fatal("the workers do not end")
	}
	if _, err := s.net.EndRun(ctx, rush.RunDone, "test"); err != nil {
		s.t.Fatal(err)
	}
	return started
}

// finished returns the finished tasks by number.
func (s *site) finished() []*rush.Task {
	s.t.Helper()
	keys, err := s.net.Keys(s.t.Context(), rush.Finished)
	if err != nil {
		s.t.Fatal(err)
	}
	tasks, err := s.net.Tasks(s.t.Context(), keys...)
	if err != nil {
		s.t.Fatal(err)
	}
	return tasks
}

func (s *site) counts() rush.Counts {
	s.t.Helper()
	c, err := s.net.Counts(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestRandomSearchFromAFile(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.parse("seed: 42\nobjective: {builtin: branin}\nloop: random_search\nterminate: {evals: 20}")
		s.run(def, search.StartOptions{Version: "test"}, 2)
		tasks := s.finished()
		if c := s.counts(); c.Total() != 20 || len(tasks) != 20 {
			t.Fatalf("the run ended with %+v, want 20 tasks", c)
		}
		for i, task := range tasks {
			want := def.Space.Sample(def.Seed.Task(int64(i)).Proposal().Generator())
			if diff := cmp.Diff(want, task.XS); diff != "" || int(task.Key) != i {
				t.Errorf("task %d, %d. (-want +got):\n%s", task.Key, i, diff)
			}
		}
		stored, err := s.net.Definition(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got, err := search.ParseDefinition(stored.Body)
		if err != nil || got.Version != "test" || stored.Limit != 20 || stored.Reserved != 0 {
			t.Errorf("stored %+v (version %q), %v", stored, got.Version, err)
		}
	})
}

func TestGridWithReplicatesAndAFunction(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.parse("seed: 1\nobjective: {function: draw}\nspace: {n: {type: int, lower: 1, upper: 4, by: 1}}\nloop: grid_search\ntask: {replicates: 2}")
		if started := s.run(def, search.StartOptions{}, 2); started.Rows != 8 {
			t.Errorf("%d rows, want 8", started.Rows)
		}
		for i, task := range s.finished() {
			y := (&loops.Evaluation{Stream: def.Seed.Task(int64(i)).Objective()}).Rand().Float64()
			want := []any{rush.TaskKey(i), rush.Values{"n": int64(1 + i/2)}, rush.Values{"replicate": int64(i % 2)}, rush.Values{"y": y}}
			if diff := cmp.Diff(want, []any{task.Key, task.XS, task.XSExtra, task.YS}); diff != "" {
				t.Errorf("task %d (-want +got):\n%s", i, diff)
			}
		}
		if c := s.counts(); c.Finished != 8 || c.Total() != 8 {
			t.Errorf("got %+v, want 8 finished tasks", c)
		}
	})
}

func TestResume(t *testing.T) {
	t.Parallel()
	const file = "objective: {builtin: branin}\nloop: {name: grid_search, resolution: 4}\nterminate: {evals: 5}"
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		s.run(s.parse(file), search.StartOptions{}, 1)

		_, err := search.Start(t.Context(), s.net, s.parse(file), search.StartOptions{})
		var has *search.HasTasksError
		if !errors.As(err, &has) || has.Counts.Finished != 5 || !strings.Contains(err.Error(), "--resume") || !strings.Contains(err.Error(), "--fresh") {
			t.Errorf("without resume: got %v", err)
		}

		_, err = search.Start(t.Context(), s.net, s.parse(file, "loop.resolution=5", "seed=3"), search.StartOptions{Resume: true})
		var changed *search.ChangedError
		if !errors.As(err, &changed) || len(changed.Refused) != 2 {
			t.Errorf("another search: got %v", err)
		}

		started := s.run(s.parse(file, "terminate.evals=12"), search.StartOptions{Resume: true}, 2)
		if diff := cmp.Diff([]string{"terminate.evals was 5 and is 12"}, started.Changed[:1]); diff != "" {
			t.Errorf("changed (-want +got):\n%s", diff)
		}
		if *started.Definition.Seed != s.net.Seed() {
			t.Errorf("the seed is %v, want the network's %v", started.Definition.Seed, s.net.Seed())
		}
		s.run(s.parse(file, "terminate="), search.StartOptions{Resume: true}, 2)
		if c := s.counts(); c.Finished != 16 || c.Total() != 16 {
			t.Errorf("got %+v, want all 16 points of the grid", c)
		}
	})
}

func TestStartingTheSameTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.parse("objective: {builtin: branin}\nterminate: {evals: 5}")
		var versions []int64
		for range 2 {
			if _, err := search.Start(t.Context(), s.net, def, search.StartOptions{}); err != nil {
				t.Fatal(err)
			}
			stored, err := s.net.Definition(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			versions = append(versions, stored.Version)
		}
		if versions[0] != versions[1] {
			t.Errorf("the versions are %v, want the same", versions)
		}
	})
}

func TestResumeNeedsASearch(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		if _, err := s.net.Push(t.Context(), rush.Values{"x1": 1.0}); err != nil {
			t.Fatal(err)
		}
		def := s.parse("objective: {builtin: branin}\nterminate: {evals: 5}")
		_, err := search.Start(t.Context(), s.net, def, search.StartOptions{Resume: true})
		if !errors.Is(err, search.ErrNoSearch) {
			t.Errorf("got %v, want ErrNoSearch", err)
		}
	})
}

// Another search cannot take a network over whose workers wait for tasks.
func TestAnotherSearchThatRuns(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.parse("objective: {builtin: branin}\nloop: queue")
		if _, err := search.Start(t.Context(), s.net, def, search.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.net.StartWorkers(t.Context(), network.Workers{N: 1, Loop: search.LoopName}); err != nil {
			t.Fatal(err)
		}
		other := s.parse("objective: {builtin: sphere}\nloop: queue")
		_, err := search.Start(t.Context(), s.net, other, search.StartOptions{})
		var changed *search.ChangedError
		if !errors.As(err, &changed) || !strings.Contains(err.Error(), "objective was") {
			t.Errorf("got %v", err)
		}
		if _, err := s.net.StopWorkers(t.Context(), rush.SignalTerminate); err != nil {
			t.Fatal(err)
		}
		if _, err := search.Start(t.Context(), s.net, other, search.StartOptions{}); err != nil {
			t.Errorf("once nobody is at work: %v", err)
		}
	})
}

func TestWorkersOfANetworkWithoutSearchSaySo(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		var lines strings.Builder
		ids, err := s.net.StartWorkers(t.Context(), network.Workers{N: 1, Loop: search.LoopName})
		if err == nil {
			<-s.net.LocalDone()
			workers, err := s.net.Workers(t.Context())
			if err != nil || len(workers) != 1 {
				t.Fatalf("workers %v, %v", workers, err)
			}
			lines.WriteString(workers[0].Reason)
		} else {
			lines.WriteString(err.Error())
		}
		if !strings.Contains(lines.String(), "not made from a search file") {
			t.Errorf("worker %v said %q", ids, lines.String())
		}
	})
}
