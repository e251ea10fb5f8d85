package table

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"github.com/rushnet/rush"
)

// WithWorkers returns a table with two more columns, which say of each row's
// worker_id what is known of that worker: worker_pid (int64) and worker_host
// (string), null where the worker is not among the given. It fails when the
// table has no column worker_id, or has one of the new ones already. Nil mem
// is Go's own memory. The caller owns the new table, and still the old one.
func WithWorkers(t Table, workers []rush.Worker, mem memory.Allocator) (Table, error) {
	if mem == nil {
		mem = memory.NewGoAllocator()
	}
	ids, err := columnOf(t, "worker_id")
	if err != nil {
		return nil, err
	}
	if ids.DataType().ID() != arrow.STRING {
		return nil, fmt.Errorf("the column worker_id holds values of type %s; expected strings", ids.DataType())
	}
	byID := make(map[string]*rush.Worker, len(workers))
	for i := range workers {
		byID[string(workers[i].ID)] = &workers[i]
	}
	pids, hosts := array.NewInt64Builder(mem), array.NewStringBuilder(mem)
	defer pids.Release()
	defer hosts.Release()
	for _, a := range ids.Data().Chunks() {
		for i := range a.Len() {
			w := byID[a.(*array.String).Value(i)]
			if w == nil || a.IsNull(i) {
				pids.AppendNull()
				hosts.AppendNull()
				continue
			}
			pids.Append(int64(w.PID))
			hosts.Append(w.Host)
		}
	}
	return withColumns(t, []string{"worker_pid", "worker_host"}, []array.Builder{pids, hosts})
}

// withColumns puts columns after those of a table.
func withColumns(t arrow.Table, names []string, builders []array.Builder) (arrow.Table, error) {
	fields := t.Schema().Fields()
	columns := make([]arrow.Column, 0, len(fields)+len(names))
	for i := range fields {
		columns = append(columns, *t.Column(i))
	}
	for i, name := range names {
		if t.Schema().HasField(name) {
			return nil, fmt.Errorf("the table has a column %q already", name)
		}
		f := arrow.Field{Name: name, Type: builders[i].Type(), Nullable: true, Metadata: arrow.NewMetadata([]string{MetaRole}, []string{"task"})}
		values := builders[i].NewArray()
		column := arrow.NewColumnFromArr(f, values)
		values.Release()
		defer column.Release()
		fields, columns = append(fields, f), append(columns, column)
	}
	meta := t.Schema().Metadata()
	return array.NewTable(arrow.NewSchema(fields, &meta), columns, t.NumRows()), nil
}
