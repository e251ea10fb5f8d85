package network_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
)

// train adds a step to what the checkpoint tells of those before. Its process is
// killed, in the first attempt of a task that says so, when it has saved its own.
func train(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	trained, err := restored(ctx, e)
	if err != nil {
		return nil, err
	}
	for _, text := range []string{"half a step", trained + fmt.Sprintf("%s.%d ", e.Task, e.Attempt)} {
		if err := e.SaveCheckpoint(ctx, strings.NewReader(text)); err != nil {
			return nil, err
		}
	}
	if e.XS["die"] == true && e.Attempt == 1 {
		_ = kill(os.Getpid())
		select {}
	}
	if e.XS["fail"] == true {
		return nil, errors.New("it diverged")
	}
	return rush.Values{"trained": trained}, nil
}

func restored(ctx context.Context, e *loops.Evaluation) (string, error) {
	r, err := e.Checkpoint(ctx)
	if errors.Is(err, loops.ErrNoCheckpoint) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

// A worker that is killed while it evaluates loses what that task saved: the next
// attempt continues from where the task before ended. In the worker itself, and in a
// process of its own.
func TestACheckpointOutlivesTheWorkerThatContinuesIt(t *testing.T) {
	t.Parallel()
	for _, isolate := range []bool{false, true} {
		t.Run(fmt.Sprintf("isolate=%t", isolate), func(t *testing.T) {
			t.Parallel()
			eachstore.Run(t, func(t *testing.T, url string) { continues(t, url, isolate) })
		})
	}
}

func continues(t *testing.T, url string, isolate bool) {
	ctx, net := within(t), open(t, url)
	if _, err := net.StartWorkers(ctx, network.Workers{N: 1, Objective: "train", Restart: true, Heartbeat: time.Hour}); err != nil {
		t.Fatal(err)
	}
	options := rush.Options{MaxRetries: 1, Isolate: isolate}
	keys, err := net.PushTasks(ctx, []rush.Task{
		{XS: rush.Values{}, XSExtra: rush.Values{loops.From: nil}, Options: options},
		{XS: rush.Values{"die": true}, XSExtra: rush.Values{loops.From: int64(0)}, Options: options},
		{XS: rush.Values{}, Options: options},
	})
	if err != nil {
		t.Fatal(err)
	}
	await(t, ctx, net, func(c rush.Counts) bool { return c.Ended() == 3 })
	more, err := net.PushTasks(ctx, []rush.Task{
		{XS: rush.Values{}, XSExtra: rush.Values{loops.From: int64(1)}, Options: options},
		{XS: rush.Values{"fail": true}, XSExtra: rush.Values{loops.From: int64(1)}, Options: rush.Options{Isolate: isolate}},
		{XS: rush.Values{}, XSExtra: rush.Values{loops.From: int64(4)}, Options: options}, // which failed
	})
	if err != nil {
		t.Fatal(err)
	}
	await(t, ctx, net, func(c rush.Counts) bool { return c.Ended() == 6 })
	tasks, err := net.Tasks(ctx, append(keys, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, task := range tasks {
		trained, _ := task.YS["trained"].(string)
		_, saved := task.YSExtra[loops.Checkpoint]
		_, too := task.YS[loops.Checkpoint]
		got = append(got, fmt.Sprintf("%s %d: %s%t", task.State, task.Attempt, trained, saved || too))
	}
	want := []string{
		"finished 1: true", "finished 2: 0.1 true", "finished 1: false",
		"finished 1: 0.1 1.2 true", "failed 1: false", "finished 1: true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if left, err := net.Objects().List(ctx); err != nil || len(left) != 4 {
		t.Errorf("%d objects, %v; expected the checkpoints of the four that saved and finished", len(left), err)
	}
	if err := loops.DropCheckpoints(ctx, net.Archive); err != nil {
		t.Fatal(err)
	}
	if left, err := net.Objects().List(ctx); err != nil || len(left) != 0 {
		t.Errorf("%d objects, %v; expected none", len(left), err)
	}
}
