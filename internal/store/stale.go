package store

import (
	"fmt"

	"github.com/rushnet/rush"
)

// A StaleError refuses a step that is not newer than its worker's last one: it is
// an old copy of one that was answered, or several programs take steps as one
// worker. It is a rush.ErrChanged.
type StaleError struct {
	Last int64 // the nonce of the worker's last step
}

// Error says which step was the last.
func (e *StaleError) Error() string {
	return fmt.Sprintf("the step is not newer than the worker's last one, %d: %v", e.Last, rush.ErrChanged)
}

// Unwrap returns rush.ErrChanged.
func (e *StaleError) Unwrap() error { return rush.ErrChanged }
