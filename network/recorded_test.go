package network_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

const kept, onlyPrinted = "this is kept as a record", "this is only printed"

func warnLoop(_ context.Context, w *rushworker.Worker) error {
	w.Log().Warn(kept)
	w.Log().Info(onlyPrinted)
	return nil
}

// What a worker tells is in the log once, as a record if it is to be one, else as
// it was printed; whoever reads what the worker prints sees all.
func TestARecordIsInTheLogOnce(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		var mu sync.Mutex
		var printed []string
		_, err := net.StartWorkers(ctx, network.Workers{
			N: 1, Loop: "warn", KeepOutput: true, LogThresholds: logstore.Thresholds{"": slog.LevelWarn},
			Output: func(_ rush.WorkerID, stream, line string) {
				mu.Lock()
				defer mu.Unlock()
				printed = append(printed, stream+" "+line)
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		<-net.LocalDone()
		for _, message := range []string{kept, onlyPrinted} {
			if !slices.ContainsFunc(printed, func(line string) bool {
				return strings.HasPrefix(line, "stderr time=") && strings.Contains(line, message)
			}) {
				t.Errorf("%q was not printed: found %q", message, printed)
			}
		}
		// What is printed is written in its order: once the later one is there, the
		// earlier one would be.
		found := map[string][]rush.LogKind{}
		for reader := net.LogReader(rush.Cursor{}, rush.LogFilter{}); len(found[onlyPrinted]) == 0; {
			entries, _, err := reader.New(ctx, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				for _, message := range []string{kept, onlyPrinted} {
					if strings.Contains(e.Message, message) {
						found[message] = append(found[message], e.Kind)
					}
				}
			}
		}
		want := map[string][]rush.LogKind{kept: {rush.LogRecord}, onlyPrinted: {rush.LogStderr}}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Error(diff)
		}
	})
}
