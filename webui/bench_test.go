package webui

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/table"
)

// BenchmarkFrame encodes a frame of 1,000 rows.
func BenchmarkFrame(b *testing.B) {
	h := followed(b, 1000)
	keys := make([]rush.TaskKey, 1000)
	for i := range keys {
		keys[i] = rush.TaskKey(i)
	}
	recs, err := h.follower.read(b.Context(), keys)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		rows, err := h.encoder.Encode(recs)
		if err != nil {
			b.Fatal(err)
		}
		_ = newFrame(1, 1, rows)
	}
}

// BenchmarkFanOut gives one frame to 50 clients: its bytes are shared.
func BenchmarkFanOut(b *testing.B) {
	frame := newFrame(1, 1, make([]byte, 100<<10))
	clients := make([]*client, 50)
	for i := range clients {
		clients[i] = newClient(nil, 0, 0, nil)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range clients {
			c.send(frame.message)
			c.next()
		}
	}
}

// BenchmarkMessage encodes the list of 1,000 workers, as it is sent when one of them
// has changed.
func BenchmarkMessage(b *testing.B) {
	workers := make([]rush.Worker, 1000)
	for i := range workers {
		workers[i] = rush.Worker{ID: rush.WorkerID(fmt.Sprint("worker-", i)), Host: "host", State: "running", Beat: time.Now()}
	}
	lines := workersOf(workers)
	b.ReportAllocs()
	for b.Loop() {
		encodeMessage("workers", map[string]any{"workers": lines})
	}
}

// followed is the hub of a network of n finished tasks.
func followed(b *testing.B, n int) *hub {
	b.Helper()
	url := filepath.Join(b.TempDir(), "rush.db")
	net, err := network.Open(b.Context(), network.Config{Store: url, Network: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = net.Close() })
	for at := 0; at < n; at += 10_000 {
		tasks := make([]rush.Task, min(10_000, n-at))
		for i := range tasks {
			tasks[i] = rush.Task{State: rush.Finished, XS: rush.Values{"x": float64(at + i), "kernel": "rbf"}, YS: rush.Values{"y": float64(i)}}
		}
		if _, err := net.PushTasks(b.Context(), tasks); err != nil {
			b.Fatal(err)
		}
	}
	cfg, err := Config{Store: oneNetwork{net: net}, Open: true}.withDefaults()
	if err != nil {
		b.Fatal(err)
	}
	s := new(hubs)
	s.init(&cfg)
	b.Cleanup(s.close)
	h, err := s.hub(b.Context(), "bench")
	if err != nil {
		b.Fatal(err)
	}
	return h
}

// BenchmarkSnapshot takes a snapshot of 100,000 tasks and reads it.
func BenchmarkSnapshot(b *testing.B) {
	h := followed(b, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		h.snapshots.drop()
		t, err := h.snapshots.get(false)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, &spoolReader{spool: t.spool})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(n)
		_ = t.release()
	}
}

// BenchmarkFilter tries 1,000,000 tasks.
func BenchmarkFilter(b *testing.B) {
	h := followed(b, 1_000_000)
	numbers := make([]rush.TaskKey, 100_000)
	for i := range numbers {
		numbers[i] = rush.TaskKey(10 * i)
	}
	for _, bb := range []struct {
		name   string
		filter Filter
	}{
		{"state", Filter{States: []rush.State{rush.Finished}}}, {"where", Filter{Where: "y < 100 and kernel == 'rbf'"}}, {"numbers", Filter{Numbers: numbers}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := h.match(b.Context(), &bb.filter); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAction retries 100,000 tasks by a filter, and takes them out of the queue
// again.
func BenchmarkAction(b *testing.B) {
	const n = 100_000
	h := followed(b, n)
	net := h.net.(followable).net
	do := func(o *order, why func(match) string, f func([]rush.TaskKey) error) {
		res, err := h.change(b.Context(), o, why, f)
		if err != nil || res.Done != n {
			b.Fatal(res.Done, err)
		}
		h.snapshots.drop()
	}
	all := func(match) string { return "" }
	for b.Loop() {
		do(&order{Filter: new(Filter)}, all, func(keys []rush.TaskKey) error {
			return net.Retry(b.Context(), network.RetryOptions{IgnoreLimit: true}, keys...)
		})
		do(&order{Filter: new(Filter)}, all, func(keys []rush.TaskKey) error { return net.Cancel(b.Context(), keys...) })
	}
}

// BenchmarkReports makes an answer of 100,000 reports of 1,000 tasks, but for reading
// them from a store.
func BenchmarkReports(b *testing.B) {
	ys, err := wire.AppendValue(nil, map[string]any{"y": 0.25, "accuracy": 0.5})
	if err != nil {
		b.Fatal(err)
	}
	log := make(reportedLog, 1000)
	for i := range log {
		log[i] = rush.Record{Key: rush.TaskKey(i), State: rush.Finished, Attempt: 1}
		for step := range int64(100) {
			log[i].Reports = append(log[i].Reports, rush.ReportRecord{Step: step, YS: ys})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		got, err := readReports(b.Context(), log, rush.Cursor{}, true, reportLimits{answerReports, probeFrom})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(got.body)))
	}
}

// A reportedLog is a network whose tasks have ended, and reported before that.
type reportedLog []rush.Record

func (l reportedLog) Keys(context.Context, rush.State) ([]rush.TaskKey, error) { return nil, nil }

func (l reportedLog) Source() table.Source { return reportedSource{log: l} }

type reportedSource struct {
	table.Source
	log []rush.Record
}

func (s reportedSource) Snapshot(context.Context) (rush.Snapshot, error) {
	return rush.Snapshot{Cursor: rush.Cursor{Epoch: 1, Offset: int64(len(s.log))}}, nil
}

func (s reportedSource) Ended(_ context.Context, from rush.Cursor, most int, _ rush.Fields, _ time.Duration) (rush.Page, error) {
	end := min(from.Offset+int64(most), int64(len(s.log)))
	return rush.Page{
		Records: s.log[from.Offset:end], Next: rush.Cursor{Epoch: 1, Offset: end}, More: end < int64(len(s.log)),
	}, nil
}

// oneNetwork is a store of one network.
type oneNetwork struct {
	Store
	net *network.Rush
}

func (s oneNetwork) Open(context.Context, rush.NetworkID) (Network, error) {
	return followable{net: s.net}, nil
}

// followable has of a Network what a hub reads.
type followable struct {
	Network
	net *network.Rush
}

func (f followable) Source() table.Source                            { return f.net.Source() }
func (f followable) Definition(context.Context) (*Definition, error) { return new(Definition), nil }
func (f followable) Counts(ctx context.Context) (rush.Counts, error) { return f.net.Counts(ctx) }
func (f followable) Run(ctx context.Context) (rush.Run, error)       { return f.net.Run(ctx) }
func (f followable) Workers(ctx context.Context) ([]rush.Worker, error) {
	return f.net.Workers(ctx)
}

func (f followable) ReadLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, max int, wait time.Duration) (rush.LogPage, error) {
	return f.net.ReadLog(ctx, from, filter, max, wait)
}

func (f followable) TailLog(ctx context.Context, n int, filter rush.LogFilter) (rush.LogPage, error) {
	return f.net.TailLog(ctx, n, filter)
}

func (f followable) Identity(context.Context) (Identity, error) {
	return Identity{Name: f.net.ID()}, nil
}

func (f followable) Close() error { return nil }
