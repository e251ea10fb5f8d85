package rushworker

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/objects"
)

// Objects returns the network's object store: for values that are too large to
// be part of a task, or that many tasks share.
func (a *Archive) Objects() *objects.Store { return a.objects }

// decode decodes records; large values are read from the object store. The
// task of a record without a state is nil.
func (a *Archive) decode(ctx context.Context, records []rush.Record) ([]*rush.Task, error) {
	tasks := make([]*rush.Task, len(records))
	var large []*rush.Task
	for i := range records {
		if records[i].State == "" {
			continue
		}
		var err error
		if tasks[i], err = wire.Task(&records[i]); err != nil {
			return nil, err
		}
		if refers(&records[i]) {
			large = append(large, tasks[i])
		}
	}
	if len(large) > 0 && a.objects != nil {
		return tasks, a.objects.Restore(ctx, large...)
	}
	return tasks, nil
}

// decodeOne decodes a record; see decode.
func (a *Archive) decodeOne(ctx context.Context, r *rush.Record) (*rush.Task, error) {
	task, err := wire.Task(r)
	if err == nil && a.objects != nil && refers(r) {
		err = a.objects.Restore(ctx, task)
	}
	return task, err
}

// refers reports whether a record may have a reference to an object.
func refers(r *rush.Record) bool {
	for i := range r.Attempts {
		if wire.HasReference(r.Attempts[i].YS) {
			return true
		}
	}
	return wire.HasReference(r.XS) || wire.HasReference(r.YS) || wire.HasReference(r.XSExtra) || wire.HasReference(r.YSExtra)
}

// extract puts values above the network's limit into the object store.
func (w *Worker) extract(ctx context.Context, tag string, v rush.Values) (short rush.Values, hashes []string, err error) {
	err = w.patiently(ctx, "put large values", func() error {
		short, hashes, err = w.objects.Extract(ctx, tag, v)
		return err
	})
	return short, hashes, err
}

// limited reports whether a value may be too large for a task.
func (w *Worker) limited(ctx context.Context) (limited bool, err error) {
	if limited, err = w.objects.Limited(ctx); err == nil { // as it is once that is known
		return limited, nil
	}
	err = w.patiently(ctx, "read the limit of values", func() error {
		limited, err = w.objects.Limited(ctx)
		return err
	})
	return limited, err
}

// shortResult puts the large values of a result under its task's tag. Those of
// a task that is gone by now nobody holds: it is not going to take them.
func (w *Worker) shortResult(ctx context.Context, r Result) (Result, error) {
	for _, v := range []*rush.Values{&r.YS, &r.Extra} {
		short, _, err := w.extract(ctx, store.TaskTag(r.Key), *v)
		if errors.Is(err, rush.ErrNoTask) {
			short, _, err = w.extract(ctx, "", *v)
		}
		switch {
		case err == nil:
			*v = short
		case ctx.Err() != nil || errors.Is(err, rush.ErrLost) || store.Unavailable(err):
			return r, &rush.TaskError{Key: r.Key, Err: err}
		default: // it cannot be stored, whoever tries
			r.YS, r.Extra = nil, nil
			r.Condition = &rush.Condition{Class: rush.ClassError, Message: "its result cannot be stored: " + err.Error()}
		}
	}
	return r, nil
}

// shortProposal puts the large values of a proposal into the object store,
// and returns what the new task is to hold.
func (w *Worker) shortProposal(ctx context.Context, p *Proposal) (xs, extra rush.Values, hashes []string, err error) {
	limited, err := w.limited(ctx)
	if err == nil && !limited {
		return p.XS, p.Extra, nil, nil
	}
	if err == nil {
		xs, hashes, err = w.extract(ctx, "", p.XS)
	}
	if err == nil {
		var more []string
		extra, more, err = w.extract(ctx, "", p.Extra)
		hashes = append(hashes, more...)
	}
	if err != nil {
		err = fmt.Errorf("propose: %w", err)
	}
	return xs, extra, hashes, err
}
