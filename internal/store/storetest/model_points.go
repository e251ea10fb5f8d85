package storetest

import (
	"context"

	"github.com/rushnet/rush"
)

func (m *model) ClaimPoint(_ context.Context, point string, key rush.TaskKey) (rush.TaskKey, error) {
	if err := m.absent(); err != nil {
		return rush.NoTask, err
	}
	if holder, found := m.points[point]; found && holder != key {
		if m.tasks[holder] != nil || m.claims[holder] != "" {
			return holder, nil
		}
	}
	for other, holder := range m.points {
		if holder == key {
			delete(m.points, other)
		}
	}
	if m.points == nil {
		m.points = map[string]rush.TaskKey{}
	}
	m.points[point] = key
	return key, nil
}
