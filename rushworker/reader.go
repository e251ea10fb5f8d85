package rushworker

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// A Reader hands out tasks as they finish, each once: what a loop needs that
// learns from the results of all workers. It is for one goroutine.
type Reader struct {
	a      *Archive
	fields rush.Fields
	at     rush.Cursor
}

// Reader returns a reader of the tasks that have finished and will finish. Only
// the fields asked for are set in them, beside Key, State and Attempt.
func (a *Archive) Reader(fields rush.Fields) *Reader { return &Reader{a: a, fields: fields} }

// Read returns the tasks that have finished since the last call, in that order;
// the first call returns all. It waits up to wait for the first, and returns none
// if none came. A task that is retried and finishes again is returned again; one
// that was taken back before it was read is left out. After a reset the reader
// begins anew.
func (r *Reader) Read(ctx context.Context, wait time.Duration) ([]*rush.Task, error) {
	var tasks []*rush.Task
	for deadline := time.Now().Add(wait); ; {
		left := max(0, time.Until(deadline))
		s, err := r.a.Follow(ctx, r.at, r.fields, left)
		if err != nil {
			return tasks, err
		}
		for _, e := range s.Ended {
			if task := finish(e, r.fields); task != nil {
				tasks = append(tasks, task)
			}
		}
		r.at = s.Next
		switch {
		case s.More:
		case len(tasks) > 0 || left == 0:
			return tasks, nil
		}
	}
}

// finish is the task that an entry says has finished; nil if it says anything
// else, or is out of date.
func finish(e Ended, fields rush.Fields) *rush.Task {
	switch {
	case e.State != rush.Finished:
		return nil
	case fields == rush.NoFields: // the log is all that was read
		return &rush.Task{Key: e.Key, State: e.State, Attempt: e.Attempt}
	case e.Task == nil || e.Task.State != rush.Finished || e.Task.Attempt != e.Attempt:
		return nil
	}
	return e.Task
}
