package network_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

func TestTheStartOfEachWorkerIsTold(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := openDoomed(t, url)
		defer func() {
			if _, err := net.StopWorkers(context.Background(), rush.SignalKill); err != nil {
				t.Error(err)
			}
		}()
		told := map[rush.WorkerID]int{} // 1 for each start, 100 for each failure
		started := func(id rush.WorkerID, err error) {
			if err != nil {
				told[id] += 99
			}
			told[id]++
		}
		expect := func(what string, err error, fails bool, want map[rush.WorkerID]int) {
			t.Helper()
			if (err != nil) != fails {
				t.Fatalf("%s: found %v; expected a failure: %v", what, err, fails)
			}
			if diff := cmp.Diff(want, told); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
			clear(told)
		}
		_, err := net.StartWorkers(t.Context(), network.Workers{IDs: []rush.WorkerID{"a", "b"}, Objective: "add", Started: started})
		expect("processes", err, false, map[rush.WorkerID]int{"a": 1, "b": 1})
		taken, err := net.OpenWorker(t.Context(), rushworker.Config{ID: "taken"})
		if err != nil {
			t.Fatal(err)
		}
		defer taken.Close(t.Context(), "it is over")
		_, err = net.StartWorkers(t.Context(), network.Workers{IDs: []rush.WorkerID{"taken", "c"}, Objective: "add", Started: started})
		expect("an id that is taken", err, true, map[rush.WorkerID]int{"taken": 100, "c": 1})
		_, err = net.StartWorkers(t.Context(), network.Workers{
			IDs: []rush.WorkerID{"d", "e"}, Objective: "add", Started: started, Command: []string{"/no/such/program"},
		})
		expect("programs that are none", err, true, map[rush.WorkerID]int{"d": 100, "e": 100})
		_, err = net.StartWorkers(t.Context(), network.Workers{
			IDs: []rush.WorkerID{"i", "j"}, Objective: "add", Detach: true, DetachLog: filepath.Join(t.TempDir(), "log"), Started: started,
		})
		expect("detached ones", err, false, map[rush.WorkerID]int{"i": 1, "j": 1})
		_, err = net.StartInProcess(t.Context(), network.Workers{IDs: []rush.WorkerID{"f", "g"}, Started: started}, queueOf(add))
		expect("goroutines", err, false, map[rush.WorkerID]int{"f": 1, "g": 1})
		_, err = net.StartInProcess(t.Context(), network.Workers{IDs: []rush.WorkerID{"h", "no id"}, Started: started}, queueOf(add))
		expect("a goroutine whose id is none", err, true, map[rush.WorkerID]int{"h": 1, "no id": 100})
	})
}
