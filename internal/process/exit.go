package process

import (
	"fmt"
	"os"
)

// An Exit says how a process ended.
type Exit struct {
	Code   int    // the exit code; -1 when it did not exit by itself
	Signal string // what ended it, such as "killed"; "" when it exited by itself
	Lost   error  // why the system could not say; nil but in odd cases
}

// OK reports whether the process exited by itself with code 0.
func (e Exit) OK() bool { return e.Code == 0 && e.Signal == "" && e.Lost == nil }

// String returns the end in words: "exit code 3", "signal killed".
func (e Exit) String() string {
	switch {
	case e.Lost != nil:
		return fmt.Sprintf("how it ended is not known: %v", e.Lost)
	case e.Signal != "":
		return "signal " + e.Signal
	}
	return fmt.Sprintf("exit code %d", e.Code)
}

func exitOf(state *os.ProcessState) Exit {
	return Exit{Code: state.ExitCode(), Signal: signalName(state)}
}
