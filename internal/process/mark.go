package process

import (
	"crypto/rand"
	"os"
	"os/exec"
	"strings"
)

// markVariable is in the environment of a process that was started with
// Options.Descendants, and so of all that it starts in turn, whichever group or
// session that moves to.
const markVariable = "RUSH_PROCESS_MARK"

// A mark names a process and its descendants. One that was started by a marked
// process extends its mark, so that who ends the former finds the latter.
type mark string

// newMark returns a mark that no other process has.
func newMark() mark {
	m := rand.Text()
	if own := os.Getenv(markVariable); own != "" {
		m = own + "." + m
	}
	return mark(m)
}

// set marks a command that is yet to be started.
func (m mark) set(cmd *exec.Cmd) {
	cmd.Env = append(cmd.Environ(), markVariable+"="+string(m))
}

// isOn reports whether the environment is that of a process with the mark.
func (m mark) isOn(environ []string) bool {
	for _, v := range environ {
		if value, ok := strings.CutPrefix(v, markVariable+"="); ok {
			return value == string(m) || strings.HasPrefix(value, string(m)+".")
		}
	}
	return false
}
