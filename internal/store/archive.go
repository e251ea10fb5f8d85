package store

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// Archive reads tasks.
type Archive interface {
	Counts(ctx context.Context) (rush.Counts, error)

	// Budget reads the limit that Define set, and what is taken of it.
	Budget(ctx context.Context) (rush.Budget, error)

	// Records reads tasks by number, in the order of the keys; one that does
	// not exist has an empty State.
	Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error)

	// Ended reads at most max entries (0: a driver's default) of the log of
	// endings from the cursor on, with the fields asked for, waiting up to
	// wait for the first one. Fields of NoFields read the log only. Nothing
	// new is an empty page with the same cursor. One round trip when nothing
	// is waited for and max is at most 1,000.
	Ended(ctx context.Context, from rush.Cursor, max int, fields rush.Fields, wait time.Duration) (rush.Page, error)

	// Snapshot reads which tasks had not ended at one moment.
	Snapshot(ctx context.Context) (rush.Snapshot, error)

	// Keys lists the numbers of the tasks in a state: queued ones in the
	// order in which they will be taken, the others ascending.
	Keys(ctx context.Context, state rush.State) ([]rush.TaskKey, error)
}
