// Package table turns tasks into Arrow tables, and tables into files.
//
// A [Cache] holds the tasks that have ended and fetches only what is new;
// [States] reads tasks of any states as they stood at one moment, and [Rows]
// the same as values; [Export] writes any number of tasks to a file without
// holding them in memory; [Format] prints a table for people.
//
//	cache, err := table.NewCache(source, nil)
//	...
//	finished, err := cache.Finished(ctx) // one round trip when nothing is new
//	...
//	defer finished.Release()
//	y, err := table.Floats(finished, "y")
//
// # Columns
//
// A table has a column for each name in the tasks' inputs (xs), outputs (ys)
// and extras (xs_extra, ys_extra), between the columns that every task has:
//
//	number           int64           the task's number in its network
//	state            string          queued, running, finished, failed, deferred
//	...                              xs, ys, xs_extra, ys_extra, in this order
//	condition        string          why it failed: class and message
//	condition_class  string          its class alone: error, timeout, lost, ...
//	worker_id        string          who evaluates or evaluated it
//	attempt          int64           1 for the first, 0 while nobody has taken it
//	seed             list of int32   the task's own seed; null means the network's stream
//	created          timestamp       microseconds, UTC, by the store's clock
//	started          timestamp
//	finished         timestamp
//	proposing        float64         seconds spent choosing its inputs
//	waiting          float64         seconds for which a worker waited for it
//	evaluating       float64         seconds of the objective
//	storing          float64         seconds of calls to the store for it
//
// These columns are in every table unless [Options] asks for fewer fields,
// also where all their values are null; a time that was not recorded is 0
// seconds. Among the columns of one role those that a [Schema] declares come
// first, in its order, and the others follow by name.
//
// A name that occurs in two roles, or that one of the columns above has,
// becomes ROLE.NAME: xs.y and ys.y. The metadata of each Arrow field names its
// role (see [MetaRole]) and, for the columns of a role, the name in the task.
//
// # Types
//
// A declared column begins with its type, any other with none; the values of
// all rows together decide:
//
//   - null gives way to anything, and a column of nulls only has type null;
//   - integers are int64; integers and floats together float64, unless one of
//     the integers lies beyond 2^53, where float64 has gaps;
//   - bools, strings, bytes (binary) and times (timestamp in microseconds, UTC)
//     stay as they are;
//   - lists become a list column if their elements agree on a type by the same
//     rules, and maps a struct column with a field for each name;
//   - anything else, which is values of several kinds, is a string column: a
//     string as it stands, every other value as its JSON text. Its field says
//     so (see [MetaEncoding]).
//
// In such JSON text a whole float is written like an integer (2, not 2.0), NaN
// and the infinities are NaN, Infinity and -Infinity, bytes are base64, times
// RFC 3339, and a map's null entries are left out. A list or map more than 16
// deep, and maps with more than 1,000 names in one column, are JSON text too.
// Everywhere in a table times are cut to microseconds and bytes that are no
// UTF-8 in a string are replaced by U+FFFD.
//
// The type of a column can therefore change from one table to the next, when
// tasks with other values have ended; columns that are declared with the type
// that they always have keep it.
//
// # Memory
//
// Tables are immutable and belong to whoever got them: Release one when done,
// and Retain it for a second owner. With the default allocator, which is Go's,
// the garbage collector takes what was not released, and releasing a table
// more often than it was retained harms nobody else. With an allocator of your
// own in [Options] each table has to be released exactly once, and a [Cache]
// gives back what it holds in [Cache.Reset].
package table
