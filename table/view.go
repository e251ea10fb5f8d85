package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/rushnet/rush"
)

// A view is the tasks of some states as they stood at one moment: which there
// were, and which attempt of an ended one counted. It takes eight bytes a
// task, whatever the tasks hold.
//
//	look          the snapshot and the log up to it
//	  lookAll
//	  lookAt        of a few tasks, without the log
//	walk          the records, by ascending number
//	  read          some of them, made to fit the view
//	    mask          what has happened to one that had not ended
//	    rewind        those that were retried since
//	  confirm       was the network reset meanwhile?
type view struct {
	source Source
	cursor rush.Cursor // the end of the log at the moment
	blocks map[rush.TaskKey]*block
	size   int64

	ordered bool           // keep what follows
	ended   []rush.TaskKey // all, in the order in which they ended
	queued  []rush.TaskKey // all, in the order in which they will be taken
}

const (
	blockSize = 1 << 10
	fewKeys   = 1000 // of one moment when read at once
)

// A block is the standings of tasks with neighboring numbers.
type block [blockSize]standing

// A standing says how a task stood. The zero value is a task that is not in
// the view.
type standing struct {
	attempt int32 // counts for an ended one
	state   int8  // index in rush.States, plus 1
}

func (s standing) is() rush.State { return rush.States()[s.state-1] }

// look notes which tasks are in one of the states now; no states mean all
// states, and nil keys all tasks.
func look(ctx context.Context, source Source, states []rush.State, keys []rush.TaskKey) (*view, error) {
	return lookFor(ctx, source, states, keys, false)
}

// lookFor is look; ordered says to keep the order of what has ended and of what is queued.
func lookFor(ctx context.Context, source Source, states []rush.State, keys []rush.TaskKey, ordered bool) (*view, error) {
	if len(states) == 0 {
		states = rush.States()
	}
	for _, s := range states {
		if !slices.Contains(rush.States(), s) {
			return nil, fmt.Errorf("%q is not a state; expected deferred, queued, running, finished or failed", s)
		}
	}
	v := &view{source: source, blocks: map[rush.TaskKey]*block{}, ordered: ordered}
	if keys != nil && len(keys) <= fewKeys {
		return v, v.lookAt(ctx, states, keys)
	}
	if err := v.lookAll(ctx, states); err != nil {
		return nil, err
	}
	if keys != nil {
		v.only(keys)
	}
	return v, nil
}

// lookAt looks at some tasks, without the log of all others.
func (v *view) lookAt(ctx context.Context, states []rush.State, keys []rush.TaskKey) error {
	page, err := v.source.Ended(ctx, rush.Cursor{}, 1, rush.NoFields, 0)
	if err != nil {
		return fmt.Errorf("read which tasks there are: %w", err)
	}
	v.cursor = rush.Cursor{Epoch: page.Next.Epoch}
	if len(keys) == 0 {
		return nil
	}
	recs, err := v.records(ctx, keys, rush.NoFields)
	for _, r := range recs {
		if slices.Contains(states, r.State) {
			v.set(r.Key, r.State, r.Attempt)
		}
	}
	return err
}

// lookAll looks at all tasks.
func (v *view) lookAll(ctx context.Context, states []rush.State) error {
	snap, err := v.source.Snapshot(ctx)
	if err != nil {
		return fmt.Errorf("read which tasks there are: %w", err)
	}
	v.cursor = snap.Cursor
	if slices.ContainsFunc(states, rush.State.Ended) {
		if err := v.readLog(ctx, states); err != nil {
			return err
		}
	}
	if v.ordered {
		v.queued = snap.Queued
	}
	for state, keys := range map[rush.State][]rush.TaskKey{
		rush.Deferred: snap.Deferred, rush.Queued: snap.Queued, rush.Running: snap.Running,
	} {
		if slices.Contains(states, state) {
			for _, key := range keys {
				v.set(key, state, 0)
			}
		}
	}
	return nil
}

// readLog notes the tasks that had ended.
func (v *view) readLog(ctx context.Context, states []rush.State) error {
	at := rush.Cursor{Epoch: v.cursor.Epoch}
	withdrawn := map[rush.TaskKey]int{}
	for at.Offset < v.cursor.Offset {
		page, err := v.source.Ended(ctx, at, int(min(v.cursor.Offset-at.Offset, maxChunkRows)), rush.NoFields, 0)
		if err != nil {
			return fmt.Errorf("read which tasks have ended: %w", err)
		}
		if page.Reset || page.Next.Epoch != v.cursor.Epoch {
			return errReset
		}
		if len(page.Endings) == 0 {
			return fmt.Errorf("the log of endings has %d entries; expected %d", at.Offset, v.cursor.Offset)
		}
		for _, e := range page.Endings {
			switch {
			case !v.ordered:
			case e.Withdrawn():
				withdrawn[e.Key]++
			default:
				v.ended = append(v.ended, e.Key)
			}
			if slices.Contains(states, e.State) {
				v.set(e.Key, e.State, e.Attempt)
			} else {
				v.set(e.Key, "", 0)
			}
		}
		at = page.Next
	}
	v.ended = slices.DeleteFunc(v.ended, func(key rush.TaskKey) bool { // a withdrawal is of an earlier ending
		withdrawn[key]--
		return withdrawn[key] >= 0
	})
	return nil
}

// set notes a task's standing; the state "" takes it out of the view.
func (v *view) set(key rush.TaskKey, state rush.State, attempt int) {
	b := v.blocks[key/blockSize]
	if b == nil {
		b = new(block)
		v.blocks[key/blockSize] = b
	}
	s := &b[key%blockSize]
	if s.state != 0 {
		v.size--
	}
	*s = standing{attempt: int32(attempt), state: int8(slices.Index(rush.States(), state) + 1)}
	if s.state != 0 {
		v.size++
	}
}

func (v *view) of(key rush.TaskKey) standing {
	if b := v.blocks[key/blockSize]; b != nil && key >= 0 {
		return b[key%blockSize]
	}
	return standing{}
}

// only takes all tasks but these out of the view.
func (v *view) only(keys []rush.TaskKey) {
	kept := &view{blocks: map[rush.TaskKey]*block{}}
	for _, key := range keys {
		if s := v.of(key); s.state != 0 {
			kept.set(key, s.is(), int(s.attempt))
		}
	}
	v.blocks, v.size = kept.blocks, kept.size
}

// walk reads the tasks of the view by ascending number, some at a time.
func (v *view) walk(ctx context.Context, fields rush.Fields, each func([]*rush.Record) error) error {
	keys := make([]rush.TaskKey, 0, maxChunkRows)
	read := func() error {
		recs, err := v.read(ctx, keys, fields)
		if err != nil {
			return err
		}
		keys = keys[:0]
		err = split(recs, each)
		if errors.Is(err, rush.ErrChanged) {
			return cmp.Or(v.confirm(ctx), err)
		}
		return err
	}
	for _, at := range slices.Sorted(maps.Keys(v.blocks)) {
		for i, s := range v.blocks[at] {
			if s.state != 0 {
				keys = append(keys, at*blockSize+rush.TaskKey(i))
			}
		}
		if len(keys)+blockSize > maxChunkRows {
			if err := read(); err != nil {
				return err
			}
		}
	}
	if err := read(); err != nil {
		return err
	}
	return v.confirm(ctx)
}
