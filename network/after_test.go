package network_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
)

// A pipeline is pushed at once: two parts, what joins them, and a report.
func TestTasksOfOnePushWaitForEachOther(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		earlier := pushOne(t, ctx, net)
		keys, err := net.PushTasks(ctx, []rush.Task{
			{}, {DependsOn: []rush.TaskKey{earlier}}, {After: []int{0, 1}}, {After: []int{2}, DependsOn: []rush.TaskKey{earlier}},
		})
		if err != nil {
			t.Fatal(err)
		}
		states(t, ctx, net, keys, rush.Queued, rush.Deferred, rush.Deferred, rush.Deferred)
		same(t, "what the report waits for", oneTask(t, ctx, net, keys[3]).DependsOn, []rush.TaskKey{earlier, keys[2]})
		w := hand(t, net, "w1")
		var order []rush.TaskKey
		for range 5 {
			task := popped(t, w)
			order = append(order, task.Key)
			if err := w.Finish(ctx, task, rush.Values{"y": 1}, nil); err != nil {
				t.Fatal(err)
			}
		}
		same(t, "order", order, []rush.TaskKey{earlier, keys[1], keys[0], keys[2], keys[3]})
	})
}

func TestATaskCannotWaitForALaterOne(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		_, err := net.PushTasks(ctx, []rush.Task{{}, {After: []int{1}}})
		if err == nil || !strings.Contains(err.Error(), "task 2 of 2 waits for the one with the index 1; expected the index of one before it") {
			t.Errorf("got %v for a task that waits for itself", err)
		}
		if _, err := net.PushTasks(ctx, []rush.Task{{}, {DependsOn: []rush.TaskKey{0}}}); !errors.Is(err, rush.ErrNoTask) {
			t.Errorf("got %v for a number that the call would give, want rush.ErrNoTask", err)
		}
		err = net.PushDesign(ctx, 1, func(int64) (rush.Task, error) { return rush.Task{After: []int{0}}, nil })
		if err == nil || !strings.Contains(err.Error(), "DependsOn") {
			t.Errorf("got %v for a row of a design", err)
		}
		if counts, err := net.Counts(ctx); err != nil || counts.Created != 0 {
			t.Errorf("%d tasks were created, %v", counts.Created, err)
		}
	})
}
