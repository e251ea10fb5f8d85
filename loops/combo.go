package loops

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// ClockTime ends a run at a moment, by the clock of the machine of each worker.
type ClockTime time.Time

// Evals ends a run when so many tasks have finished or failed. Others may be
// running then: alone, the store's budget is exact (see the definition's limit);
// this one is to be combined with others.
type Evals int64

// AllOf ends a run when all of its terminators hold at the same time. Without any it never
// does.
type AllOf []Terminator

// AnyOf ends a run when one of its terminators holds: what several terminators of a
// problem do, to be combined with others by [AllOf].
type AnyOf []Terminator

var _, _, _, _ Terminator = ClockTime{}, Evals(0), AllOf{}, AnyOf{}

type clockTime time.Time

// Start implements [Terminator].
func (t ClockTime) Start(context.Context, *rushworker.Worker) (Check, error) {
	return clockTime(t), nil
}

func (t clockTime) Check(*rushworker.Result) string {
	if time.Now().Before(time.Time(t)) {
		return ""
	}
	return "clock_time: it is past " + time.Time(t).Format(time.RFC3339)
}

func (t clockTime) Patience() time.Duration { return max(time.Until(time.Time(t)), time.Millisecond) }

// Start implements [Terminator].
func (t Evals) Start(ctx context.Context, w *rushworker.Worker) (Check, error) {
	return startArchiveCheck(ctx, w, rush.FieldYS, func(ended []*rush.Task) string {
		if int64(len(ended)) < int64(t) {
			return ""
		}
		return fmt.Sprintf("evals: %d tasks have ended", len(ended))
	})
}

type (
	allChecks []Check
	anyCheck  []Check
)

// Start implements [Terminator].
func (t AllOf) Start(ctx context.Context, w *rushworker.Worker) (Check, error) {
	checks, err := startAll(ctx, w, t)
	return allChecks(checks), err
}

// Start implements [Terminator].
func (t AnyOf) Start(ctx context.Context, w *rushworker.Worker) (Check, error) {
	checks, err := startAll(ctx, w, t)
	return anyCheck(checks), err
}

func startAll(ctx context.Context, w *rushworker.Worker, list []Terminator) ([]Check, error) {
	checks := make([]Check, len(list))
	for i, t := range list {
		if p, ok := t.(PerfReached); ok {
			t = anytime{p} // at the same time, and not with the same result
		}
		var err error
		if checks[i], err = t.Start(ctx, w); err != nil {
			return nil, err
		}
	}
	return checks, nil
}

func (c allChecks) Check(r *rushworker.Result) string {
	reasons := make([]string, len(c))
	for i, check := range c {
		if reasons[i] = check.Check(r); reasons[i] == "" {
			return ""
		}
	}
	return strings.Join(reasons, "; and ")
}

// soon is how long one of several terminators that hold waits for the others.
const soon = time.Second

// Patience bounds a wait by the last moment that one of them waits for: before it
// not all can hold without a result.
func (c allChecks) Patience() time.Duration {
	longest := time.Duration(0)
	for _, check := range c {
		if d := check.Patience(); d < noHurry {
			longest = max(longest, d)
		}
	}
	if longest == 0 {
		return noHurry
	}
	return max(longest, soon)
}

func (c anyCheck) Check(r *rushworker.Result) string {
	for _, check := range c {
		if reason := check.Check(r); reason != "" {
			return reason
		}
	}
	return ""
}

func (c anyCheck) Patience() time.Duration {
	d := noHurry
	for _, check := range c {
		d = min(d, check.Patience())
	}
	return d
}

// anytime is [PerfReached] by any task that has ended.
type anytime struct{ PerfReached }

// Start implements [Terminator].
func (t anytime) Start(ctx context.Context, w *rushworker.Worker) (Check, error) {
	return startArchiveCheck(ctx, w, rush.FieldYS, func(ended []*rush.Task) string {
		for _, task := range ended {
			if task.State == rush.Finished {
				if reason := t.reached(task.Key, task.YS); reason != "" {
					return reason
				}
			}
		}
		return ""
	})
}
