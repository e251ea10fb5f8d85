package storetest

import (
	"context"
	"slices"
	"time"

	"github.com/rushnet/rush"
)

func (n *memoryNetwork) SetProgress(ctx context.Context, key rush.TaskKey, attempt int, value []byte) error {
	_, err := write(ctx, n, func(m *model) (none, error) {
		if n.store.flaw.is("any attempt may tell its progress") {
			attempt = 0
		}
		return none{}, m.SetProgress(ctx, key, attempt, value)
	})
	return err
}

func (n *memoryNetwork) Report(ctx context.Context, key rush.TaskKey, attempt int, step int64, ys []byte) error {
	_, err := write(ctx, n, func(m *model) (none, error) {
		if n.store.flaw.is("a step may be reported twice") {
			if t := m.tasks[key]; t != nil && t.State == rush.Running {
				t.Reports = append(slices.Clone(t.Reports), rush.ReportRecord{Step: step, YS: ys})
				return none{}, nil
			}
		}
		return none{}, m.Report(ctx, key, attempt, step, ys)
	})
	return err
}

func (n *memoryNetwork) AwaitProgress(ctx context.Context, seen rush.Record, wait time.Duration) (rush.Record, error) {
	return await(ctx, n, wait, func(m *model) (rush.Record, bool, error) {
		now, err := m.AwaitProgress(ctx, seen, wait)
		return now, news(now, seen), err
	})
}
