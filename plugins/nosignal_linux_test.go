package plugins_test

import (
	"os"

	"golang.org/x/sys/unix"
)

// noDeathSignal, set in the environment, takes from this process the signal that
// the kernel sends when its parent dies.
const noDeathSignal = "RUSH_PLUGINS_TEST_NO_DEATH_SIGNAL"

// It belongs to the thread that runs this, the main one.
func init() {
	if os.Getenv(noDeathSignal) != "" {
		_ = unix.Prctl(unix.PR_SET_PDEATHSIG, 0, 0, 0, 0)
	}
}
