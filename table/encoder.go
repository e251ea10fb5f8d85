package table

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/rushnet/rush"
)

// An Encoder writes stretches of tasks, each as an Arrow stream of its own: what
// somebody who has a table needs to bring it up to date.
//
// The types of the columns and their names grow only, as in a Cache: a stream has
// every column that one before it had. It is safe for concurrent use.
type Encoder struct {
	mu     sync.Mutex // guards what follows
	opts   Options
	layout *layout
}

// NewEncoder returns an encoder that has seen no task. Of opts the schema, the
// fields and the allocator count. It fails when the schema is not valid.
func NewEncoder(opts *Options) (*Encoder, error) {
	e := &Encoder{opts: opts.withDefaults(DefaultFields)}
	var err error
	e.layout, err = newLayout(&e.opts)
	return e, err
}

// Encode returns the tasks, in their order, as one uncompressed Arrow IPC stream
// with a schema, record batches of some thousand rows and an end. A state that
// is none of package rush is written as it stands. No records are a stream
// without rows.
func (e *Encoder) Encode(recs []*rush.Record) ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.layout.observe(recs); err != nil {
		return nil, err
	}
	if err := e.layout.settle(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	out := newArrowStream(&b, e.layout.schema, &WriteOptions{Allocator: e.opts.Allocator})
	ex := exporter{layout: e.layout}
	err := split(recs, func(some []*rush.Record) error { return ex.writeBatch(out, some) })
	if err == nil {
		err = out.close()
	}
	if err != nil {
		return nil, fmt.Errorf("encode %d tasks: %w", len(recs), err)
	}
	return b.Bytes(), nil
}
