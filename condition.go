package rush

import "fmt"

// A Class groups failures by what happened.
type Class string

// The classes of failure. The words in brackets are rrq's.
const (
	ClassError      Class = "error"      // the objective returned or threw an error [ERROR]
	ClassTimeout    Class = "timeout"    // it ran past its timeout, or stalled, and was stopped [TIMEOUT]
	ClassCrashed    Class = "crashed"    // its process ended without an answer [DIED]
	ClassLost       Class = "lost"       // its worker died or stopped beating [DIED]
	ClassKilled     Class = "killed"     // a person killed its worker [DIED]
	ClassCancelled  Class = "cancelled"  // a person cancelled it [CANCELLED]
	ClassRemoved    Class = "removed"    // its queue was emptied
	ClassImpossible Class = "impossible" // a task that it depends on failed [IMPOSSIBLE]
)

// Retryable reports whether a task that failed so is retried by itself while
// it has retries left: what may go better on a second try, not what the
// objective said of its inputs.
func (c Class) Retryable() bool {
	return c == ClassLost || c == ClassCrashed || c == ClassTimeout
}

// A Condition says why a task failed. It is an error.
type Condition struct {
	Class    Class
	Message  string
	ExitCode *int   // of the objective's process, when it exited
	Signal   string // that ended the process, e.g. "killed"
	Stderr   string // the last of what it printed there
	Trace    string // where in the objective's code
}

// DefaultCondition is the condition of a task that was failed without one.
func DefaultCondition() *Condition { return &Condition{Class: ClassError, Message: "Failed"} }

// Error returns the class and the message.
func (c *Condition) Error() string {
	if c.Message == "" {
		return string(c.Class)
	}
	return fmt.Sprintf("%s: %s", c.Class, c.Message)
}
