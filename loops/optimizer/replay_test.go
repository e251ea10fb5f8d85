package optimizer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

func makeClimber(s *optimizer.Setting) (optimizer.Optimizer, error) {
	return &climber{setting: s}, nil
}

// recording is a worker by hand, whose loop records.
type recording struct {
	t   *testing.T
	net *network.Rush
	w   *rushworker.Worker
	l   loops.Proposer
}

func record(t *testing.T, url string) *recording {
	t.Helper()
	net := open(t, url)
	w, err := net.OpenWorker(t.Context(), rushworker.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close(context.Background(), "the test is over") })
	l, err := loop(0)(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	l.(*optimizer.Loop).Record = true
	return &recording{t, net, w, l.(loops.Proposer)}
}

// claim returns the number of the next proposal.
func (r *recording) claim() rush.TaskKey {
	r.t.Helper()
	turn, err := r.w.Next(r.t.Context(), rushworker.Step{Claim: true})
	if err != nil || turn.Claimed == rush.NoTask {
		r.t.Fatalf("%+v, %v", turn, err)
	}
	return turn.Claimed
}

// start makes a task of a point that is proposed.
func (r *recording) start() *rush.Task {
	r.t.Helper()
	ctx, key := r.t.Context(), r.claim()
	xs, extra, err := r.l.Propose(ctx, r.w, key)
	if err != nil {
		r.t.Fatal(err)
	}
	turn, err := r.w.Next(ctx, rushworker.Step{Propose: &rushworker.Proposal{
		Key: key, XS: xs, Extra: extra, Options: rush.Options{MaxRetries: 3},
	}})
	if err != nil || turn.Task == nil {
		r.t.Fatalf("%+v, %v", turn, err)
	}
	return turn.Task
}

func (r *recording) finish(task *rush.Task, y float64) {
	r.t.Helper()
	if err := r.w.Finish(r.t.Context(), task, rush.Values{"y": y}, nil); err != nil {
		r.t.Fatal(err)
	}
}

// replay wants so many points to be the same, and as many left for a reason.
func (r *recording) replay(same, left int, reason string) {
	r.t.Helper()
	out, err := optimizer.Replay(r.t.Context(), r.net.Archive, setting(), makeClimber)
	if err != nil {
		r.t.Fatal(err)
	}
	if out.Same != same || len(out.Left) != left || len(out.Different) > 0 || out.Recorded != same+left {
		r.t.Errorf("got %+v, expected %d the same and %d left", out, same, left)
	}
	for _, l := range out.Left {
		if !strings.Contains(l.Reason, reason) {
			r.t.Errorf("task %d is left because %s; expected %s", l.Key, l.Reason, reason)
		}
	}
}

func TestAReplayWithPendingTasksAndARetry(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		r := record(t, url)
		a, b := r.start(), r.start()
		r.finish(a, 1)
		c := r.start()
		if err := r.net.Retry(t.Context(), network.RetryOptions{}, a.Key); err != nil {
			t.Fatal(err)
		}
		r.start() // sees that a's result was taken back
		again, err := r.w.Pop(t.Context(), 0)
		if err != nil || again == nil {
			t.Fatalf("%v, %v", again, err)
		}
		r.finish(again, 5)
		r.finish(b, 2)
		if err := r.w.Fail(t.Context(), c, nil, nil); err != nil {
			t.Fatal(err)
		}
		r.start()
		r.replay(5, 0, "")
	})
}

func TestAReplayWithoutATaskThatWasDeleted(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		r := record(t, url)
		pushed, err := r.net.Push(t.Context(), rush.Values{"a": 0.5, "b": 0.5})
		if err != nil {
			t.Fatal(err)
		}
		r.start()
		task, err := r.w.Pop(t.Context(), 0)
		if err != nil || task == nil {
			t.Fatalf("%v, %v", task, err)
		}
		r.finish(task, 3)
		r.start()
		r.replay(2, 0, "")
		if _, err := r.net.Delete(t.Context(), network.DeleteOptions{}, pushed...); err != nil {
			t.Fatal(err)
		}
		r.start()
		r.replay(1, 2, "deleted since")
	})
}

// A point that did not become a task is not needed: the optimizer began anew.
func TestAReplayWithoutALostProposal(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		r := record(t, url)
		r.finish(r.start(), 1)
		if _, _, err := r.l.Propose(t.Context(), r.w, r.claim()); err != nil {
			t.Fatal(err)
		}
		r.start()
		r.replay(2, 0, "")
	})
}

func TestAReplayAfterAReset(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		r := record(t, url)
		r.start()
		r.finish(r.start(), 1)
		if err := r.net.Reset(t.Context(), network.ResetOptions{}); err != nil {
			t.Fatal(err)
		}
		r.replay(0, 0, "")
		r.finish(r.start(), 2)
		r.start()
		r.replay(2, 0, "")
	})
}

// Another optimizer proposes other points.
func TestAReplayThatDiffers(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		r := record(t, url)
		r.start()
		r.finish(r.start(), 1)
		out, err := optimizer.Replay(t.Context(), r.net.Archive, setting(), optimizer.NewRandom)
		if err != nil || len(out.Different) != 2 || out.Same != 0 {
			t.Errorf("got %+v, %v; expected two differences", out, err)
		}
	})
}
