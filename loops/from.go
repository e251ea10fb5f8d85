package loops

import "github.com/rushnet/rush"

// From is the extra (xs_extra) of a task that continues another, as when its point
// was promoted to a higher budget: the number of that task.
const From = "from"

// Continues returns which task one with these extras continues.
func Continues(extra rush.Values) (from rush.TaskKey, ok bool) {
	n, ok := extra[From].(int64)
	return rush.TaskKey(n), ok && n >= 0
}
