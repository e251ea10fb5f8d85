package network_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// awaitLog waits until n entries that the filter lets through were written.
func awaitLog(t *testing.T, ctx context.Context, net *network.Rush, filter rush.LogFilter, n int) []rush.LogEntry {
	t.Helper()
	var all []rush.LogEntry
	for r := net.LogReader(rush.Cursor{}, filter); len(all) < n; {
		entries, dropped, err := r.New(ctx, time.Minute)
		if err != nil || dropped != 0 {
			t.Fatalf("%d entries were read and %d dropped, then: %v", len(all), dropped, err)
		}
		all = append(all, entries...)
	}
	return all
}

// What loops and objectives tell is in the log, with worker and task.
func TestLoggersWriteIntoTheLog(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		loop := func(ctx context.Context, w *rushworker.Worker) (loops.Loop, error) {
			w.Log().Info("made", "loop", "queue")
			w.Log().Debug("not kept")
			return &loops.Queue{UntilDrained: true, Problem: &loops.Problem{Objective: loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
				e.Log.Debug("evaluating", "x", e.XS["x"])
				e.Output("stderr", "printed")
				return rush.Values{}, nil
			})}}, w.Event(ctx, "loop made", rush.Values{"kind": "queue"})
		}
		keys, err := net.Push(ctx, rush.Values{"x": 0.5})
		if err != nil {
			t.Fatal(err)
		}
		_, err = net.StartInProcess(ctx, network.Workers{
			IDs: []rush.WorkerID{"w1"}, KeepOutput: true, LogThresholds: logstore.Thresholds{"rush": slog.LevelInfo, "rush/objective": slog.LevelDebug},
		}, loop)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.Wait(ctx, keys...); err != nil {
			t.Fatal(err)
		}
		<-net.LocalDone()
		var got []string
		for _, e := range awaitLog(t, ctx, net, rush.LogFilter{Workers: []rush.WorkerID{"w1"}}, 6) {
			if e.Message != "registered" && e.Message != "terminated" {
				got = append(got, strings.Join([]string{string(e.Kind), e.Level.String(), e.Task.String(), e.Logger, e.Message}, " "))
			}
		}
		// The event is written at once, the others by the logger's goroutine.
		want := []string{"log INFO -1 rush made", "event INFO -1  loop made", "log DEBUG 0 rush/objective evaluating", "stderr INFO 0  printed"}
		sorted := cmp.Transformer("set", func(s []string) map[string]bool {
			set := map[string]bool{}
			for _, v := range s {
				set[v] = true
			}
			return set
		})
		if diff := cmp.Diff(want, got, sorted); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// What a worker's process prints is in the log and in its file.
func TestOutputIsKept(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net, dir := within(t), open(t, url), t.TempDir()
		ids, err := net.StartWorkers(ctx, network.Workers{
			N: 1, Objective: "print", KeepOutput: true, LogDir: dir, LogThresholds: logstore.Thresholds{"": slog.LevelInfo},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.Push(ctx, rush.Values{}); err != nil {
			t.Fatal(err)
		}
		out := awaitLog(t, ctx, net, rush.LogFilter{Kinds: []rush.LogKind{rush.LogStdout}, Workers: ids}, 1)
		if out[0].Message != "out 0" {
			t.Errorf("found %q on stdout, expected %q", out[0].Message, "out 0")
		}
		long := awaitLog(t, ctx, net, rush.LogFilter{Kinds: []rush.LogKind{rush.LogStderr}}, 1)
		if !strings.HasPrefix(long[0].Message, "long long") || !strings.HasSuffix(long[0].Message, "bytes in all)") {
			t.Errorf("found %.50q on stderr, expected a long line that was cut", long[0].Message)
		}
		if _, err := net.StopWorkers(ctx, rush.SignalTerminate); err != nil {
			t.Fatal(err)
		}
		stdout, stderr, err := logstore.ReadFiles(dir, ids[0])
		if err != nil || string(stdout) != "out 0\n" || len(stderr) < 100_000 {
			t.Errorf("the files have %q, %d bytes of stderr, %v", stdout, len(stderr), err)
		}
	})
}

// How a worker ended is in the log, whoever says so.
func TestTheLifeOfAWorkerIsTold(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		if _, err := net.StartWorkers(ctx, network.Workers{IDs: []rush.WorkerID{"w1", "w2"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.StopWorkers(ctx, rush.SignalTerminate, "w1"); err != nil {
			t.Fatal(err)
		}
		kill9(t, ctx, net)
		lost := awaitLog(t, ctx, net, rush.LogFilter{Level: slog.LevelWarn}, 1)[0]
		if lost.Worker != "w2" || lost.Message != "lost" || !strings.Contains(lost.Attrs["reason"].(string), "killed") {
			t.Errorf("found %+v, expected that w2 was lost because it was killed", lost)
		}
		var got []string
		page, err := net.TailLog(ctx, 100, rush.LogFilter{Workers: []rush.WorkerID{"w1"}, Kinds: []rush.LogKind{rush.LogEvent}})
		for _, e := range page.Entries {
			got = append(got, e.Message)
		}
		if diff := cmp.Diff([]string{"registered", "signaled", "terminated"}, got); diff != "" || err != nil {
			t.Errorf("%v; -want +got:\n%s", err, diff)
		}
	})
}

func TestAReaderGoesOnAfterAReset(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		h := net.LogHandler(ctx, nil)
		defer h.Close(ctx)
		log := slog.New(h)
		log.Error("before")
		r := net.LogReader(rush.Cursor{}, rush.LogFilter{})
		if first, _, err := r.New(ctx, 0); err != nil || len(first) != 1 {
			t.Fatalf("found %v, %v; expected one entry", first, err)
		}
		if err := net.Reset(ctx, network.ResetOptions{}); err != nil {
			t.Fatal(err)
		}
		log.Error("after")
		second, _, err := r.New(ctx, time.Minute)
		if err != nil || len(second) != 1 || second[0].Message != "after" {
			t.Errorf("found %v, %v; expected the new entry only", second, err)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, _, err := r.New(ended, time.Minute); !errors.Is(err, context.Canceled) {
			t.Errorf("found %v, expected that the reader's context is over", err)
		}
	})
}
