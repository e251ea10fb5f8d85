package table

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// States returns the tasks that are in one of the states, as they all stood at
// one moment: no task twice and none missing, however many change their state
// while they are read. No states are all states. The rows are in the order of
// the tasks' numbers. The caller owns the table.
//
// What has happened to a task since that moment is not shown: one that was
// retried has the result of the attempt before (and no spent times, which are
// not kept), one that was taken from the queue is queued, one that has ended
// is running without a result. Tasks deleted since are left out. An error that
// is rush.ErrChanged says that the network was reset meanwhile.
func States(ctx context.Context, source Source, states []rush.State, opts *Options) (Table, error) {
	o := opts.withDefaults(DefaultFields)
	v, err := look(ctx, source, states, o.Keys)
	if err != nil {
		return nil, err
	}
	s, err := newSeries(&o)
	if err != nil {
		return nil, err
	}
	defer s.clear()
	err = v.walk(ctx, o.Fields, func(recs []*rush.Record) error {
		chunks, err := s.prepare(recs)
		if err != nil {
			return err
		}
		s.chunks = append(s.chunks, chunks...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.all()
}

// Rows returns what States does, as tasks instead of a table: with their
// earlier attempts, options and conditions. Fields that were not asked for are
// empty. Of opts only Fields and Keys count.
func Rows(ctx context.Context, source Source, states []rush.State, opts *Options) ([]*rush.Task, error) {
	o := opts.withDefaults(rush.AllFields)
	v, err := look(ctx, source, states, o.Keys)
	if err != nil {
		return nil, err
	}
	tasks := make([]*rush.Task, 0, v.size)
	err = v.walk(ctx, o.Fields, func(recs []*rush.Record) error {
		for _, r := range recs {
			t, err := wire.Task(r)
			if err != nil {
				return err
			}
			tasks = append(tasks, t)
		}
		return nil
	})
	return tasks, err
}
