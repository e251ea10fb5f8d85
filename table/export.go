package table

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/rushnet/rush"
)

// ExportOptions say what Export writes, and how. Nil and the zero value are
// valid.
type ExportOptions struct {
	Options
	Format FileFormat   // "" is ArrowStream
	States []rush.State // of the tasks; none are all
	// SpreadsheetSafe is that of WriteOptions.
	SpreadsheetSafe bool
}

// Export writes tasks as they all stood at one moment, in the order of their
// numbers, and returns how many. It reads them twice, some thousand at a time,
// first for the types of the columns, then to write them: it takes memory for
// a few thousand tasks (for Parquet, a row group), and eight bytes for each
// of the others.
//
// The tasks are those of States, with the same rules for what has happened
// since the moment. After an error what was written is not complete; an error
// that is rush.ErrChanged says that the network was reset, or that a task was
// retried and what it had been is gone: the same call may then succeed.
// Export does not close w.
func Export(ctx context.Context, source Source, w io.Writer, opts *ExportOptions) (tasks int64, err error) {
	var e exporter
	if opts != nil {
		e.opts = *opts
	}
	e.opts.Format = cmp.Or(e.opts.Format, ArrowStream)
	e.opts.Options = e.opts.Options.withDefaults(DefaultFields)
	if e.layout, err = newLayout(&e.opts.Options); err != nil {
		return 0, err
	}
	if e.view, err = look(ctx, source, e.opts.States, e.opts.Keys); err != nil {
		return 0, err
	}
	if err := e.view.walk(ctx, e.opts.Fields, e.layout.observe); err != nil {
		return 0, err
	}
	if err := e.layout.settle(); err != nil {
		return 0, err
	}
	if err := e.write(ctx, w); err != nil {
		return e.tasks, fmt.Errorf("export as %s: %w", e.opts.Format, err)
	}
	return e.tasks, nil
}

// An exporter is one call of Export.
type exporter struct {
	opts   ExportOptions
	layout *layout
	view   *view
	tasks  int64 // written
}

// write is the second pass.
func (e *exporter) write(ctx context.Context, w io.Writer) error {
	gate := &sink{w: w}
	out, err := newBatchWriter(gate, e.opts.Format, e.layout.schema,
		&WriteOptions{SpreadsheetSafe: e.opts.SpreadsheetSafe, Allocator: e.opts.Allocator})
	if err != nil {
		return err
	}
	err = e.view.walk(ctx, e.opts.Fields, func(recs []*rush.Record) error {
		e.tasks += int64(len(recs))
		if j, ok := out.(*jsonWriter); ok {
			return j.writeRecords(e.layout, recs)
		}
		return e.writeBatch(out, recs)
	})
	return gate.finish(out, err)
}

func (e *exporter) writeBatch(out batchWriter, recs []*rush.Record) error {
	c, err := e.layout.fill(recs)
	if err != nil {
		return err
	}
	defer c.release()
	batch, err := c.record(e.layout)
	if err != nil {
		return err
	}
	defer batch.Release()
	return out.write(batch)
}
