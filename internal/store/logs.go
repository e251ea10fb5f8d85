package store

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// LogKeep is how many entries of its log a network keeps unless told
// otherwise.
const LogKeep = 20_000

// Logs is the network's log of what happened: what workers tell and print, and
// the events in their lives. It has nothing to do with the log of endings.
//
// The verbs that change the life of workers append to it by themselves, in the
// same step, entries of kind event: "registered" (with pid and host),
// "signaled" (signal), "paused",
// "resumed", "message" (command, id), the state in which a worker ended (reason), and "rejoined"; and
// "stop requested" (status, reason) without a worker.
type Logs interface {
	// AppendLog adds entries at the end. An entry's Time is by the caller's
	// clock, and zero is now; the store keeps it by its own clock. Its Offset
	// is ignored. nonce makes the call repeatable: the same nonce appends
	// nothing twice; it must be unique to the call and not empty. All of a
	// driver's chunk of entries (at least 1,000) are appended or none.
	AppendLog(ctx context.Context, entries []rush.LogEntry, nonce string) error

	// ReadLog reads at most max entries (0: a driver's default) that the
	// filter lets through, from the cursor on, waiting up to wait for the first
	// one. A page without entries has a cursor behind all that the filter did
	// not let through.
	ReadLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, max int, wait time.Duration) (rush.LogPage, error)

	// TailLog reads the last n entries that the filter lets through, oldest
	// first, without reading what is before them. The page's Next is the log's
	// end.
	TailLog(ctx context.Context, n int, filter rush.LogFilter) (rush.LogPage, error)

	// KeepLog sets how many entries are kept; 0 or less is LogKeep. When there
	// are more the oldest are dropped. The number outlives a reset, the
	// entries do not.
	KeepLog(ctx context.Context, entries int64) error
}
