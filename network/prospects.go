package network

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/rushnet/rush"
)

// prospects are what is known of whether tasks can still end.
type prospects struct {
	workers int
	budget  rush.Budget
	heard   map[string]bool         // queues on which a living worker listens
	known   map[rush.TaskKey]string // why a task cannot end; "" if it can
}

// of returns why none of the tasks can end; "" if one can.
func (p *prospects) of(ctx context.Context, r *Rush, keys []rush.TaskKey) (string, error) {
	records := map[rush.TaskKey]*rush.Record{}
	fields := rush.FieldOptions
	if p.budget.Exhausted() {
		fields |= rush.FieldHistory // says who has started before
	}
	for unread := keys; len(unread) > 0; { // the tasks, and what they wait for
		read, err := r.net.Records(ctx, unread, fields)
		if err != nil {
			return "", err
		}
		unread = nil
		for i := range read {
			records[read[i].Key] = &read[i]
		}
		for i := range read {
			if read[i].State != rush.Deferred {
				continue
			}
			for _, on := range read[i].DependsOn {
				if _, there := records[on]; !there {
					records[on] = nil
					unread = append(unread, on)
				}
			}
		}
	}
	// A task has a larger number than those that it depends on, unless it is
	// a row of a design.
	for _, key := range slices.Sorted(maps.Keys(records)) {
		p.known[key] = p.judge(records[key], records)
	}
	for _, key := range keys {
		if p.known[key] == "" {
			return "", nil
		}
	}
	return p.known[keys[0]], nil
}

// judge says why a task cannot end. One is enough that it waits for.
func (p *prospects) judge(rec *rush.Record, records map[rush.TaskKey]*rush.Record) string {
	switch rec.State {
	case rush.Queued:
		if p.budget.Exhausted() && !hasStarted(rec) {
			return fmt.Sprintf("task %d cannot start, as the budget of %d tasks is used up; raise it (SetLimit in Go; of a search: rush run FILE --resume --set terminate.evals=N), or remove the task",
				rec.Key, p.budget.Limit)
		}
		if p.workers > 0 && !p.heard[rec.Queue] {
			return fmt.Sprintf("task %d is in the queue %q, on which no worker listens; start one that does, or remove the task", rec.Key, rec.Queue)
		}
	case rush.Deferred:
		for _, on := range rec.DependsOn {
			if why := p.known[on]; why != "" {
				return fmt.Sprintf("task %d is deferred until task %d has finished; %s", rec.Key, on, why)
			}
		}
	}
	return ""
}

// hasStarted reports whether an earlier attempt of a task has started, so that
// another one takes nothing from the budget.
func hasStarted(rec *rush.Record) bool {
	return slices.ContainsFunc(rec.Attempts, func(a rush.AttemptRecord) bool { return a.Started != 0 })
}
