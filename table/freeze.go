package table

import (
	"cmp"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// An ending is when a task ended.
type ending struct {
	key rush.TaskKey
	at  int64
}

// observe is the first pass.
func (e *exporter) observe(recs []*rush.Record) error {
	if e.whole {
		for _, r := range recs {
			if r.State.Ended() {
				e.ended = append(e.ended, ending{r.Key, r.Finished})
			}
		}
	}
	return e.layout.observe(recs)
}

// place notes the order of the endings and of the queue, if it is another than
// FrozenTasks finds by itself.
func (e *exporter) place() {
	slices.SortStableFunc(e.ended, func(a, b ending) int { return cmp.Compare(a.at, b.at) })
	there := make(map[rush.TaskKey]bool)
	if len(e.view.ended) != len(e.ended) { // of some states, or some were deleted since
		for _, t := range e.ended {
			there[t.key] = true
		}
		e.view.ended = slices.DeleteFunc(e.view.ended, func(key rush.TaskKey) bool { return !there[key] })
	}
	e.places = map[rush.TaskKey]int64{}
	if !slices.EqualFunc(e.view.ended, e.ended, func(key rush.TaskKey, t ending) bool { return key == t.key }) {
		for i, key := range e.view.ended {
			e.places[key] = int64(i)
		}
	}
	if !slices.IsSorted(e.view.queued) {
		for i, key := range e.view.queued {
			e.places[key] = int64(i)
		}
	}
	e.ended, e.view.ended, e.view.queued = nil, nil, nil
}

// withRest returns the batch in the schema of the file: with the column RestName,
// if that is to have all.
func (e *exporter) withRest(batch arrow.Record, recs []*rush.Record) (arrow.Record, error) {
	if !e.whole {
		return array.NewRecord(e.schema, batch.Columns(), batch.NumRows()), nil
	}
	read, err := e.readable(batch)
	if err != nil {
		return nil, err
	}
	defer read.Release()
	columns := make([][]arrow.Array, e.schema.NumFields()) // the last is RestName, which is not asked for
	for i, a := range read.Columns() {
		columns[i] = []arrow.Array{a}
	}
	schema := e.schema
	if e.opts.Format == Parquet {
		schema = storable(schema)
	}
	u, err := arrowUnfolder(schema, columns, e.opts.Format, nil)
	if err != nil {
		return nil, err
	}
	b := array.NewBinaryBuilder(e.opts.Allocator, arrow.BinaryTypes.Binary)
	defer b.Release()
	for row, r := range recs {
		if err := e.appendRest(b, u, row, r); err != nil {
			return nil, &rush.TaskError{Key: r.Key, Err: err}
		}
	}
	column := b.NewArray()
	defer column.Release()
	return array.NewRecord(e.schema, append(slices.Clone(batch.Columns()), column), batch.NumRows()), nil
}

// readable is the batch as who reads the file finds it.
func (e *exporter) readable(batch arrow.Record) (arrow.Record, error) {
	if e.opts.Format != Parquet {
		batch.Retain()
		return batch, nil
	}
	p := parquetWriter{mem: e.opts.Allocator, schema: storable(batch.Schema())}
	return p.stored(batch)
}

func (e *exporter) appendRest(b *array.BinaryBuilder, u *unfolder, row int, r *rush.Record) error {
	built, err := u.record(row)
	if err != nil {
		return err
	}
	v := rest(r, &built)
	if at, ok := e.places[r.Key]; ok && r.State.Ended() {
		v[restEnded] = at
	} else if ok && r.State == rush.Queued {
		v[restQueued] = at
	}
	if len(v) == 0 {
		b.AppendNull()
		return nil
	}
	packed, err := wire.Encode(v)
	if err == nil {
		b.Append(packed)
	}
	return err
}
