package rush

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// A NetworkID names a network: the tasks, workers and results of one search.
// It is unique in its store. See [NetworkID.Validate] for what it may contain.
type NetworkID string

// A WorkerID names a worker, unique in its network.
type WorkerID string

// A TaskKey is a task's number in its network, counted from 0 in the order in
// which the store handed the numbers out. It is what people call a trial
// number, and the index of the task's random-number stream.
type TaskKey int64

// NoTask is the TaskKey of no task.
const NoTask TaskKey = -1

// String returns the number in decimal.
func (k TaskKey) String() string { return strconv.FormatInt(int64(k), 10) }

// ParseTaskKey reads a task's number as [TaskKey.String] writes it.
func ParseTaskKey(s string) (TaskKey, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 {
		return NoTask, fmt.Errorf("a task is named by its number (0, 1, 2, ...), found %q", s)
	}
	return TaskKey(n), nil
}

const maxIDLength = 120

// Validate reports why the id cannot name a network; nil means that it can.
// An id has 1 to 120 characters: letters, digits, and . _ - ~ between them. It
// is not "." or "..", which in paths and addresses mean something else.
func (id NetworkID) Validate() error { return validateID("network", string(id)) }

// Validate reports why the id cannot name a worker; the rule is that of
// [NetworkID.Validate].
func (id WorkerID) Validate() error { return validateID("worker", string(id)) }

func validateID(kind, id string) error {
	if id == "" {
		return fmt.Errorf("the %s id is empty; expected 1 to %d letters, digits, '.', '_', '-' or '~'", kind, maxIDLength)
	}
	if len(id) > maxIDLength {
		return fmt.Errorf("the %s id %.20q... has %d bytes; expected at most %d", kind, id, len(id), maxIDLength)
	}
	if id == "." || id == ".." {
		return fmt.Errorf("the %s id %q stands for a folder in paths and addresses; expected letters, digits, '.', '_', '-' or '~', and not these dots alone", kind, id)
	}
	for _, r := range id {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-~", r) {
			return fmt.Errorf("the %s id %q contains %q; expected letters, digits, '.', '_', '-' or '~'", kind, id, r)
		}
	}
	return nil
}
