package table

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

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
	// About has the file say which network it is of, so that OpenFrozen, and all
	// that opens a network, reads it as that. Unless Fields or Keys are given, it
	// has everything that the network knows of the tasks then: what the columns do
	// not say (earlier attempts, reports, options, the exact types of values, ...) is
	// in one more, RestName, of bytes. CSV and JSON lines have neither.
	About *About
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
	e.whole = e.archive() && e.opts.Fields == rush.NoFields && e.opts.Keys == nil
	if e.whole {
		e.opts.Fields = rush.AllFields
	}
	e.opts.Options = e.opts.Options.withDefaults(DefaultFields)
	if e.layout, err = newLayout(&e.opts.Options); err != nil {
		return 0, err
	}
	if e.view, err = lookFor(ctx, source, e.opts.States, e.opts.Keys, e.whole); err != nil {
		return 0, err
	}
	if err := e.view.walk(ctx, e.opts.Fields, e.observe); err != nil {
		return 0, err
	}
	if err := e.layout.settle(); err != nil {
		return 0, err
	}
	if err := e.describe(); err != nil {
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
	schema *arrow.Schema // as written
	tasks  int64         // written

	// Of a file that has all that is known of the tasks:
	whole  bool
	ended  []ending               // by number
	places map[rush.TaskKey]int64 // among the ended or the queued, where times and numbers do not say it
}

// archive reports whether the file says what it is about.
func (e *exporter) archive() bool {
	return e.opts.About != nil && e.opts.Format != CSV && e.opts.Format != JSONLines
}

// describe settles what the second pass writes.
func (e *exporter) describe() (err error) {
	e.schema = e.layout.schema
	if !e.archive() {
		return nil
	}
	e.place()
	about := *e.opts.About
	about.States = e.opts.States
	e.schema, err = about.describe(e.schema, e.whole)
	return err
}

// write is the second pass.
func (e *exporter) write(ctx context.Context, w io.Writer) error {
	gate := &sink{w: w}
	out, err := newBatchWriter(gate, e.opts.Format, e.schema,
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
	if !e.archive() {
		return out.write(batch)
	}
	full, err := e.withRest(batch, recs)
	if err != nil {
		return err
	}
	defer full.Release()
	return out.write(full)
}
