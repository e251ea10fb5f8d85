package store

import (
	"fmt"
	"slices"

	"github.com/rushnet/rush"
)

// CheckAfter returns an error unless each task of a call waits only for ones
// that come before it.
func CheckAfter(tasks []NewTask) error {
	for i := range tasks {
		for _, j := range tasks[i].After {
			if j < 0 || j >= i {
				return fmt.Errorf("task %d of %d waits for the one with the index %d; expected the index of one before it", i+1, len(tasks), j)
			}
		}
	}
	return nil
}

// Waits reports whether a task is to wait for others.
func (t *NewTask) Waits() bool { return len(t.DependsOn) > 0 || len(t.After) > 0 }

// Dependencies returns DependsOn with the numbers of After, given those of the
// tasks before it in the call.
func (t *NewTask) Dependencies(before []rush.TaskKey) []rush.TaskKey {
	if len(t.After) == 0 {
		return t.DependsOn
	}
	on := slices.Clone(t.DependsOn)
	for _, i := range t.After {
		on = append(on, before[i])
	}
	return on
}
