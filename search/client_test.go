package search_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
	"github.com/rushnet/rush/seeds"
)

const askedSearch = `objective: {function: a person}
seed: 7
space: {x: {type: dbl, lower: 0, upper: 1}}
codomain: {y: minimize}
loop: random_search
terminate: {evals: 6}
`

// client starts the search and opens a client of it.
func (s *site) client(cfg search.ClientConfig, sets ...string) *search.Client {
	s.t.Helper()
	if _, err := search.Start(s.t.Context(), s.net, s.parse(askedSearch, sets...), search.StartOptions{Resume: true}); err != nil {
		s.t.Fatal(err)
	}
	return s.joins(cfg)
}

// joins opens a client, and closes it with the test unless that was done.
func (s *site) joins(cfg search.ClientConfig) *search.Client {
	s.t.Helper()
	c, err := search.OpenClient(s.t.Context(), s.net, cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			s.t.Error(err)
		}
	})
	return c
}

// ask expects as many tasks as are asked for.
func ask(t *testing.T, c *search.Client, n int) []*rush.Task {
	t.Helper()
	got, err := c.Ask(t.Context(), n, 0)
	if err != nil || len(got.Tasks) != n {
		t.Fatalf("asked for %d tasks, got %d (%s), %v", n, len(got.Tasks), got.Over, err)
	}
	return got.Tasks
}

func tell(t *testing.T, c *search.Client, key rush.TaskKey, y any) {
	t.Helper()
	if err := c.Tell(t.Context(), result(key, y)); err != nil {
		t.Fatal(err)
	}
}

func result(key rush.TaskKey, y any) rushworker.Result {
	return rushworker.Result{Key: key, YS: rush.Values{"y": y, "note": "by hand"}}
}

func (s *site) expect(want rush.Counts) {
	s.t.Helper()
	got, err := s.net.Counts(s.t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		s.t.Errorf("counts (-want +got), %v:\n%s", err, diff)
	}
}

func TestAClientAsksAndTellsUntilTheBudgetIsUsed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		c := s.client(search.ClientConfig{})
		keys, err := s.net.Push(t.Context(), rush.Values{"x": 0.5})
		if err != nil {
			t.Fatal(err)
		}
		first := ask(t, c, 2)
		if first[0].Key != keys[0] || first[0].XS["x"] != 0.5 {
			t.Errorf("got task %d with %v first, want the queued one", first[0].Key, first[0].XS)
		}
		want := s.parse(askedSearch).Space.Sample(seeds.New(7).Task(int64(first[1].Key)).Proposal().Generator())
		if diff := cmp.Diff(want, first[1].XS); diff != "" {
			t.Errorf("the proposal is not that of a random search (-want +got):\n%s", diff)
		}
		for _, task := range append(first, ask(t, c, 4)...) {
			tell(t, c, task.Key, task.XS["x"])
		}
		got, err := c.Ask(t.Context(), 1, time.Minute)
		if err != nil || len(got.Tasks) != 0 || got.Over != "evals: 6 tasks have finished or failed" {
			t.Errorf("got %d tasks, over %q, %v; want the end of the budget", len(got.Tasks), got.Over, err)
		}
		s.expect(rush.Counts{Finished: 6, Created: 6})
		if run, err := s.net.Run(t.Context()); err != nil || run.Status != rush.RunDone {
			t.Errorf("the run is %q, %v, want done", run.Status, err)
		}
		tasks, err := s.net.Tasks(t.Context(), first[1].Key)
		if err != nil || tasks[0].YSExtra["note"] != "by hand" || tasks[0].YS["y"] != tasks[0].XS["x"] {
			t.Errorf("got %+v, %v, want the outputs that were told", tasks[0], err)
		}
	})
}

func TestWhatCannotBeToldIsRefusedAndTheRestDelivered(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		c, other := s.client(search.ClientConfig{}), s.joins(search.ClientConfig{})
		mine, theirs := ask(t, c, 3), ask(t, other, 1)
		queued, err := s.net.Push(t.Context(), rush.Values{"x": 0.1})
		if err != nil {
			t.Fatal(err)
		}
		tell(t, c, mine[0].Key, 1)
		for _, tc := range []struct {
			name   string
			result rushworker.Result
			is     error
			says   string
		}{
			{"something else about a finished task", result(mine[0].Key, 2), rush.ErrState, "finished already"},
			{"a task of another worker", result(theirs[0].Key, 1), rush.ErrState, "run by worker " + string(other.ID())},
			{"a queued task", result(queued[0], 1), rush.ErrState, "it is queued"},
			{"an unknown task", result(99, 1), rush.ErrNoTask, "task 99"},
			{"a text", result(mine[1].Key, "low"), nil, "expected a number"},
			{"an output is missing", rushworker.Result{Key: mine[1].Key}, nil, `no "y"`},
			{"another attempt", rushworker.Result{Key: mine[1].Key, Attempt: 2, YS: rush.Values{"y": 1}}, rush.ErrState, "attempt 2 is over"},
		} {
			good := result(mine[2].Key, 3.5) // told with each of them, again and again
			err := c.Tell(t.Context(), tc.result, good)
			if err == nil || tc.is != nil && !errors.Is(err, tc.is) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%s: got %v, want an error that says %q", tc.name, err, tc.says)
			}
		}
		tell(t, c, mine[0].Key, 1) // the same once more
		failed := rushworker.Result{Key: mine[1].Key, Condition: &rush.Condition{Class: rush.ClassError, Message: "it broke"}}
		if err := c.Tell(t.Context(), failed); err != nil {
			t.Error(err)
		}
		s.expect(rush.Counts{Queued: 1, Running: 1, Finished: 2, Failed: 1, Created: 5})
	})
}

func TestALastingClientGoesOnInAnotherProgram(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		me := search.ClientConfig{ID: "me", Lasting: true}
		before := s.client(me)
		tasks := ask(t, before, 2)
		if err := before.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		after := s.joins(me)
		held, err := after.Held(t.Context())
		if err != nil || len(held) != 2 || held[1].Key != tasks[1].Key || !cmp.Equal(held[1].XS, tasks[1].XS) {
			t.Fatalf("holds %v, %v, want the two tasks", held, err)
		}
		tell(t, after, tasks[0].Key, 1)
		tell(t, s.joins(me), tasks[1].Key, 2)
		s.expect(rush.Counts{Finished: 2, Created: 2})
	})
}

func TestProgramsThatAreOneClientNeverGetTheSameTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		s.client(search.ClientConfig{}, "terminate.evals=40")
		var mu sync.Mutex
		var keys []rush.TaskKey
		var wg sync.WaitGroup
		for range 4 {
			c := s.joins(search.ClientConfig{ID: "us", Lasting: true})
			wg.Go(func() {
				for range 10 {
					got, err := c.Ask(t.Context(), 1, 0)
					if err != nil || len(got.Tasks) != 1 {
						t.Errorf("got %d tasks (%s), %v", len(got.Tasks), got.Over, err)
						return
					}
					if err := c.Tell(t.Context(), result(got.Tasks[0].Key, 1)); err != nil {
						t.Error(err)
					}
					mu.Lock()
					keys = append(keys, got.Tasks[0].Key)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if n := len(slices.Compact(slices.Sorted(slices.Values(keys)))); n != 40 {
			t.Errorf("got %d different tasks, want 40", n)
		}
		s.expect(rush.Counts{Finished: 40, Created: 40})
	})
}

func TestTheTasksOfALostClientFailAndWhatItTellsThenIsLate(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		me := search.ClientConfig{ID: "me", Lasting: true, Expiry: 30 * time.Millisecond}
		c := s.client(me)
		task := ask(t, c, 1)[0]
		for lost := []rush.WorkerID(nil); len(lost) == 0; {
			var err error
			if lost, err = s.net.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Tell(t.Context(), result(task.Key, 1)); !errors.Is(err, rush.ErrLost) {
			t.Errorf("got %v, want ErrLost", err)
		}
		me.Expiry = 0
		err := s.joins(me).Tell(t.Context(), result(task.Key, 1))
		if !errors.Is(err, rush.ErrState) || !strings.Contains(err.Error(), "failed (lost") {
			t.Errorf("got %v, want an error that says that it failed as lost", err)
		}
		s.expect(rush.Counts{Failed: 1, Created: 1})
	})
}

func TestAClientThatIsClosedGivesBackWhatItHolds(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		c := s.client(search.ClientConfig{}, "task.max_retries=1")
		task := ask(t, c, 1)[0]
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		again := ask(t, s.joins(search.ClientConfig{}), 1)[0]
		if again.Key != task.Key || again.Attempt != 2 {
			t.Errorf("got task %d, attempt %d, want the second of task %d", again.Key, again.Attempt, task.Key)
		}
	})
}

func TestStoppedClientsEnd(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		idle := s.client(search.ClientConfig{ID: "idle"})
		busy := s.joins(search.ClientConfig{ID: "busy", Lasting: true})
		killed := s.joins(search.ClientConfig{ID: "killed", Lasting: true})
		task := ask(t, busy, 1)[0]
		ask(t, killed, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		if _, err := s.net.StopWorkers(ctx, rush.SignalKill, "killed"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.net.StopWorkers(ctx, rush.SignalTerminate, "idle"); err != nil {
			t.Fatal(err)
		}
		if got, err := idle.Ask(ctx, 1, time.Hour); err != nil || got.Over != "the client was asked to terminate" {
			t.Errorf("got over %q, %v, want that it was asked to end", got.Over, err)
		}
		stopped := make(chan error)
		go func() {
			_, err := s.net.StopWorkers(ctx, rush.SignalTerminate, "busy")
			stopped <- err
		}()
		for busyGot := false; !busyGot; {
			got, err := busy.Ask(ctx, 1, 0)
			if err != nil {
				t.Fatal(err)
			}
			busyGot = got.Over != ""
			for _, more := range got.Tasks {
				tell(t, busy, more.Key, 1)
			}
		}
		tell(t, busy, task.Key, 1)
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		workers, err := s.net.Workers(ctx)
		if err != nil {
			t.Fatal(err)
		}
		want := map[rush.WorkerID]rush.WorkerState{
			"idle": rush.WorkerTerminated, "busy": rush.WorkerTerminated, "killed": rush.WorkerKilled,
		}
		for _, w := range workers {
			if w.State != want[w.ID] || !w.Client() {
				t.Errorf("worker %s is %s, client %v; want %s", w.ID, w.State, w.Client(), want[w.ID])
			}
		}
		tasks, err := s.net.Rows(ctx, []rush.State{rush.Failed}, nil)
		if err != nil || len(tasks) != 1 || tasks[0].Condition.Class != rush.ClassKilled {
			t.Errorf("failed are %v, %v, want one that was killed", tasks, err)
		}
	})
}

func TestATerminatorEndsTheRunOfClients(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		c := s.client(search.ClientConfig{}, "terminate.perf_reached.y=0.5")
		tasks := ask(t, c, 2)
		tell(t, c, tasks[0].Key, 0.7)
		tell(t, c, tasks[1].Key, 0.4)
		got, err := c.Ask(t.Context(), 1, 0)
		if err != nil || !strings.Contains(got.Over, "y = 0.4") {
			t.Errorf("got over %q, %v, want the value that was reached", got.Over, err)
		}
		if run, err := s.net.Run(t.Context()); err != nil || run.Status != rush.RunDone {
			t.Errorf("the run is %q, %v, want done", run.Status, err)
		}
	})
}

// A network without a search file has clients too: they take what is pushed.
func TestAClientOfAnyNetworkWaitsForWhatIsPushed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		c := s.joins(search.ClientConfig{})
		asked := make(chan search.Asked)
		go func() {
			got, err := c.Ask(t.Context(), 2, time.Minute)
			if err != nil {
				t.Error(err)
			}
			asked <- got
		}()
		if _, err := s.net.Push(t.Context(), rush.Values{"x": "any"}); err != nil {
			t.Fatal(err)
		}
		got := <-asked
		if len(got.Tasks) != 1 || got.Over != "" || got.Tasks[0].XS["x"] != "any" {
			t.Fatalf("got %+v, want the pushed task", got)
		}
		if err := c.Tell(t.Context(), rushworker.Result{Key: got.Tasks[0].Key, YS: rush.Values{"what": "ever"}}); err != nil {
			t.Error(err)
		}
		all, err := s.net.AwaitFinished(t.Context(), time.Minute)
		if err != nil || all.NumRows() != 1 {
			t.Errorf("found %v, %v, want one finished task", all, err)
		}
		if none, err := s.net.AwaitFinished(t.Context(), 0); err != nil || none.NumRows() != 0 {
			t.Errorf("found %v, %v, want none that is new", none, err)
		}
		s.net.ResetCache()
		if all, err := s.net.AwaitFinished(t.Context(), 0); err != nil || all.NumRows() != 1 {
			t.Errorf("found %v, %v, want all again", all, err)
		}
	})
}
