package table_test

import (
	"context"
	"io"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/memory"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// A peak is an allocator that remembers how much was taken at once.
type peak struct {
	memory.Allocator
	now, most int
}

func (p *peak) count(n int) { p.now += n; p.most = max(p.most, p.now) }

func (p *peak) Allocate(n int) []byte { p.count(n); return p.Allocator.Allocate(n) }

func (p *peak) Reallocate(n int, b []byte) []byte {
	p.count(n - len(b))
	return p.Allocator.Reallocate(n, b)
}

func (p *peak) Free(b []byte) { p.count(-len(b)); p.Allocator.Free(b) }

// A modest source fails when it is asked for too much at once.
type modest struct {
	*still
	t *testing.T
}

func (m modest) Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error) {
	if len(keys) > 10_000 {
		m.t.Errorf("%d records at once", len(keys))
	}
	return m.still.Records(ctx, keys, fields)
}

func TestAnExportOfManyTakesTheMemoryOfFew(t *testing.T) {
	t.Parallel()
	s := modest{newStill(t, 60_000), t}
	for _, format := range []table.FileFormat{table.Arrow, table.ArrowStream, table.CSV, table.JSONLines} {
		p := &peak{Allocator: memory.NewGoAllocator()}
		n, err := table.Export(context.Background(), s, io.Discard, &table.ExportOptions{Options: table.Options{Allocator: p}, Format: format})
		if err != nil || n != 60_000 {
			t.Fatalf("%s: %d tasks, %v", format, n, err)
		}
		if p.most > 4<<20 {
			t.Errorf("%s: %d bytes were in use at once", format, p.most)
		}
	}
}
