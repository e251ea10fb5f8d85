package loops

import (
	"errors"

	"github.com/rushnet/rush"
)

// DefaultCrashes is how many crashes in a row workers bear that are not told
// otherwise; see [Problem].
const DefaultCrashes = 5

// Unusable is the error of an objective that its worker cannot go on with: its
// program cannot be started, or crashed too many times in a row. [Problem.Evaluate]
// then has the worker end, with this error for a reason; other workers go on.
type Unusable struct {
	// Err says what is wrong. If it is, or wraps, a *rush.Condition, that is the
	// task's; else its text is the message of a condition of class crashed.
	Err error
	// Begun says that the task was evaluated: it fails. Otherwise nothing of it was
	// done, and it is queued again for another worker, whatever retries it has left.
	Begun bool
}

// Error says what is wrong, with the last of what the program printed on stderr if
// that is known.
func (u *Unusable) Error() string {
	message := u.Err.Error()
	if c, ok := errors.AsType[*rush.Condition](u.Err); ok && c.Stderr != "" {
		message += "; the last of its stderr:\n" + c.Stderr
	}
	return message
}

// Unwrap returns Err.
func (u *Unusable) Unwrap() error { return u.Err }
