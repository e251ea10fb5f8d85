package table_test

import (
	"context"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// checked returns options with an allocator that fails the test when memory is
// not given back.
func checked(t testing.TB) *table.Options {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	t.Cleanup(func() { mem.AssertSize(t, 0) })
	return &table.Options{Allocator: mem}
}

func newCache(t testing.TB, source table.Source, opts *table.Options) *table.Cache {
	t.Helper()
	c, err := table.NewCache(source, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Reset)
	return c
}

// must passes a table on and releases it when the test ends.
func must(t testing.TB) func(arrow.Table, error) arrow.Table {
	return func(tbl arrow.Table, err error) arrow.Table {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(tbl.Release)
		return tbl
	}
}

func finished(t testing.TB, c *table.Cache) arrow.Table {
	t.Helper()
	return must(t)(c.Finished(context.Background()))
}

func numbers(tbl arrow.Table) []int64 {
	out := []int64{}
	for _, row := range table.Maps(tbl) {
		out = append(out, row["number"].(int64))
	}
	return out
}

// column returns a column's cells.
func column(t testing.TB, tbl arrow.Table, name string) []any {
	t.Helper()
	if len(tbl.Schema().FieldIndices(name)) != 1 {
		t.Fatalf("the table has %d columns %q; it is %s", len(tbl.Schema().FieldIndices(name)), name, tbl.Schema())
	}
	out := []any{}
	for _, row := range table.Maps(tbl) {
		out = append(out, row[name])
	}
	return out
}

func typeOf(t testing.TB, tbl arrow.Table, name string) string {
	t.Helper()
	f, ok := tbl.Schema().FieldsByName(name)
	if !ok {
		t.Fatalf("the table has no column %q; it is %s", name, tbl.Schema())
	}
	return f[0].Type.String()
}

func x(v any) rush.Values { return rush.Values{"x": v} }
func y(v any) rush.Values { return rush.Values{"y": v} }

// attempts returns the attempt of each task of a table.
func attempts(tbl arrow.Table) map[int64]int64 {
	out := map[int64]int64{}
	for _, row := range table.Maps(tbl) {
		out[row["number"].(int64)] = row["attempt"].(int64)
	}
	return out
}

func attemptsOf(tasks []*rush.Task) map[int64]int64 {
	out := map[int64]int64{}
	for _, task := range tasks {
		out[int64(task.Key)] = int64(task.Attempt)
	}
	return out
}
