package table

import (
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// columnOfShape builds a column of values, and a shape that more values widen.
func columnOfShape(t *testing.T, mem memory.Allocator, values, more []any) (arrow.Array, *shape) {
	t.Helper()
	l, err := newLayout(&Options{Allocator: mem})
	if err != nil {
		t.Fatal(err)
	}
	records := func(values []any) (recs []*rush.Record) {
		for _, v := range values {
			b, err := wire.Encode(rush.Values{"x": v})
			if err != nil {
				t.Fatal(err)
			}
			recs = append(recs, &rush.Record{XS: b})
		}
		return recs
	}
	s := &series{layout: l}
	chunks, err := s.prepare(records(values))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.observe(records(more)); err != nil {
		t.Fatal(err)
	}
	a := chunks[0].values[0]
	a.Retain()
	releaseAll(chunks)
	return a, &l.columns[0].shape
}

// TestPartsOfColumnsWiden widens a slice of a column, whose data begins in the
// middle of its buffers, and compares it with the slice of the widened column.
func TestPartsOfColumnsWiden(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ values, more []any }{
		"nulls":    {[]any{nil, nil, nil, nil}, []any{1}},
		"integers": {[]any{1, 2, nil, 4}, []any{0.5}},
		"text":     {[]any{1.5, nil, 3.0, 4.0}, []any{"a"}},
		"lists":    {[]any{[]any{1}, []any{2, 3}, nil, []any{4, nil}}, []any{[]any{0.5}}},
		"no lists": {[]any{[]any{}, []any{}, nil, []any{}}, []any{[]any{[]any{1}}}},
		"maps":     {[]any{map[string]any{"b": 1}, map[string]any{"b": 2}, nil, map[string]any{}}, []any{map[string]any{"a": "new", "b": 0.5, "c": 1}}},
		"as text":  {[]any{map[string]any{"b": 1}, map[string]any{"b": nil}, nil, map[string]any{"b": 3}}, []any{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
			defer mem.AssertSize(t, 0)
			a, wider := columnOfShape(t, mem, tc.values, tc.more)
			defer a.Release()
			whole, err := widen(mem, a, wider)
			if err != nil {
				t.Fatal(err)
			}
			defer whole.Release()
			want := array.NewSlice(whole, 1, 4)
			defer want.Release()
			slice := array.NewSlice(a, 1, 4)
			defer slice.Release()
			got, err := widen(mem, slice, wider)
			if err != nil {
				t.Fatal(err)
			}
			defer got.Release()
			if !arrow.TypeEqual(got.DataType(), wider.arrowType()) || !array.Equal(want, got) {
				t.Errorf("got %s of type %s, want %s", got, got.DataType(), want)
			}
		})
	}
}
