package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/table"
	"github.com/rushnet/rush/webui"
)

// TestThePageOfAnExportedFile opens the page for a file: it shows the network that the
// file is of.
func TestThePageOfAnExportedFile(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	path := exportedFile(t, ctx, dir)
	var out bytes.Buffer
	a := &app{in: &out, out: &out, err: &out}
	f := uiFlags{tokenFile: filepath.Join(dir, "token"), server: webui.Server{Address: "127.0.0.1"}}
	serving, stop := context.WithCancel(ctx)
	page, err := a.openPage(serving, path, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- page.server.Serve(serving) }()
	defer func() {
		stop()
		<-served
		page.store.Close()
	}()
	all, err := page.store.Networks(ctx)
	if err != nil || len(all) != 1 || all[0].ID != "shown" {
		t.Fatalf("got %v, %v; want the network of the file", all, err)
	}
	net, err := page.store.Open(ctx, "shown")
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	if counts, err := net.Counts(ctx); err != nil || counts.Finished != 2 {
		t.Errorf("got %+v, %v; want 2 finished tasks", counts, err)
	}
	if _, err := net.Push(ctx, webui.PushOptions{}, webui.Points{XS: []rush.Values{{"x": 1}}}); !errors.Is(err, rush.ErrReadOnly) {
		t.Errorf("got %v; want rush.ErrReadOnly", err)
	}
}

// exportedFile is a file of a network of two tasks.
func exportedFile(t *testing.T, ctx context.Context, dir string) string {
	t.Helper()
	net, err := network.Open(ctx, network.Config{Store: filepath.Join(dir, "rush.db"), Network: "shown"})
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	done := rush.Task{State: rush.Finished, XS: rush.Values{"x": 1.0}, YS: rush.Values{"y": 2.0}}
	if _, err := net.PushTasks(ctx, []rush.Task{done, done}); err != nil {
		t.Fatal(err)
	}
	about, err := net.About(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := net.Export(ctx, &b, &table.ExportOptions{Format: table.Parquet, About: about}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "shown.parquet")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
