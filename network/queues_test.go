package network_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
)

func TestPriorityTasks(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := open(t, url)
		w := hand(t, net, "w1", "high", rush.DefaultQueue, "low")
		if _, err := net.PushBatch(t.Context(), network.Batch{XS: points(4), Workers: []rush.WorkerID{"", "w1", "gone", "w1"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.PushBatch(t.Context(), network.Batch{XS: points(3), Queues: []string{"low", "high", rush.DefaultQueue}}); err != nil {
			t.Fatal(err)
		}
		queues, err := net.Queues(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		listens := []rush.WorkerID{"w1"}
		same(t, "queues", queues, []network.Queue{
			{Name: rush.DefaultQueue, Length: 3, Workers: listens}, {Name: "high", Length: 1, Workers: listens},
			{Name: "low", Length: 1, Workers: listens}, {Name: "w1", Length: 2, Workers: listens, Own: true},
		})
		places, err := net.Places(t.Context(), 6, 3, 99)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "places", places, []network.Place{
			{Queue: rush.DefaultQueue, Position: 3, Ahead: []rush.TaskKey{0, 2}}, {Queue: "w1", Position: 2, Ahead: []rush.TaskKey{1}}, {},
		})
		for _, want := range []rush.TaskKey{1, 3, 5, 0, 2, 6, 4} {
			if got := popped(t, w).Key; got != want {
				t.Errorf("popped %d, want %d", got, want)
			}
		}
	})
}

func TestAQueueWithoutListenersIsTold(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		var told bytes.Buffer
		net, err := network.Open(t.Context(), network.Config{Store: url, Log: slog.New(slog.NewTextHandler(&told, nil))})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { net.Close() })
		hand(t, net, "w1", "high")
		if _, err := net.PushBatch(t.Context(), network.Batch{XS: points(2), Queues: []string{"high", ""}}); err != nil {
			t.Fatal(err)
		}
		same(t, "told of queues with listeners", told.String(), "")
		keys, err := net.PushBatch(t.Context(), network.Batch{XS: points(2), Queues: []string{"low"}})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(told.String(), "queue=low tasks=2") {
			t.Errorf("told %q, want that no worker listens on low", told.String())
		}
		_, err = net.Wait(t.Context(), keys...)
		if err == nil || !strings.Contains(err.Error(), `task 2 is in the queue "low", on which no worker listens`) {
			t.Errorf("waited and got %v, want that no worker listens on low", err)
		}
	})
}

func TestQueuesAreEmptied(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := open(t, url)
		if _, err := net.PushBatch(t.Context(), network.Batch{XS: points(6), Queues: []string{"", "", "", "high", "high", "low"}}); err != nil {
			t.Fatal(err)
		}
		w := hand(t, net, "w1")
		popped(t, w)
		why := []*rush.Condition{{Class: rush.ClassError, Message: "a"}, {Class: rush.ClassError, Message: "b"}}
		if _, err := net.Unqueue(t.Context(), why, 0, 1, 2); err == nil {
			t.Error("two conditions were accepted for three tasks")
		}
		removed, err := net.Unqueue(t.Context(), why, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "removed", removed, []rush.TaskKey{1})
		removed, err = net.EmptyQueue(t.Context(), nil, "high")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "removed from high", removed, []rush.TaskKey{3, 4})
		if removed, err = net.EmptyQueue(t.Context(), nil); err != nil || len(removed) != 2 {
			t.Errorf("removed %v from all (%v), want two", removed, err)
		}
		tasks, err := net.Tasks(t.Context(), 1, 3)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "conditions", []string{tasks[0].Condition.Error(), string(tasks[1].Condition.Class)}, []string{"error: b", "removed"})
		same(t, "states", status(t, net, 0, 5, 6), []rush.State{rush.Running, rush.Failed, rush.Missing})
	})
}
