package table

import (
	"errors"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/rushnet/rush"
)

var (
	errTwice      = errors.New("the name occurs twice")
	errUnobserved = fmt.Errorf("its values are others than before: %w; read them again", rush.ErrChanged)
)

// A chunk is the columns of a stretch of rows. Its arrays are immutable; a
// wider type or a new column of the layout replaces them or adds to them.
type chunk struct {
	rows     int
	bytes    int64 // of the rows' values in the store
	min, max rush.TaskKey
	fixed    []arrow.Array // as layout.fixed
	values   []arrow.Array // as layout.columns, of which there may be more by now
	version  int           // of the layout when the arrays agreed with it
}

const (
	maxChunkRows  = 8192     // of a page of the log, or of a stretch of tasks
	maxMergedRows = 4096     // of small chunks that are put together
	maxChunkBytes = 16 << 20 // of values, which may be longer as text: string columns count in 32 bits
)

// split cuts rows into stretches that fit a chunk each.
func split(recs []*rush.Record, each func([]*rush.Record) error) error {
	for len(recs) > 0 {
		n, size := 0, 0
		for n < len(recs) && n < maxChunkRows && (n == 0 || size < maxChunkBytes) {
			size += recordBytes(recs[n])
			n++
		}
		if err := each(recs[:n]); err != nil {
			return err
		}
		recs = recs[n:]
	}
	return nil
}

func recordBytes(r *rush.Record) int {
	return len(r.XS) + len(r.YS) + len(r.XSExtra) + len(r.YSExtra) + len(r.Condition)
}

// measure notes what the rows are, to find them again.
func (c *chunk) measure(recs []*rush.Record) {
	for i, r := range recs {
		if i == 0 {
			c.min, c.max = r.Key, r.Key
		}
		c.min, c.max = min(c.min, r.Key), max(c.max, r.Key)
		c.bytes += int64(recordBytes(r))
	}
}

// upgrade brings the arrays up to the layout; each is converted once.
func (c *chunk) upgrade(l *layout) error {
	if c.version == l.version {
		return nil
	}
	for i, col := range l.columns {
		if i == len(c.values) {
			c.values = append(c.values, nulls(l.mem, col.dtype, c.rows))
			continue
		}
		wide, err := widen(l.mem, c.values[i], &col.shape)
		if err != nil {
			return fmt.Errorf("column %q: %w", col.name, err)
		}
		c.values[i].Release()
		c.values[i] = wide
	}
	c.version = l.version
	return nil
}

// array returns the column at a place of the layout's schema.
func (c *chunk) array(l *layout, place int) arrow.Array {
	switch {
	case place < leading:
		return c.fixed[place]
	case place < leading+len(l.order):
		return c.values[l.order[place-leading]]
	}
	return c.fixed[place-len(l.order)]
}

// record returns the rows as a record batch, which the caller releases.
func (c *chunk) record(l *layout) (arrow.Record, error) {
	if err := c.upgrade(l); err != nil {
		return nil, err
	}
	arrays := make([]arrow.Array, l.schema.NumFields())
	for i := range arrays {
		arrays[i] = c.array(l, i)
	}
	return array.NewRecord(l.schema, arrays, int64(c.rows)), nil
}

func (c *chunk) release() {
	for _, arrays := range [][]arrow.Array{c.fixed, c.values} {
		for _, a := range arrays {
			a.Release()
		}
	}
}

// A stretch is rows of a chunk, from one up to before another.
type stretch struct {
	chunk    *chunk
	from, to int
}

// join copies stretches into one chunk, and leaves their chunks as they are.
func join(l *layout, parts []stretch) (*chunk, error) {
	for _, p := range parts {
		if err := p.chunk.upgrade(l); err != nil {
			return nil, err
		}
	}
	out := &chunk{version: l.version, min: parts[0].chunk.min}
	for _, p := range parts {
		out.rows += p.to - p.from
		out.bytes += p.chunk.bytes * int64(p.to-p.from) / int64(p.chunk.rows)
		out.min, out.max = min(out.min, p.chunk.min), max(out.max, p.chunk.max)
	}
	for i := range l.fixed {
		a, err := concatenate(l, parts, func(c *chunk) arrow.Array { return c.fixed[i] })
		if err != nil {
			out.release()
			return nil, err
		}
		out.fixed = append(out.fixed, a)
	}
	for i := range l.columns {
		a, err := concatenate(l, parts, func(c *chunk) arrow.Array { return c.values[i] })
		if err != nil {
			out.release()
			return nil, err
		}
		out.values = append(out.values, a)
	}
	return out, nil
}

func concatenate(l *layout, parts []stretch, column func(*chunk) arrow.Array) (arrow.Array, error) {
	arrays := make([]arrow.Array, len(parts))
	for i, p := range parts {
		arrays[i] = array.NewSlice(column(p.chunk), int64(p.from), int64(p.to))
		defer arrays[i].Release()
	}
	out, err := array.Concatenate(arrays, l.mem)
	if err != nil {
		return nil, fmt.Errorf("put rows together: %w", err)
	}
	return out, nil
}

// without returns the chunk without the rows of some tasks, nil when none is
// left, and whether there were any of them; the chunk itself stays as it is.
func (c *chunk) without(l *layout, keys map[rush.TaskKey]bool) (rest *chunk, found bool, err error) {
	var parts []stretch
	from := 0
	numbers := c.fixed[0].(*array.Int64).Int64Values()
	for row, number := range numbers {
		if !keys[rush.TaskKey(number)] {
			continue
		}
		if found = true; from < row {
			parts = append(parts, stretch{c, from, row})
		}
		from = row + 1
	}
	if !found {
		return c, false, nil
	}
	if from < c.rows {
		parts = append(parts, stretch{c, from, c.rows})
	}
	if len(parts) == 0 {
		return nil, true, nil
	}
	rest, err = join(l, parts)
	return rest, true, err
}
