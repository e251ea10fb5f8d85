package network_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/objects"
)

// scale multiplies a list by what its task captured, and repeats its text.
func scale(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	var scaled []any
	for _, x := range e.XS["x"].([]any) {
		scaled = append(scaled, x.(float64)*e.Constants["factor"].(float64))
	}
	return rush.Values{"x": scaled, "text": e.Constants["text"]}, nil
}

// grow returns more than it got.
func grow(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	x := e.XS["x"].([]any)
	return rush.Values{"x": slices.Repeat(x, 100)}, nil
}

// list returns n numbers.
func list(n int, x float64) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = x
	}
	return all
}

// TestTasksWithLargeValues pushes large inputs and captured values to worker
// processes, which return large outputs.
func TestTasksWithLargeValues(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net, dir := within(t), open(t, url), t.TempDir()
		if err := net.Objects().SetLimits(ctx, objects.Limits{Inline: 1000, Values: 100, Directory: dir}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.StartWorkers(ctx, network.Workers{N: 2}); err != nil {
			t.Fatal(err)
		}
		captured := rush.Values{"factor": 2.0, "text": strings.Repeat("long ", 500)}
		tasks := make([]rush.Task, 6)
		for i := range tasks {
			tasks[i] = rush.Task{XS: rush.Values{"x": list(20+i*200, 1.5)}, Captured: captured, Options: rush.Options{Function: "scale"}}
		}
		keys, err := net.PushTasks(ctx, tasks)
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := net.Wait(ctx, keys...); !ok || err != nil {
			t.Fatalf("got %v, %v: %v", ok, err, oneTask(t, ctx, net, keys[0]).Condition)
		}
		done, err := net.Tasks(ctx, keys...)
		if err != nil {
			t.Fatal(err)
		}
		for i, task := range done {
			want := rush.Values{"x": list(20+i*200, 3.0), "text": captured["text"]}
			if diff := cmp.Diff(want, task.YS); diff != "" {
				t.Errorf("task %d (-want +got):\n%s", task.Key, diff)
			}
			if diff := cmp.Diff(captured, task.Captured); diff != "" || len(task.XSExtra) > 0 {
				t.Errorf("task %d captured, beside the extras %v (-want +got):\n%s", task.Key, task.XSExtra, diff)
			}
		}
		checkHeld(t, ctx, net, keys)

		if err := net.Reset(ctx, network.ResetOptions{Workers: true}); err != nil {
			t.Fatal(err)
		}
		if left, err := net.Objects().List(ctx); err != nil || len(left) > 0 {
			t.Errorf("after the reset there are %v, %v", left, err)
		}
	})
}

// checkHeld looks at how large values are stored: once each, under the tags of
// their tasks, and as references in tables.
func checkHeld(t *testing.T, ctx context.Context, net *network.Rush, keys []rush.TaskKey) {
	t.Helper()
	all, err := net.Objects().List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	places, shared := map[string]int{}, 0
	for _, o := range all {
		places[o.Place]++
		if len(o.Tags) == len(keys) {
			shared++
		}
	}
	// Six inputs and six outputs, the shared text, and what was captured.
	if len(all) != 14 || shared != 2 || places[objects.Inline] == 0 || places[objects.Directory] == 0 {
		t.Errorf("found %d objects at %v, %d of them shared by all tasks", len(all), places, shared)
	}
	var text strings.Builder
	if _, err := net.Export(ctx, &text, nil); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text.String(), "object:"); n < 3*len(keys) {
		t.Errorf("the table names objects %d times:\n%s", n, text.String())
	}
}

func TestAResultThatHasNoPlaceFailsItsTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		if err := net.Objects().SetLimits(ctx, objects.Limits{Inline: 100}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.StartWorkers(ctx, network.Workers{N: 1}); err != nil {
			t.Fatal(err)
		}
		fits := rush.Task{
			XS: rush.Values{"x": list(5, 1)}, Captured: rush.Values{"factor": 2.0, "text": "short"},
			Options: rush.Options{Function: "scale"},
		}
		grows := rush.Task{XS: rush.Values{"x": list(5, 1)}, Options: rush.Options{Function: "grow"}}
		unknown := rush.Task{XS: rush.Values{}, Options: rush.Options{Function: "scael"}}
		keys, err := net.PushTasks(ctx, []rush.Task{grows, unknown, fits})
		if err != nil {
			t.Fatal(err)
		}
		await(t, ctx, net, func(c rush.Counts) bool { return c.Ended() == 3 })
		states(t, ctx, net, keys, rush.Failed, rush.Failed, rush.Finished)
		for i, says := range []string{"cannot be stored", `the function "scael"; this worker has add`} {
			if c := oneTask(t, ctx, net, keys[i]).Condition; !strings.Contains(c.Message, says) {
				t.Errorf("found %q; expected it to say %q", c.Message, says)
			}
		}
		fits.XS = rush.Values{"x": list(50, 1)}
		if _, err := net.PushTasks(ctx, []rush.Task{fits}); err == nil || !strings.Contains(err.Error(), "x: ") {
			t.Errorf("push a large value without a place: got error %v", err)
		}
		if c, err := net.Counts(ctx); err != nil || c.Created != 3 {
			t.Errorf("found %+v, %v; expected no further task", c, err)
		}
	})
}

// A task whose large input cannot be read fails, and says why.
func TestALargeInputThatIsGoneFailsItsTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net, dir := within(t), open(t, url), t.TempDir()
		if err := net.Objects().SetLimits(ctx, objects.Limits{Inline: 10, Directory: dir}); err != nil {
			t.Fatal(err)
		}
		task := rush.Task{XS: rush.Values{"x": list(50, 1)}, Options: rush.Options{Function: "scale"}}
		keys, err := net.PushTasks(ctx, []rush.Task{task})
		if err != nil {
			t.Fatal(err)
		}
		all, err := net.Objects().List(ctx)
		if err != nil || len(all) != 1 || len(all[0].Tags) != 1 {
			t.Fatalf("found %v, %v; expected one object", all, err)
		}
		if err := os.Remove(all[0].Path); err != nil {
			t.Fatal(err)
		}
		if _, err := net.StartWorkers(ctx, network.Workers{N: 1}); err != nil {
			t.Fatal(err)
		}
		await(t, ctx, net, func(c rush.Counts) bool { return c.Failed == 1 })
		c := oneTask(t, ctx, net, keys[0]).Condition
		if !strings.Contains(c.Message, "its value x, ") || !strings.Contains(c.Message, all[0].Path) {
			t.Errorf("found %q; expected the value's name and the file", c.Message)
		}
	})
}

// Destroying a network removes the files of its objects.
func TestDestroyRemovesFiles(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, dir := within(t), t.TempDir()
		net, err := network.Open(ctx, network.Config{Store: url})
		if err != nil {
			t.Fatal(err)
		}
		defer net.Close()
		if err := net.Objects().SetLimits(ctx, objects.Limits{Inline: 1, Directory: dir}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.Objects().Put(ctx, "a", strings.NewReader("large")); err != nil {
			t.Fatal(err)
		}
		st, err := network.OpenStore(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		for range 2 {
			if err := st.Destroy(ctx, net.ID()); err != nil {
				t.Fatal(err)
			}
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("the directory has %v, %v", left, err)
		}
	})
}

// What is finished and failed by hand is stored as the results of workers are.
func TestLargeResultsByHand(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		keys, err := net.Push(ctx, points(4)...)
		if err != nil {
			t.Fatal(err)
		}
		if err := net.Objects().SetLimits(ctx, objects.Limits{Inline: 2000, Values: 100}); err != nil {
			t.Fatal(err)
		}
		large, trace := list(100, 1.5), strings.Repeat("line ", 100)
		ys := []rush.Values{{"y": 1.0, "curve": large}}
		if err := net.FinishTasks(ctx, keys[:2], ys, []rush.Values{{"trace": trace}}); err != nil {
			t.Fatal(err)
		}
		if err := net.FailTasks(ctx, keys[2:3], nil, []rush.Values{{"trace": trace}}); err != nil {
			t.Fatal(err)
		}
		done, err := net.Tasks(ctx, keys...)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range done[:2] {
			same(t, "outputs", task.YS, ys[0])
			same(t, "extras", task.YSExtra, rush.Values{"trace": trace})
		}
		same(t, "extras of the failed one", done[2].YSExtra, rush.Values{"trace": trace})
		all, err := net.Objects().List(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var tags []int
		for _, o := range all {
			tags = append(tags, len(o.Tags))
		}
		slices.Sort(tags)
		same(t, "how many tasks hold each object", tags, []int{2, 3})

		ys[0]["curve"] = list(10_000, 1.5)
		if err := net.FinishTasks(ctx, keys[3:], ys, nil); err == nil || !strings.Contains(err.Error(), "task 3: curve: ") {
			t.Errorf("got %v, want that the curve has no place", err)
		}
		states(t, ctx, net, keys[3:], rush.Queued)
		if err := net.FinishTasks(ctx, []rush.TaskKey{99}, []rush.Values{{"curve": large}}, nil); !errors.Is(err, rush.ErrNoTask) {
			t.Errorf("got %v for a task that does not exist", err)
		}
		if _, err := net.Delete(ctx, network.DeleteOptions{}, keys...); err != nil {
			t.Fatal(err)
		}
		left, err := net.Objects().List(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range left {
			if len(o.Tags) > 0 {
				t.Errorf("after the tasks were deleted, %s is held by %v", o.Hash, o.Tags)
			}
		}
	})
}
