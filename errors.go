package rush

import (
	"errors"
	"fmt"
)

// What callers test for with errors.Is.
var (
	// ErrNoNetwork: the store has no network of that id.
	ErrNoNetwork = errors.New("there is no such network")
	// ErrNoTask: the network has no task of that number.
	ErrNoTask = errors.New("there is no such task")
	// ErrNoWorker: the network has no worker of that id.
	ErrNoWorker = errors.New("there is no such worker")
	// ErrAlive: the worker is part of the network still.
	ErrAlive = errors.New("the worker is alive")
	// ErrExists: what was to be created is there already.
	ErrExists = errors.New("it exists already")
	// ErrNoObject: the network's object store has no object of that hash.
	ErrNoObject = errors.New("there is no such object")
	// ErrState: the task is in a state that does not allow it.
	ErrState = errors.New("the task's state does not allow it")
	// ErrLost: the worker was declared lost, or ended. One that is lost but
	// lives joins again by itself.
	ErrLost = errors.New("the worker is no longer part of the network")
	// ErrExhausted: the budget has no room for another task.
	ErrExhausted = errors.New("the budget is exhausted")
	// ErrChanged: somebody else changed it in the meantime.
	ErrChanged = errors.New("it was changed by somebody else")
	// ErrSchema: the store was written by another version of rush.
	ErrSchema = errors.New("the network was written by another version of rush")
	// ErrNoResponse: the worker has no response to the message, or it was deleted.
	ErrNoResponse = errors.New("there is no response")
	// ErrReadOnly: what holds the network is an exported file.
	ErrReadOnly = errors.New("an exported file can only be read; to build on its tasks, name it in a search file (start: [FILE])")
	// ErrTimeout: the wait was longer than was allowed.
	ErrTimeout = errors.New("the wait timed out")
)

// A TaskError is an error about one task.
type TaskError struct {
	Key TaskKey
	Err error
}

// Error names the task and what went wrong.
func (e *TaskError) Error() string { return fmt.Sprintf("task %d: %v", e.Key, e.Err) }

// Unwrap returns what went wrong.
func (e *TaskError) Unwrap() error { return e.Err }

// An ObjectError is an error about one object of the object store.
type ObjectError struct {
	Hash string
	Err  error
}

// Error names the object and what went wrong.
func (e *ObjectError) Error() string { return "object " + e.Hash + ": " + e.Err.Error() }

// Unwrap returns what went wrong.
func (e *ObjectError) Unwrap() error { return e.Err }
