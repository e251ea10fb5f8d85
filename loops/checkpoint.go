package loops

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// From is the extra (xs_extra) of a task that continues another, as when its point
// was promoted to a higher budget: the number of that task. Null is for one that
// continues none and may be continued itself, in a space without a fidelity
// parameter.
const From = "from"

// Continues returns which task one with these extras continues.
func Continues(extra rush.Values) (from rush.TaskKey, ok bool) {
	n, ok := extra[From].(int64)
	return rush.TaskKey(n), ok && n >= 0
}

// Checkpoint is the extra output (ys_extra) of a task that saved a checkpoint: its
// hash in the object store.
const Checkpoint = "checkpoint"

// ErrNoCheckpoint says that there is nothing to continue from: the evaluation begins
// at its beginning.
var ErrNoCheckpoint = errors.New("there is no checkpoint")

// A Checkpointer keeps the checkpoints of one evaluation; see
// [Evaluation.SaveCheckpoint] and [Evaluation.Checkpoint]. Any goroutine may call its
// methods.
type Checkpointer interface {
	SaveCheckpoint(ctx context.Context, r io.Reader) error
	Checkpoint(ctx context.Context) (io.ReadCloser, error)
}

// SaveCheckpoint keeps what it reads for the task that continues this one with more
// budget: a model as it is trained by now, for instance. It may be called again; the
// last counts, once the task has finished, and what a failed attempt saved is gone.
// Nothing is kept where nobody could continue: at the highest budget, in a space
// without a fidelity parameter (see [From]), and outside of a task. It fails when the
// object store does.
func (e *Evaluation) SaveCheckpoint(ctx context.Context, r io.Reader) error {
	if e.Checkpointer == nil {
		return nil
	}
	return e.Checkpointer.SaveCheckpoint(ctx, r)
}

// Checkpoint opens what the task that this one continues saved last. It is
// [ErrNoCheckpoint] if this one continues none, or that one has saved nothing or
// nothing that is still there; then the whole budget is to be spent. Close the reader.
func (e *Evaluation) Checkpoint(ctx context.Context) (io.ReadCloser, error) {
	if e.Checkpointer == nil {
		return nil, ErrNoCheckpoint
	}
	return e.Checkpointer.Checkpoint(ctx)
}

// checkpoints are those of an attempt of a task. Two tags take turns, so that the
// last one that was saved is there at any moment.
type checkpoints struct {
	w    *rushworker.Worker
	task *rush.Task
	last bool // nothing continues it

	mu    sync.Mutex // held while saving
	saves int
	hash  string // of the last; "" is none
	over  bool
}

var _ Checkpointer = (*checkpoints)(nil)

// checkpoints returns those of a task; nil if nobody could continue it, and it
// continues none.
func (p *Problem) checkpoints(w *rushworker.Worker, task *rush.Task) *checkpoints {
	f, fidelity := p.Space.Fidelity()
	_, continues := task.XSExtra[From]
	if !fidelity && !continues {
		return nil
	}
	c := &checkpoints{w: w, task: task}
	if budget, err := number(task.XS[f.Name]); fidelity && err == nil {
		c.last = budget >= f.Upper
	}
	return c
}

// SaveCheckpoint implements Checkpointer.
func (c *checkpoints) SaveCheckpoint(ctx context.Context, r io.Reader) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.over:
		return fmt.Errorf("save a checkpoint of task %s: its evaluation is over", c.task.Key)
	case c.last:
		return nil
	}
	tags := attemptTags(c.task.Key, c.task.Attempt)
	info, err := c.w.Objects().Put(ctx, tags[c.saves%2], r)
	if err != nil {
		return fmt.Errorf("save a checkpoint of task %s: %w", c.task.Key, err)
	}
	c.saves++
	c.hash = info.Hash
	_, err = c.w.Objects().Drop(ctx, tags[c.saves%2]) // that before it
	return err
}

// Checkpoint implements Checkpointer.
func (c *checkpoints) Checkpoint(ctx context.Context) (io.ReadCloser, error) {
	from, ok := Continues(c.task.XSExtra)
	if !ok {
		return nil, ErrNoCheckpoint
	}
	tasks, err := c.w.Tasks(ctx, from)
	if errors.Is(err, rush.ErrNoTask) {
		return nil, ErrNoCheckpoint
	}
	if err != nil {
		return nil, fmt.Errorf("the checkpoint of task %s: %w", from, err)
	}
	hash, ok := tasks[0].YSExtra[Checkpoint].(string)
	if !ok || tasks[0].State != rush.Finished {
		return nil, ErrNoCheckpoint
	}
	r, err := c.w.Objects().Get(ctx, hash)
	if errors.Is(err, rush.ErrNoObject) {
		return nil, ErrNoCheckpoint
	}
	return r, err
}

// conclude ends the saving, and adds to the extra outputs what was saved. What a
// failed attempt saved is dropped, and so is what attempts before it left.
func (c *checkpoints) conclude(ctx context.Context, r *rushworker.Result) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	var useless []string
	for attempt := 1; attempt < c.task.Attempt; attempt++ {
		useless = append(useless, attemptTags(c.task.Key, attempt)...)
	}
	switch {
	case r.Condition == nil && c.hash != "":
		r.Extra = with(r.Extra, rush.Values{Checkpoint: c.hash})
	case c.hash != "":
		useless = append(useless, attemptTags(c.task.Key, c.task.Attempt)...)
	}
	if len(useless) > 0 {
		_, _ = c.w.Objects().Drop(ctx, useless...) // else it goes at the end of the run
	}
}

// checkpointTag is how the tags of checkpoints begin.
const checkpointTag = "checkpoint:"

// attemptTags are the tags under which an attempt keeps its checkpoints.
func attemptTags(key rush.TaskKey, attempt int) []string {
	tag := fmt.Sprintf("%s%s.%d.", checkpointTag, key, attempt)
	return []string{tag + "a", tag + "b"}
}

// DropContinued deletes the checkpoints of finished tasks that nobody continues any
// more, given with the attempt in which each finished.
func DropContinued(ctx context.Context, a *rushworker.Archive, attempts map[rush.TaskKey]int) error {
	var tags []string
	for key, attempt := range attempts {
		tags = append(tags, attemptTags(key, attempt)...)
	}
	if len(tags) == 0 {
		return nil
	}
	_, err := a.Objects().Drop(ctx, tags...)
	return err
}

// DropCheckpoints deletes the checkpoints of all tasks of a network: of a run that is
// over. What is continued later begins at its beginning.
func DropCheckpoints(ctx context.Context, a *rushworker.Archive) error {
	tags, err := a.Objects().Tags(ctx)
	if err != nil {
		return err
	}
	var drop []string
	for _, tag := range tags {
		if strings.HasPrefix(tag, checkpointTag) {
			drop = append(drop, tag)
		}
	}
	if len(drop) == 0 {
		return nil
	}
	_, err = a.Objects().Drop(ctx, drop...)
	return err
}
