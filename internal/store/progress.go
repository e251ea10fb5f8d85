package store

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// Progress is how far running tasks are, in the words of their objectives, and
// what they had after each step. Both stay when the attempt ends. With a retry the
// progress goes; the reports stay with the attempt.
type Progress interface {
	// SetProgress keeps a value, in MessagePack, as the progress of an attempt
	// of a task in place of the one before; nil clears it. Attempt 0 is the
	// current one. ErrNoTask, and ErrState when that attempt does not run;
	// then nothing changes.
	SetProgress(ctx context.Context, key rush.TaskKey, attempt int, value []byte) error

	// Report keeps ys, a MessagePack map, as what an attempt of a task had after
	// a step, in place of what was reported for that step before. Attempt 0 is
	// the current one. step is from 0 to rush.MaxStep. ErrNoTask, and ErrState
	// when that attempt does not run; then nothing changes. It takes time in
	// proportion to what the attempt has reported so far.
	Report(ctx context.Context, key rush.TaskKey, attempt int, step int64, ys []byte) error

	// AwaitProgress returns State, Attempt and Progress of the task as soon as
	// they are not those of seen; what they are by then when wait is over. A
	// progress and an ending end the wait at once; a start, which is no news
	// to whom progress is, within seconds. ErrNoTask.
	AwaitProgress(ctx context.Context, seen rush.Record, wait time.Duration) (rush.Record, error)
}
