package storetest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/rushnet/rush"
)

func (m *model) SetProgress(_ context.Context, key rush.TaskKey, attempt int, value []byte) error {
	if err := m.absent(); err != nil {
		return err
	}
	t := m.tasks[key]
	switch {
	case t == nil:
		return m.wrap(&rush.TaskError{Key: key, Err: rush.ErrNoTask})
	case t.State != rush.Running, attempt != 0 && attempt != t.Attempt:
		return m.wrap(&rush.TaskError{Key: key, Err: rush.ErrState})
	}
	t.Progress = value
	return nil
}

func (m *model) Report(_ context.Context, key rush.TaskKey, attempt int, step int64, ys []byte) error {
	if err := m.absent(); err != nil {
		return err
	}
	t := m.tasks[key]
	switch {
	case t == nil:
		return m.wrap(&rush.TaskError{Key: key, Err: rush.ErrNoTask})
	case t.State != rush.Running, attempt != 0 && attempt != t.Attempt:
		return m.wrap(&rush.TaskError{Key: key, Err: rush.ErrState})
	}
	kept := slices.DeleteFunc(slices.Clone(t.Reports), func(r rush.ReportRecord) bool { return r.Step == step })
	t.Reports = append(kept, rush.ReportRecord{Step: step, YS: ys})
	slices.SortFunc(t.Reports, func(a, b rush.ReportRecord) int { return cmp.Compare(a.Step, b.Step) })
	return nil
}

func (m *model) AwaitProgress(_ context.Context, seen rush.Record, _ time.Duration) (rush.Record, error) {
	if err := m.absent(); err != nil {
		return rush.Record{}, err
	}
	t := m.tasks[seen.Key]
	if t == nil {
		return rush.Record{Key: seen.Key}, m.wrap(&rush.TaskError{Key: seen.Key, Err: rush.ErrNoTask})
	}
	return rush.Record{Key: seen.Key, State: t.State, Attempt: t.Attempt, Progress: t.Progress}, nil
}

// news reports whether a task is not any more as it was seen.
func news(now, seen rush.Record) bool {
	return now.State != seen.State || now.Attempt != seen.Attempt || !bytes.Equal(now.Progress, seen.Progress)
}
