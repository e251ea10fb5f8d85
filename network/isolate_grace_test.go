package network_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
)

// tidy takes longer than the default grace to tidy up when it is to end.
func tidy(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	if err := os.WriteFile(e.XS["begun"].(string), nil, 0); err != nil {
		return nil, err
	}
	<-ctx.Done()
	time.Sleep(2 * plugins.DefaultGrace)
	return nil, os.WriteFile(e.XS["mark"].(string), nil, 0o600)
}

// A process that is stopped has its grace to tidy up.
func TestAStoppedProcessHasItsGrace(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		start(t, ctx, net, network.Workers{N: 1, Objective: "tidy", Grace: time.Minute})
		begun, mark := filepath.Join(t.TempDir(), "begun"), filepath.Join(t.TempDir(), "tidy")
		if err := mkfifo(begun); err != nil {
			t.Fatal(err)
		}
		keys, err := net.PushTasks(ctx, []rush.Task{{XS: rush.Values{"begun": begun, "mark": mark}, Options: rush.Options{Isolate: true}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.ReadFile(begun); err != nil {
			t.Fatal(err)
		}
		if err := net.Cancel(ctx, keys...); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(mark); err != nil {
			t.Errorf("the process was killed before its grace was over: %v", err)
		}
	})
}
