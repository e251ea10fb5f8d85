package halving_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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
		net := searched(t, ctx, url, halving.ASHA(), evals)
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

// searched runs a search of the learning curves on four workers in this process.
func searched(t *testing.T, ctx context.Context, url string, kind optimizer.Kind, evals int64) *network.Rush {
	t.Helper()
	seed := seeds.New(42)
	net, err := network.Open(ctx, network.Config{Store: url, Network: rush.NetworkID("test-" + uuid.NewString()), Seed: &seed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	made, err := kind.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	sp, f := curves()
	setting := optimizer.Setting{Space: sp, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: evals, Workers: 4, Seed: seed}
	loop := func(context.Context, *rushworker.Worker) (loops.Loop, error) {
		return &optimizer.Loop{
			Problem: &loops.Problem{Objective: trained(f), Space: sp, Codomain: setting.Codomain}, Setting: setting, Make: made,
		}, nil
	}
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
