package halving_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/halving"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// trained evaluates a learning curve as an objective that trains does: from the
// checkpoint on, and no epoch twice. It keeps how many epochs the checkpoint had.
func trained(f func(context.Context, rush.Values) (rush.Values, error)) loops.ObjectiveFunc {
	return func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
		var done int64
		r, err := e.Checkpoint(ctx)
		switch {
		case err == nil:
			b, err := io.ReadAll(r)
			if err = errors.Join(err, r.Close()); err != nil {
				return nil, err
			}
			done = int64(binary.BigEndian.Uint64(b))
		case !errors.Is(err, loops.ErrNoCheckpoint):
			return nil, err
		}
		out, err := f(ctx, e.XS)
		if err != nil {
			return nil, err
		}
		out["done"] = done
		// The task's number keeps equal checkpoints apart.
		b := binary.BigEndian.AppendUint64(nil, uint64(e.XS["epochs"].(int64)))
		return out, e.SaveCheckpoint(ctx, strings.NewReader(string(binary.BigEndian.AppendUint64(b, uint64(e.Task)))))
	}
}

// Four workers of a network, on both stores: every promoted task begins where the task
// that it continues ended; what nobody needs any more is gone, and all at the end.
func TestPromotedTasksContinueFromCheckpoints(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		const evals = 60
		sp, f := curves()
		net := searched(t, ctx, url, &loops.Problem{Objective: trained(f), Space: sp}, evals)
		tasks, err := net.Rows(ctx, nil, nil)
		if err != nil || len(tasks) != evals {
			t.Fatalf("%d tasks, %v", len(tasks), err)
		}
		continued := make(map[rush.TaskKey]int)
		for _, task := range tasks {
			if from, ok := loops.Continues(task.XSExtra); ok {
				continued[from]++
			}
		}
		for _, task := range tasks {
			checkBegin(t, task, continued)
		}
		if len(continued) < evals/5 {
			t.Errorf("%d tasks were promoted", len(continued))
		}
		checkLeft(t, ctx, net, len(continued), evals)
	})
}

// checkBegin checks where the evaluation of a task began. These evaluations take no
// longer than a proposal, so that two workers may well promote the same task: the
// second may find no checkpoint any more.
func checkBegin(t *testing.T, task *rush.Task, continued map[rush.TaskKey]int) {
	t.Helper()
	epochs, want := task.XS["epochs"].(int64), int64(0)
	from, promoted := loops.Continues(task.XSExtra)
	if promoted {
		want = epochs / 3
	}
	if got := task.YSExtra["done"]; got != want && continued[from] < 2 {
		t.Errorf("task %s, %v %v, began at %v epochs, expected %d", task.Key, task.XS, task.XSExtra, got, want)
	}
	if _, saved := task.YSExtra[loops.Checkpoint]; saved == (epochs == 81) {
		t.Errorf("task %s, of %d epochs, saved: %t; expected all below 81 to save", task.Key, epochs, saved)
	}
}

// checkLeft checks what is left of the checkpoints before and after the end of the run.
func checkLeft(t *testing.T, ctx context.Context, net *network.Rush, continued, evals int) {
	t.Helper()
	const last = 4 // the workers look at what ended before their next proposal
	left, err := net.Objects().List(ctx)
	if err != nil || len(left) > evals-continued+last || len(left) < evals/4 {
		t.Errorf("%d checkpoints are left, %v; expected those of about %d tasks that nobody continued", len(left), err, evals-continued)
	}
	if _, err := net.EndRun(ctx, rush.RunDone, "enough"); err != nil {
		t.Fatal(err)
	}
	if left, err = net.Objects().List(ctx); err != nil || len(left) > 0 {
		t.Errorf("%d checkpoints are left at the end, %v", len(left), err)
	}
}

// The median rule composes with promotions: epochs are counted from the beginning of
// the training, a promoted task reports those that are its own, and what was stopped
// early is not promoted, though it has the budget of its rung on paper.
func TestWhatTheMedianStoppedIsNotPromoted(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		sp, f := curves()
		goal := loops.Target{Name: "y", Goal: loops.Minimize}
		net := searched(t, ctx, url, &loops.Problem{Objective: reporting(f), Space: sp, Stopper: &loops.MedianStop{Target: goal, Grace: 2}}, 80)
		tasks, err := net.Rows(ctx, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		stopped := make(map[rush.TaskKey]bool)
		for _, task := range tasks {
			at, ok := task.YSExtra[loops.StoppedAt].(int64)
			if ok && at < task.XS["epochs"].(int64) {
				stopped[task.Key] = true
			}
		}
		promoted := 0
		for _, task := range tasks {
			if from, ok := loops.Continues(task.XSExtra); ok {
				if promoted++; stopped[from] {
					t.Errorf("task %s continues task %s, which was stopped early", task.Key, from)
				}
			}
		}
		if len(stopped) == 0 || promoted < 10 {
			t.Errorf("%d tasks were stopped early, %d promoted; expected some of both", len(stopped), promoted)
		}
	})
}

// reporting reports every epoch that is the task's own.
func reporting(f func(context.Context, rush.Values) (rush.Values, error)) loops.ObjectiveFunc {
	return func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
		epochs := e.XS["epochs"].(int64)
		first := int64(1)
		if epochs > 1 && e.Checkpointer != nil {
			if r, err := e.Checkpoint(ctx); err == nil {
				first = epochs/3 + 1
				_ = r.Close()
			}
		}
		for epoch := first; epoch <= epochs; epoch++ {
			xs := maps.Clone(e.XS)
			xs["epochs"] = epoch
			out, err := f(ctx, xs)
			if err != nil {
				return nil, err
			}
			if stop, err := e.Report(ctx, epoch, out); stop || err != nil {
				return nil, err
			}
		}
		return nil, e.SaveCheckpoint(ctx, strings.NewReader(e.Task.String()))
	}
}

// searched runs ASHA on four workers in this process.
func searched(t *testing.T, ctx context.Context, url string, p *loops.Problem, evals int64) *network.Rush {
	t.Helper()
	seed := seeds.New(42)
	net, err := network.Open(ctx, network.Config{Store: url, Network: rush.NetworkID("test-" + uuid.NewString()), Seed: &seed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	kind := halving.ASHA()
	made, err := kind.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	setting := optimizer.Setting{Space: p.Space, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: evals, Workers: 4, Seed: seed}
	loop := func(context.Context, *rushworker.Worker) (loops.Loop, error) {
		return &optimizer.Loop{Problem: p, Setting: setting, Make: made}, nil
	}
	p.Codomain = setting.Codomain
	if err := net.SetLimit(ctx, evals); err != nil {
		t.Fatal(err)
	}
	if _, err := net.BeginRun(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := net.StartInProcess(ctx, network.Workers{N: 4}, loop); err != nil {
		t.Fatal(err)
	}
	select {
	case <-net.LocalDone():
	case <-ctx.Done():
		t.Fatal(fmt.Errorf("the workers did not end: %w", ctx.Err()))
	}
	return net
}
