package rush_test

import (
	"errors"
	"fmt"

	"github.com/rushnet/rush"
)

// What fails a task is a Condition: a class for programs and a message for
// people. It is an error, and found in errors that wrap it.
func Example() {
	code := 1
	err := fmt.Errorf("evaluate task 17: %w", &rush.Condition{
		Class:    rush.ClassCrashed,
		Message:  "the objective ended without an answer",
		ExitCode: &code,
	})

	var cond *rush.Condition
	if errors.As(err, &cond) {
		fmt.Println(cond)
		fmt.Println("exit code", *cond.ExitCode)
		fmt.Println("tried again while retries are left:", cond.Class.Retryable())
	}
	// Output:
	// crashed: the objective ended without an answer
	// exit code 1
	// tried again while retries are left: true
}

func ExampleNetworkID_Validate() {
	for _, id := range []rush.NetworkID{"branin", "digits-2026.11", "my search"} {
		fmt.Printf("%s: %v\n", id, id.Validate())
	}
	// Output:
	// branin: <nil>
	// digits-2026.11: <nil>
	// my search: the network id "my search" contains ' '; expected letters, digits, '.', '_', '-' or '~'
}

func ExampleCounts() {
	counts := rush.Counts{Queued: 2, Running: 1, Finished: 7, Failed: 1, Created: 12, Deleted: 1}
	fmt.Println(counts.Total(), "tasks,", counts.Ended(), "ended,", counts.In(rush.Queued), "queued")
	// Output: 11 tasks, 8 ended, 2 queued
}
