package optimizer_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// climber proposes near the best point, and keeps what it saw.
type climber struct {
	setting *optimizer.Setting
	learned []*optimizer.Point
	end     int // exhausted once so many were learned; 0 never
}

func (c *climber) Learn(points []*optimizer.Point) { c.learned = append(c.learned, points...) }

func (c *climber) Propose(_ context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if c.end > 0 && len(c.learned) >= c.end {
		return optimizer.Proposal{}, optimizer.ErrExhausted
	}
	u, best := []float64{0.5, 0.5}, math.Inf(1)
	for _, p := range c.learned {
		if p.Usable() && p.Y[0] < best {
			u, best = slices.Clone(p.U), p.Y[0]
		}
	}
	for i := range u {
		u[i] += 0.1 * r.Rand.Norm()
	}
	return optimizer.Proposal{U: u, Extra: rush.Values{"learned": int64(len(c.learned)), "pending": int64(len(r.Pending))}}, nil
}

func setting() optimizer.Setting {
	return optimizer.Setting{
		Space: space.MustNew(
			space.Param{Name: "a", Type: space.Dbl, Lower: -1, Upper: 1}, space.Param{Name: "b", Type: space.Dbl, Lower: -1, Upper: 1}),
		Codomain: loops.Codomain{{Name: "y", Goal: loops.Maximize}},
		Evals:    30, Workers: 1, Seed: seeds.New(42),
	}
}

func hill(_ context.Context, xs rush.Values) (rush.Values, error) {
	a, b := xs["a"].(float64), xs["b"].(float64)
	if a > 0.9 {
		return nil, errors.New("the edge")
	}
	return rush.Values{"y": -(a-0.3)*(a-0.3) - b*b}, nil
}

func open(t *testing.T, url string) *network.Rush {
	t.Helper()
	seed := setting().Seed
	net, err := network.Open(t.Context(), network.Config{Store: url, Network: rush.NetworkID("test-" + uuid.NewString()), Seed: &seed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	if err := net.SetLimit(t.Context(), setting().Evals); err != nil {
		t.Fatal(err)
	}
	return net
}

// loop makes the loop of a worker.
func loop(end int) network.MakeLoop {
	return func(context.Context, *rushworker.Worker) (loops.Loop, error) {
		s := setting()
		return &optimizer.Loop{
			Problem: &loops.Problem{Codomain: s.Codomain, Objective: loops.ObjectiveFunc(func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
				return hill(ctx, e.XS)
			})},
			Setting: s,
			Make: func(s *optimizer.Setting) (optimizer.Optimizer, error) {
				return &climber{setting: s, end: end}, nil
			},
		}, nil
	}
}

func run(t *testing.T, net *network.Rush, workers, end int) []*rush.Task {
	t.Helper()
	return runLoop(t, net, workers, loop(end))
}

func runLoop(t *testing.T, net *network.Rush, workers int, l network.MakeLoop) []*rush.Task {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if _, err := net.BeginRun(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := net.StartInProcess(ctx, network.Workers{N: workers}, l); err != nil {
		t.Fatal(err)
	}
	select {
	case <-net.LocalDone():
	case <-ctx.Done():
		t.Fatal("the workers did not end")
	}
	tasks, err := net.Rows(ctx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

func TestAProposalSeesWhatItsWorkerEvaluatedBefore(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		tasks := run(t, open(t, url), 1, 0)
		for i, task := range tasks {
			if want := (rush.Values{"learned": int64(i), "pending": int64(0)}); !cmp.Equal(task.XSExtra, want) {
				t.Errorf("task %d saw %v, expected %v", i, task.XSExtra, want)
			}
		}
	})
}

// One worker proposes what a simulation proposes: the same points each time.
func TestOneWorkerProposesWhatASimulationDoes(t *testing.T) {
	t.Parallel()
	sim := optimizer.Simulation{Setting: setting(), Evaluate: hill, Make: func(s *optimizer.Setting) (optimizer.Optimizer, error) {
		return &climber{setting: s}, nil
	}}
	simulated, err := sim.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var want []rush.Values
	for _, p := range simulated.Points {
		want = append(want, p.XS)
	}
	eachstore.Run(t, func(t *testing.T, url string) {
		var got []rush.Values
		for _, task := range run(t, open(t, url), 1, 0) {
			got = append(got, task.XS)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) != 30 {
			t.Errorf("%d points (-simulated +run):\n%s", len(got), diff)
		}
	})
}

// Whatever others do, no task is unknown to a proposal: those with a smaller
// number are learned, pending, or claimed by another worker.
func TestAProposalKnowsWhatOthersDo(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		const workers = 4
		tasks := run(t, open(t, url), workers, 0)
		if len(tasks) != 30 {
			t.Fatalf("%d tasks, expected 30", len(tasks))
		}
		for i, task := range tasks {
			known := task.XSExtra["learned"].(int64) + task.XSExtra["pending"].(int64)
			if known < int64(i-workers+1) {
				t.Errorf("task %d knew of %d tasks, expected all before it but those that %d others had yet to propose", i, known, workers-1)
			}
		}
	})
}

func TestAnExhaustedOptimizerEndsTheRun(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := open(t, url)
		if tasks := run(t, net, 1, 7); len(tasks) != 7 {
			t.Errorf("%d tasks, expected 7", len(tasks))
		}
		r, err := net.Run(t.Context())
		if err != nil || r.Reason != optimizer.ErrExhausted.Error() {
			t.Errorf("the run is %+v, %v", r, err)
		}
	})
}

// A finished task that is retried is forgotten, and learned again once it ends.
func TestWhatIsWithdrawnIsForgotten(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := t.Context(), open(t, url)
		w, err := net.OpenWorker(ctx, rushworker.Config{})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close(ctx, "the test is over")
		retries := rush.Options{MaxRetries: 1}
		tasks, err := w.PushRunningTasks(ctx, []rush.Task{
			{XS: rush.Values{"a": 0.0, "b": 0.0}}, {XS: rush.Values{"a": 0.1, "b": 0.0}, Options: retries}, {XS: rush.Values{"elsewhere": 1.0}},
		})
		if err != nil {
			t.Fatal(err)
		}
		l, err := loop(0)(ctx, w)
		if err != nil {
			t.Fatal(err)
		}
		saw := func(learned, pending int64) {
			t.Helper()
			_, extra, err := l.(loops.Proposer).Propose(ctx, w, 10)
			if want := (rush.Values{"learned": learned, "pending": pending}); err != nil || !cmp.Equal(extra, want) {
				t.Errorf("it saw %v, %v; expected %v", extra, err, want)
			}
		}
		saw(0, 3)
		for _, task := range tasks {
			if err := w.Finish(ctx, task, rush.Values{"y": 1.0}, nil); err != nil {
				t.Fatal(err)
			}
		}
		saw(3, 0)
		if err := net.Retry(ctx, network.RetryOptions{}, tasks[1].Key); err != nil {
			t.Fatal(err)
		}
		saw(2, 1)
		again, err := w.Pop(ctx, 0)
		if err != nil || again == nil {
			t.Fatalf("%v, %v", again, err)
		}
		if err := w.Fail(ctx, again, nil, nil); err != nil {
			t.Fatal(err)
		}
		saw(3, 0)
	})
}
