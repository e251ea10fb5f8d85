package table

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/rushnet/rush"
)

// A series is the rows of one kind of ending, in the order of the log. Its
// user serializes the calls.
type series struct {
	layout *layout
	chunks []*chunk
	given  int         // chunks that were handed out as new
	whole  arrow.Table // of all chunks; nil when they have changed
}

func newSeries(o *Options) (*series, error) {
	l, err := newLayout(o)
	return &series{layout: l}, err
}

// prepare builds the chunks of new rows, without adding them yet.
func (s *series) prepare(recs []*rush.Record) ([]*chunk, error) {
	if len(recs) == 0 {
		return nil, nil
	}
	if err := s.layout.observe(recs); err != nil {
		return nil, err
	}
	if err := s.layout.settle(); err != nil {
		return nil, err
	}
	var chunks []*chunk
	err := split(recs, func(recs []*rush.Record) error {
		c, err := s.layout.fill(recs)
		if err == nil {
			chunks = append(chunks, c)
		}
		return err
	})
	if err != nil {
		releaseAll(chunks)
		return nil, err
	}
	return chunks, nil
}

func releaseAll(chunks []*chunk) {
	for _, c := range chunks {
		c.release()
	}
}

// add takes over prepared chunks. Small neighbors are put together, each row
// a logarithmic number of times, so that rows which come one by one do not
// make as many chunks.
func (s *series) add(chunks []*chunk) error {
	if len(chunks) > 0 {
		s.forget()
	}
	for _, c := range chunks {
		s.chunks = append(s.chunks, c)
		for s.mergeable() {
			if err := s.mergeLast(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *series) mergeable() bool {
	n := len(s.chunks)
	if n-2 < s.given {
		return false
	}
	a, b := s.chunks[n-2], s.chunks[n-1]
	return a.rows < 2*b.rows && a.rows+b.rows <= maxMergedRows && a.bytes+b.bytes <= maxChunkBytes
}

func (s *series) mergeLast() error {
	n := len(s.chunks)
	a, b := s.chunks[n-2], s.chunks[n-1]
	both, err := join(s.layout, []stretch{{a, 0, a.rows}, {b, 0, b.rows}})
	if err != nil {
		return err
	}
	a.release()
	b.release()
	s.chunks = append(s.chunks[:n-2], both)
	return nil
}

// withdraw removes the rows of tasks, as far as there are any.
func (s *series) withdraw(keys map[rush.TaskKey]bool) error {
	if len(keys) == 0 {
		return nil
	}
	first, last := keyRange(keys)
	for i := 0; i < len(s.chunks); i++ {
		c := s.chunks[i]
		if last < c.min || c.max < first {
			continue
		}
		rest, found, err := c.without(s.layout, keys)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		s.forget()
		c.release()
		if rest != nil {
			s.chunks[i] = rest
			continue
		}
		s.chunks = slices.Delete(s.chunks, i, i+1)
		if i < s.given {
			s.given--
		}
		i--
	}
	return nil
}

func keyRange(keys map[rush.TaskKey]bool) (first, last rush.TaskKey) {
	first, last = -1, -1
	for k := range keys {
		if first < 0 || k < first {
			first = k
		}
		last = max(last, k)
	}
	return first, last
}

// all returns every row. The caller releases the table.
func (s *series) all() (arrow.Table, error) {
	if s.whole == nil {
		t, err := s.layout.table(s.chunks)
		if err != nil {
			return nil, err
		}
		s.whole = t
	}
	return share(s.whole), nil
}

func (s *series) hasNew() bool { return s.given < len(s.chunks) }

// takeNew returns the rows that it has not returned before.
func (s *series) takeNew() (arrow.Table, error) {
	t, err := s.layout.table(s.chunks[s.given:])
	if err == nil {
		s.given = len(s.chunks)
	}
	return t, err
}

// clear removes all rows.
func (s *series) clear() {
	s.forget()
	releaseAll(s.chunks)
	s.chunks, s.given = nil, 0
}

func (s *series) forget() {
	if s.whole != nil {
		s.whole.Release()
		s.whole = nil
	}
}

// table puts chunks below each other, without copying them.
func (l *layout) table(chunks []*chunk) (arrow.Table, error) {
	for _, c := range chunks {
		if err := c.upgrade(l); err != nil {
			return nil, err
		}
	}
	columns := make([]arrow.Column, l.schema.NumFields())
	arrays := make([]arrow.Array, len(chunks))
	rows := 0
	for _, c := range chunks {
		rows += c.rows
	}
	for i := range columns {
		for j, c := range chunks {
			arrays[j] = c.array(l, i)
		}
		field := l.schema.Field(i)
		data := arrow.NewChunked(field.Type, arrays)
		columns[i] = *arrow.NewColumn(field, data)
		data.Release()
		defer columns[i].Release()
	}
	return array.NewTable(l.schema, columns, int64(rows)), nil
}

// share returns another table of the same columns: releasing it more often
// than once takes nothing from the other.
func share(t arrow.Table) arrow.Table {
	columns := make([]arrow.Column, t.NumCols())
	for i := range columns {
		columns[i] = *t.Column(i)
	}
	return array.NewTable(t.Schema(), columns, t.NumRows())
}
