package table

import (
	"context"
	"log/slog"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"github.com/rushnet/rush"
)

// A Source is a network's tasks as a store holds them. It must be safe for
// concurrent use.
type Source interface {
	// Ended reads at most max entries (0: the source's default) of the log of
	// endings from the cursor on, with the fields asked for, waiting up to
	// wait for the first one. A record is at least as new as its entry. Nothing
	// new is an empty page with the same cursor.
	Ended(ctx context.Context, from rush.Cursor, max int, fields rush.Fields, wait time.Duration) (rush.Page, error)

	// Snapshot reads which tasks had not ended at one moment.
	Snapshot(ctx context.Context) (rush.Snapshot, error)

	// Records reads tasks by number, in the order of the keys; one that does
	// not exist has an empty State. Up to 1,000 tasks are of one moment.
	Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error)
}

// A Table is an Arrow table, under a name for packages that do not import
// Arrow.
type Table = arrow.Table

// DefaultFields are the parts of a record that a table has columns for.
const DefaultFields = rush.FieldXS | rush.FieldYS | rush.FieldXSExtra | rush.FieldYSExtra |
	rush.FieldCondition | rush.FieldWorker | rush.FieldTimes | rush.FieldOptions

// Options say what a table shows. Nil and the zero value are valid.
type Options struct {
	// Schema declares columns, with their order and types. Columns that it
	// does not name are inferred. See the package's comment.
	Schema Schema
	// Fields are the parts of the tasks to read, and so the columns that there
	// are: worker_id with rush.FieldWorker, seed with rush.FieldOptions and so
	// on; number, state and attempt are always there. 0 means DefaultFields,
	// and in Rows rush.AllFields.
	Fields rush.Fields
	// Keys are the tasks to read, as far as they are in a state that is asked
	// for; nil are all. A Cache always has all.
	Keys []rush.TaskKey
	// Allocator gives the memory of tables; nil means Go's own.
	Allocator memory.Allocator
	// Log is told by a Cache of tasks that have ended and whose record is
	// missing from the store though nobody deleted them; they have no row. Nil
	// discards it.
	Log *slog.Logger
}

// withDefaults returns a copy with every default filled in.
func (o *Options) withDefaults(fields rush.Fields) Options {
	var out Options
	if o != nil {
		out = *o
	}
	if out.Fields == rush.NoFields {
		out.Fields = fields
	}
	if out.Allocator == nil {
		out.Allocator = memory.NewGoAllocator()
	}
	if out.Log == nil {
		out.Log = slog.New(slog.DiscardHandler)
	}
	return out
}
