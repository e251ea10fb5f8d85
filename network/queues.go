package network

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// A Queue says how many tasks wait in a queue, and who listens on it.
type Queue struct {
	Name    string // rush.DefaultQueue is the shared one
	Length  int64
	Workers []rush.WorkerID // living ones that take from it
	// Own says that it is the queue of a worker, whose id it has as name, for
	// the tasks that only this worker is to evaluate.
	Own bool
}

// queueName returns the name by which the store knows a queue.
func queueName(name string) string {
	if name == rush.DefaultQueue {
		return ""
	}
	return name
}

// Queues lists the network's queues by name, the shared one first: those that
// have tasks and those on which a living worker listens.
func (r *Rush) Queues(ctx context.Context) ([]Queue, error) {
	lengths, err := r.net.Queues(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the queues: %w", err)
	}
	workers, err := r.net.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the queues: %w", err)
	}
	all := map[string]*Queue{"": {}}
	for _, q := range lengths {
		all[q.Name] = &Queue{Length: q.Length}
	}
	for i := range workers {
		if !workers[i].State.Alive() {
			continue
		}
		for _, name := range listens(&workers[i]) {
			if all[name] == nil {
				all[name] = &Queue{}
			}
			all[name].Workers = append(all[name].Workers, workers[i].ID)
			all[name].Own = all[name].Own || name == string(workers[i].ID)
		}
	}
	list := make([]Queue, 0, len(all))
	for name, q := range all {
		q.Name = name
		list = append(list, *q)
	}
	slices.SortFunc(list, func(a, b Queue) int { return strings.Compare(a.Name, b.Name) })
	list[0].Name = rush.DefaultQueue
	return list, nil
}

// listens returns the queues that a worker takes from.
func listens(w *rush.Worker) []string {
	queues := []string{string(w.ID)}
	for _, q := range w.Queues {
		if q = queueName(q); !slices.Contains(queues, q) {
			queues = append(queues, q)
		}
	}
	if !slices.Contains(queues, "") {
		queues = append(queues, "")
	}
	return queues
}

// QueueTasks lists the tasks of a queue in the order in which they will be
// taken; "" and rush.DefaultQueue are the shared one.
func (r *Rush) QueueTasks(ctx context.Context, name string) ([]rush.TaskKey, error) {
	return r.net.Queue(ctx, queueName(name), 0, 0)
}

// QueuePart lists at most so many of the tasks of a queue as [Rush.QueueTasks] does, but
// for the first from ones.
func (r *Rush) QueuePart(ctx context.Context, name string, from, most int64) ([]rush.TaskKey, error) {
	if from < 0 || most < 1 {
		return nil, fmt.Errorf("network %s: list %d tasks of a queue from place %d; expected at least 1, from place 0 or later", r.id, most, from)
	}
	return r.net.Queue(ctx, queueName(name), from, most)
}

// A Place is where a task waits.
type Place struct {
	Queue    string         // rush.DefaultQueue is the shared one; "" if the task is in none
	Position int            // 1 for the one that is taken next; 0 if it is in none
	Ahead    []rush.TaskKey // that will be taken before it
}

// Places says where tasks wait, in the order of the keys. A task that is not
// queued, or does not exist, is in no queue.
func (r *Rush) Places(ctx context.Context, keys ...rush.TaskKey) ([]Place, error) {
	queues, err := r.net.Queues(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the places of %d tasks: %w", len(keys), err)
	}
	found := make(map[rush.TaskKey]Place, len(keys))
	for _, q := range queues {
		waiting, err := r.net.Queue(ctx, q.Name, 0, 0)
		if err != nil {
			return nil, fmt.Errorf("find the places of %d tasks: %w", len(keys), err)
		}
		name := q.Name
		if name == "" {
			name = rush.DefaultQueue
		}
		for i, key := range waiting {
			if slices.Contains(keys, key) {
				found[key] = Place{Queue: name, Position: i + 1, Ahead: waiting[:i:i]}
			}
		}
	}
	places := make([]Place, len(keys))
	for i, key := range keys {
		places[i] = found[key]
	}
	return places, nil
}

// Unqueue takes tasks out of their queues: they fail, with the class removed or
// with the conditions given, one for all or one for each. Tasks that are not
// queued stay as they are. It returns those that were removed.
func (r *Rush) Unqueue(ctx context.Context, conditions []*rush.Condition, keys ...rush.TaskKey) ([]rush.TaskKey, error) {
	if err := checkCount("conditions", len(conditions), len(keys)); err != nil {
		return nil, fmt.Errorf("network %s: remove tasks from the queue: %w", r.id, err)
	}
	encoded := make([][]byte, len(keys))
	for i := range keys {
		c := pick(conditions, i)
		if c == nil {
			c = &rush.Condition{Class: rush.ClassRemoved, Message: "it was removed from the queue"}
		}
		var err error
		if encoded[i], err = wire.EncodeCondition(c); err != nil {
			return nil, &rush.TaskError{Key: keys[i], Err: err}
		}
	}
	removed, err := r.net.Remove(ctx, keys, encoded)
	var gone []rush.TaskKey
	for i, was := range removed {
		if was {
			gone = append(gone, keys[i])
		}
	}
	return gone, err
}

// EmptyQueue removes all tasks that wait in the queues named, or in all queues
// if none is named, as [Rush.Unqueue] does; nil is the condition removed. What
// is pushed meanwhile may stay. It returns those that were removed.
func (r *Rush) EmptyQueue(ctx context.Context, condition *rush.Condition, names ...string) ([]rush.TaskKey, error) {
	var keys []rush.TaskKey
	var err error
	if len(names) == 0 {
		keys, err = r.net.Keys(ctx, rush.Queued)
	}
	for _, name := range names {
		some, readErr := r.net.Queue(ctx, queueName(name), 0, 0)
		if err = readErr; err != nil {
			break
		}
		keys = append(keys, some...)
	}
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	return r.Unqueue(ctx, []*rush.Condition{condition}, keys...)
}

// queuesOf counts the tasks for each of the named queues.
func queuesOf(tasks []store.NewTask) map[string]int {
	named := map[string]int{}
	for i := range tasks {
		if name := tasks[i].Queue; name != "" && !tasks[i].State.Ended() {
			named[name]++
		}
	}
	return named
}

// warnOfDeafQueues logs which of the named queues that tasks were pushed to
// have no worker that listens. What cannot be found out is no error: the tasks
// are there.
func (r *Rush) warnOfDeafQueues(ctx context.Context, named map[string]int) {
	if len(named) == 0 {
		return
	}
	queues, err := r.Queues(ctx)
	if err != nil {
		return
	}
	for _, q := range queues {
		if n := named[q.Name]; n > 0 && len(q.Workers) == 0 {
			r.log.Warn("no worker listens on the queue; the tasks wait until one does", "network", r.id, "queue", q.Name, "tasks", n)
		}
	}
}
