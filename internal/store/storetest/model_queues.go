package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func (m *model) Queues(context.Context) (queues []store.QueueLength, err error) {
	lengths := map[string]int64{}
	for _, key := range m.queue {
		lengths[m.tasks[key].Queue]++
	}
	for name, length := range lengths {
		queues = append(queues, store.QueueLength{Name: name, Length: length})
	}
	slices.SortFunc(queues, func(a, b store.QueueLength) int { return strings.Compare(a.Name, b.Name) })
	return queues, m.absent()
}

func (m *model) Queue(_ context.Context, name string, from, most int64) (keys []rush.TaskKey, err error) {
	for _, key := range m.queue {
		if m.tasks[key].Queue == name {
			keys = append(keys, key)
		}
	}
	keys = keys[min(from, int64(len(keys))):]
	if most > 0 {
		keys = keys[:min(most, int64(len(keys)))]
	}
	return keys, m.absent()
}

func (m *model) Remove(_ context.Context, keys []rush.TaskKey, conditions [][]byte) (removed []bool, err error) {
	if err := m.absent(); err != nil {
		return nil, err
	}
	if len(conditions) != len(keys) {
		return nil, m.wrap(fmt.Errorf("%d conditions for %d tasks", len(conditions), len(keys)))
	}
	for i, key := range keys {
		t := m.tasks[key]
		queued := t != nil && t.State == rush.Queued
		if queued {
			t.YSExtra = nil
			m.finish(t, conditions[i])
		}
		removed = append(removed, queued)
	}
	return removed, nil
}

// moveQueue moves a worker's own queue to the front of the shared one.
func (m *model) moveQueue(id rush.WorkerID) {
	own, _ := m.Queue(context.Background(), string(id), 0, 0)
	for _, key := range slices.Backward(own) {
		t := m.tasks[key]
		m.leave(t)
		t.Queue = ""
		m.enqueue(t, 0)
	}
}
