package table_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

const benchTasks = 100_000

// A still source is finished tasks that are ready to be read, so that a
// benchmark measures this package and no store.
type still struct {
	records []rush.Record
	endings []rush.Ending
}

func newStill(b testing.TB, n int) *still {
	f := newFake()
	f.fill(b, n)
	s := &still{endings: f.log}
	for _, r := range f.tasks {
		s.records = append(s.records, *r)
	}
	return s
}

func (s *still) Ended(_ context.Context, from rush.Cursor, limit int, fields rush.Fields, _ time.Duration) (rush.Page, error) {
	end := min(int(from.Offset)+limit, len(s.endings))
	page := rush.Page{Endings: s.endings[from.Offset:end], Next: rush.Cursor{Offset: int64(end)}, More: end < len(s.endings)}
	if fields != rush.NoFields {
		page.Records = s.records[from.Offset:end]
	}
	return page, nil
}

func (s *still) Snapshot(context.Context) (rush.Snapshot, error) {
	return rush.Snapshot{Cursor: rush.Cursor{Offset: int64(len(s.endings))}}, nil
}

func (s *still) Records(_ context.Context, keys []rush.TaskKey, _ rush.Fields) ([]rush.Record, error) {
	out := make([]rush.Record, len(keys))
	for i, k := range keys {
		out[i] = s.records[k]
	}
	return out, nil
}

func BenchmarkFetchCold(b *testing.B) {
	s := newStill(b, benchTasks)
	b.ReportAllocs()
	for b.Loop() {
		finished(b, newCache(b, s, nil))
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/benchTasks*1e9, "ns/row")
}

func BenchmarkFetchAgainNothingNew(b *testing.B) {
	c := newCache(b, newStill(b, benchTasks), nil)
	finished(b, c)
	b.ReportAllocs()
	for b.Loop() {
		t, err := c.Finished(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		t.Release()
	}
}

func BenchmarkFetch100NewOnTop(b *testing.B) {
	const step, steps = 100, 400
	all := newStill(b, benchTasks+step*steps)
	var c *table.Cache
	s := &still{records: all.records}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%steps == 0 {
			b.StopTimer()
			s.endings = all.endings[:benchTasks]
			c = newCache(b, s, nil)
			finished(b, c)
			b.StartTimer()
		}
		s.endings = all.endings[:benchTasks+step*(i%steps+1)]
		t, err := c.Finished(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		t.Release()
	}
}

func BenchmarkMemoryOfTheCache(b *testing.B) {
	s := newStill(b, benchTasks)
	for b.Loop() {
		before := heap()
		c := newCache(b, s, nil)
		finished(b, c)
		b.ReportMetric(float64(heap()-before)/benchTasks, "heap-B/row")
		runtime.KeepAlive(c)
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkExport(b *testing.B) {
	s := newStill(b, benchTasks)
	for _, format := range table.FileFormats() {
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var size counting
				if _, err := table.Export(context.Background(), s, &size, &table.ExportOptions{Format: format}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(size)/benchTasks, "file-B/row")
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/benchTasks*1e9, "ns/row")
		})
	}
}

type counting int64

func (c *counting) Write(p []byte) (int, error) { *c += counting(len(p)); return len(p), nil }

func BenchmarkFormat(b *testing.B) {
	t := finished(b, newCache(b, newStill(b, benchTasks), nil))
	for b.Loop() {
		if err := table.Format(io.Discard, t, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFrozen reads an exported file with all that is known of its tasks.
func BenchmarkFrozen(b *testing.B) {
	const tasks = 100_000
	f := newFake()
	f.fill(b, tasks)
	for format, name := range archiveFormats {
		b.Run(string(format), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), name)
			if err := os.WriteFile(path, export(b, f, table.ExportOptions{Format: format, About: about()}), 0o600); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				file, err := table.OpenFrozen(path, nil)
				if err != nil {
					b.Fatal(err)
				}
				if all, err := file.Read(); err != nil || len(all.Records) != tasks {
					b.Fatalf("got %v", err)
				}
			}
		})
	}
}
