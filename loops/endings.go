package loops

import (
	"context"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// endings are what has ended in the whole network, in the order of its log, for
// the checks that judge by it. It is used by one goroutine.
type endings struct {
	ctx    context.Context // that of the worker's loop
	w      *rushworker.Worker
	fields rush.Fields
	at     rush.Cursor
	list   []*rush.Task
}

// read reads what is new.
func (e *endings) read() error {
	for {
		s, err := e.w.Follow(e.ctx, e.at, e.fields, 0)
		if err != nil {
			return err
		}
		if s.Reset {
			e.list = nil
		}
		for _, entry := range s.Ended {
			e.take(entry)
		}
		if e.at = s.Next; !s.More {
			return nil
		}
	}
}

func (e *endings) take(entry rushworker.Ended) {
	switch t := entry.Task; {
	case entry.Withdrawn():
		e.list = slices.DeleteFunc(e.list, func(t *rush.Task) bool { return t.Key == entry.Key && t.Attempt == entry.Attempt })
	case t != nil && t.State == entry.State && t.Attempt == entry.Attempt: // else it is withdrawn further on
		e.list = append(e.list, t)
	}
}

// with returns the tasks that have ended, and the one of a result that is about to
// be delivered, if r is not nil.
func (e *endings) with(r *rushworker.Result) []*rush.Task {
	if r == nil || slices.ContainsFunc(e.list, func(t *rush.Task) bool { return t.Key == r.Key }) {
		return e.list
	}
	t := &rush.Task{Key: r.Key, State: rush.Finished, YS: r.YS}
	if r.Condition != nil {
		t.State = rush.Failed
	}
	return append(e.list[:len(e.list):len(e.list)], t)
}

// An archiveCheck judges by all that has ended. The log is read with each result
// of its worker; what others delivered is judged by them, too.
type archiveCheck struct {
	endings
	judge func(ended []*rush.Task) string
}

func startArchiveCheck(ctx context.Context, w *rushworker.Worker, fields rush.Fields, judge func(ended []*rush.Task) string) (Check, error) {
	c := &archiveCheck{endings{ctx: ctx, w: w, fields: fields}, judge}
	return c, c.read()
}

// Check implements [Check]. A log that cannot be read says nothing: the loop meets
// the same trouble at once.
func (c *archiveCheck) Check(r *rushworker.Result) string {
	if c.read() != nil {
		return ""
	}
	return c.judge(c.with(r))
}

// Patience implements [Check].
func (*archiveCheck) Patience() time.Duration { return noHurry }
