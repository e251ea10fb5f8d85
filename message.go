package rush

import "strconv"

// A MessageID is the number of a message in its network, counted from 1 in
// the order in which they were sent. One message may be for many workers.
type MessageID int64

// String returns the number in decimal.
func (id MessageID) String() string { return strconv.FormatInt(int64(id), 10) }

// A Command is what a message tells a worker to do.
type Command string

// The commands, with what each is given and what the response is. Those that
// are answered at once are so even while the worker evaluates a task; the
// others take effect after that task, before the next, and are answered when
// they did. While a worker waits or is paused all are answered at once.
const (
	CommandPing       Command = "PING"        // at once: "PONG"
	CommandEcho       Command = "ECHO"        // a text, for the worker's log; at once: "OK"
	CommandInfo       Command = "INFO"        // at once: a map that describes the worker
	CommandTimeoutGet Command = "TIMEOUT_GET" // at once: a map of timeout_idle and remaining, in seconds; null is never
	CommandTimeoutSet Command = "TIMEOUT_SET" // seconds, or null for never; "OK"
	CommandPause      Command = "PAUSE"       // takes no task until RESUME; "OK"
	CommandResume     Command = "RESUME"      // "OK"
	CommandRefresh    Command = "REFRESH"     // the worker's program loads its environment anew; "OK"
	CommandStop       Command = "STOP"        // a reason, or nothing; ends the worker: "BYE"
	CommandEval       Command = "EVAL"        // the name of an action, or a list of it and its argument; what the action returns
	// CommandCancel is left by the store when a running task is cancelled: a
	// list of the task, the attempt and the condition. It is answered with
	// "OK" once nothing of that evaluation runs any more.
	CommandCancel Command = "CANCEL"
)
