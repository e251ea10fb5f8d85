package network_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
)

// tell logs in every way.
func tell(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	e.Log.Debug("too fine")
	e.Log.Info("plain", "x", e.XS["x"], "took", 1500*time.Millisecond, "at", time.Unix(1, 0).UTC(), "nothing", nil,
		"why", errors.New("no luck"), "point", struct{ A, B int }{1, 2}, "count", uint64(3), "large", uint64(math.MaxUint64), "bytes", []byte("b"), "ok", true)
	inner := e.Log.With(logstore.LoggerKey, "rush/objective/inner", "shared", "s").WithGroup("outer").With("in", int64(1))
	inner.Warn("scoped", "last", 2.5, slog.Group("group", "a", int64(1), slog.Group("", "flat", "f")), slog.Group("none"))
	e.Log.WithGroup("").Error("as it was")
	return rush.Values{}, nil
}

// What an objective logs in a process of its own is in the network's log as
// what it logs in the worker's: with its task, attributes, logger and level.
func TestAnIsolatedTaskLogsAsOthersDo(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		start(t, ctx, net, network.Workers{N: 1, Objective: "tell", LogThresholds: logstore.Thresholds{"": slog.LevelInfo}})
		keys, err := net.PushTasks(ctx, []rush.Task{
			{XS: rush.Values{"x": 0.5}},
			{XS: rush.Values{"x": 0.5}, Options: rush.Options{Isolate: true}},
		})
		if err != nil {
			t.Fatal(err)
		}
		ended(t, ctx, net, keys...)
		of := func(key rush.TaskKey) []rush.LogEntry {
			return awaitLog(t, ctx, net, rush.LogFilter{Tasks: []rush.TaskKey{key}}, 3)
		}
		here, there := of(keys[0]), of(keys[1])
		if diff := cmp.Diff(here, there, cmpopts.IgnoreFields(rush.LogEntry{}, "Time", "Task", "Offset")); diff != "" {
			t.Errorf("in the worker's process (-) and in one of its own (+):\n%s", diff)
		}
		scoped := rush.Values{"shared": "s", "outer.in": int64(1), "outer.last": 2.5, "outer.group.a": int64(1), "outer.group.flat": "f"}
		if diff := cmp.Diff(scoped, there[1].Attrs); diff != "" || there[1].Logger != "rush/objective/inner" || there[1].Level != slog.LevelWarn {
			t.Errorf("got %+v (-want +got):\n%s", there[1], diff)
		}
		if there[0].Time.IsZero() || there[0].Task != keys[1] {
			t.Errorf("got %+v; expected a time and task %d", there[0], keys[1])
		}
	})
}
