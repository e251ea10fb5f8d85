package logstore_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/network"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "logstore-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	net, err := network.Open(ctx, network.Config{Store: filepath.Join(dir, "rush.db"), Network: "told"})
	if err != nil {
		log.Fatal(err)
	}
	defer net.Close()

	h := net.LogHandler(ctx, &logstore.Options{Logger: "my/program", Thresholds: logstore.Thresholds{"my": slog.LevelInfo}})
	logger := slog.New(h)
	logger.Debug("not kept")
	logger.Info("the model was fitted", "loss", 0.25)
	if err := h.Close(ctx); err != nil {
		log.Fatal(err)
	}

	page, err := net.TailLog(ctx, 10, rush.LogFilter{})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range page.Entries {
		fmt.Println(e.Level, e.Logger, e.Message, e.Attrs["loss"])
	}
	// Output: INFO my/program the model was fitted 0.25
}
