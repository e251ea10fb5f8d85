package network_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/objects"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/table"
)

// lived is a network with tasks in every state, and every part of a task.
func lived(t *testing.T, ctx context.Context, url string) *network.Rush {
	t.Helper()
	net := open(t, url)
	w, err := rushworker.Open(ctx, rushworker.Config{Store: url, Network: net.ID(), ID: "w1", Heartbeat: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close(context.WithoutCancel(ctx), "done") })
	fatal := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	code := 3
	keys, err := net.PushTasks(ctx, []rush.Task{
		{XS: rush.Values{"x": int64(1), "name": "a", "none": nil}, Options: rush.Options{MaxRetries: 2, Timeout: time.Minute, Seed: []int32{10407, 1, 2, 3, 4, 5, 6}}},
		{XS: rush.Values{"x": 0.5, "list": []any{int64(1), 2.5, nil}, "map": map[string]any{"a": nil, "b": []any{}}}, XSExtra: rush.Values{"x": "extra"}},
		{State: rush.Finished, XS: rush.Values{"x": int64(2)}, YS: rush.Values{"y": math.NaN(), "big": int64(1<<60 + 1), "bytes": []byte("\x00\xff")}},
		{State: rush.Failed, XS: rush.Values{"x": int64(3)}, Condition: &rush.Condition{Class: rush.ClassError, Message: "a: b", ExitCode: &code, Stderr: "boom\n", Trace: "here"}},
		{XS: rush.Values{"x": int64(4)}, Options: rush.Options{Queue: "later"}},
		{XS: rush.Values{"x": int64(5)}, After: []int{4}},
		{XS: rush.Values{"x": int64(6)}},
		{XS: rush.Values{"x": int64(7)}},
	})
	fatal(keys, err)
	first, err := w.Pop(ctx, 0)
	fatal(first, err)
	fatal(nil, w.Report(ctx, first, 1, rush.Values{"y": 9.0}))
	fatal(nil, w.Fail(ctx, first, &rush.Condition{Class: rush.ClassError, Message: "once"}, nil))
	fatal(nil, net.Retry(ctx, network.RetryOptions{}, first.Key))
	again, err := w.Pop(ctx, 0)
	fatal(again, err)
	fatal(nil, w.Report(ctx, again, 1, rush.Values{"y": 8.0}))
	fatal(nil, net.SetProgress(ctx, again.Key, "half"))
	fatal(nil, w.Finish(ctx, again, rush.Values{"y": 1.5}, rush.Values{"note": "é"}))
	fatal(w.Pop(ctx, 0))
	fatal(nil, net.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, keys[3])) // to the front of the queue
	fatal(net.Delete(ctx, network.DeleteOptions{}, keys[7]))
	fatal(net.PushTasks(ctx, []rush.Task{{State: rush.Failed, Condition: &rush.Condition{Class: rush.ClassLost}}}))
	return net
}

// exported writes a network to a file, with all that it knows.
func exported(t *testing.T, ctx context.Context, net *network.Rush, format table.FileFormat) (path string, b []byte) {
	t.Helper()
	about, err := net.About(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if _, err := net.Export(ctx, &buf, &table.ExportOptions{Format: format, About: about}); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "x."+string(format))
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, buf.Bytes()
}

// What is read of an exported file is what is read of the network that it came from.
func TestAnExportedFileIsTheNetwork(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx := within(t)
		net := lived(t, ctx, url)
		for _, format := range []table.FileFormat{table.Parquet, table.Arrow, table.ArrowStream} {
			t.Run(string(format), func(t *testing.T) {
				path, written := exported(t, ctx, net, format)
				file, err := network.Open(ctx, network.Config{Store: path})
				if err != nil {
					t.Fatal(err)
				}
				defer file.Close()
				if file.ID() != net.ID() || !cmp.Equal(file.Seed(), net.Seed()) {
					t.Errorf("got network %s of seed %v, want %s of %v", file.ID(), file.Seed(), net.ID(), net.Seed())
				}
				sameReads(t, ctx, net, file)
				if _, again := exported(t, ctx, file, format); !bytes.Equal(written, again) {
					t.Error("what the file is exported to is another file")
				}
			})
		}
	})
}

// sameReads compares everything that can be read of a network.
func sameReads(t *testing.T, ctx context.Context, net, file *network.Rush) {
	t.Helper()
	same := func(what string, read func(r *network.Rush) (any, error)) {
		t.Helper()
		want, err := read(net)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		got, err := read(file)
		if err != nil {
			t.Fatalf("%s of the file: %v", what, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-network +file)\n%s", what, diff)
		}
	}
	same("rows", func(r *network.Rush) (any, error) { return r.Rows(ctx, nil, nil) })
	same("some rows", func(r *network.Rush) (any, error) {
		return r.Rows(ctx, []rush.State{rush.Finished}, &table.Options{Fields: rush.FieldXS | rush.FieldTimes})
	})
	same("tasks", func(r *network.Rush) (any, error) { return r.Tasks(ctx, 0, 3, 5) })
	same("counts", func(r *network.Rush) (any, error) { return r.Counts(ctx) })
	same("run", func(r *network.Rush) (any, error) { return r.Run(ctx) })
	same("budget", func(r *network.Rush) (any, error) { def, err := r.Definition(ctx); return def, err })
	same("waiting", func(r *network.Rush) (any, error) { return r.Deferred(ctx) })
	same("progress", func(r *network.Rush) (any, error) { return r.Progress(ctx, 0) })
	for _, state := range rush.States() {
		same(string(state)+" tasks", func(r *network.Rush) (any, error) { return r.Keys(ctx, state) })
	}
	same("the queue", func(r *network.Rush) (any, error) { return r.QueueTasks(ctx, rush.DefaultQueue) })
	same("another queue", func(r *network.Rush) (any, error) { return r.QueueTasks(ctx, "later") })
	same("the order of the endings", func(r *network.Rush) (any, error) {
		var keys []rush.TaskKey
		err := r.EachFinished(ctx, rush.FieldYS, func(task *rush.Task) bool { keys = append(keys, task.Key); return true })
		return keys, err
	})
	same("the table", func(r *network.Rush) (any, error) {
		var b bytes.Buffer
		_, err := r.Export(ctx, &b, &table.ExportOptions{Format: table.CSV})
		return b.String(), err
	})
	same("the finished", func(r *network.Rush) (any, error) {
		tbl, err := r.Finished(ctx)
		if err != nil {
			return nil, err
		}
		defer tbl.Release()
		var b bytes.Buffer
		err = table.Write(&b, tbl, table.JSONLines, nil)
		return b.String(), err
	})
	if found, err := file.Audit(ctx); err != nil || len(found) > 0 {
		t.Errorf("the file is not sound: %q, %v", found, err)
	}
}

func TestAnExportedFileRefusesToChange(t *testing.T) {
	t.Parallel()
	ctx := within(t)
	net := open(t, filepath.Join(t.TempDir(), "rush.db"))
	finish(t, ctx, net, 3)
	path, _ := exported(t, ctx, net, table.Parquet)
	file, err := network.Open(ctx, network.Config{Store: path})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, change := range map[string]func() error{
		"push":     func() error { _, err := file.Push(ctx, rush.Values{"x": 1}); return err },
		"retry":    func() error { return file.Retry(ctx, network.RetryOptions{}, 0) },
		"delete":   func() error { _, err := file.Delete(ctx, network.DeleteOptions{}, 0); return err },
		"cancel":   func() error { return file.Cancel(ctx, 0) },
		"reset":    func() error { return file.Reset(ctx, network.ResetOptions{}) },
		"stop":     func() error { return file.RequestStop(ctx, rush.RunDone, "enough") },
		"define":   func() error { return file.Define(ctx, network.Definition{Version: 1, Body: []byte(`{}`)}) },
		"progress": func() error { return file.SetProgress(ctx, 0, 1) },
		"worker": func() error {
			_, err := rushworker.Open(ctx, rushworker.Config{Store: path, Network: net.ID()})
			return err
		},
		"destroy": func() error {
			st, err := network.OpenStore(ctx, path)
			if err != nil {
				return err
			}
			return st.Destroy(ctx, net.ID())
		},
	} {
		if err := change(); !errors.Is(err, rush.ErrReadOnly) {
			t.Errorf("%s: got %v, want rush.ErrReadOnly", name, err)
		}
	}
	if _, err := network.Open(ctx, network.Config{Store: path, Network: "another"}); !errors.Is(err, rush.ErrReadOnly) {
		t.Errorf("another network: got %v, want rush.ErrReadOnly", err)
	}
	if list, err := file.Workers(ctx); err != nil || len(list) > 0 {
		t.Errorf("got workers %v, %v; want none", list, err)
	}
}

// Values that are objects of the network stay references: their objects are not in
// the file.
func TestAnExportedFileHasReferences(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		if err := net.Objects().SetLimits(ctx, objects.Limits{Inline: 100_000, Values: 100}); err != nil {
			t.Fatal(err)
		}
		keys, err := net.Push(ctx, rush.Values{"x": string(bytes.Repeat([]byte("a"), 5000))})
		if err != nil {
			t.Fatal(err)
		}
		path, _ := exported(t, ctx, net, table.Parquet)
		file, err := network.Open(ctx, network.Config{Store: path})
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		tasks, err := file.Tasks(ctx, keys...)
		if err != nil {
			t.Fatal(err)
		}
		if ref, ok := tasks[0].XS["x"].(rush.Reference); !ok || ref.Size < 5000 {
			t.Errorf("got %v, want a reference", tasks[0].XS)
		}
		if _, err := file.Export(ctx, io.Discard, nil); err != nil {
			t.Error(err)
		}
	})
}
