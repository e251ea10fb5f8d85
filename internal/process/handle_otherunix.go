//go:build unix && !linux && !darwin

package process

import (
	"os/exec"
	"syscall"
)

func setAttributes(attr *syscall.SysProcAttr, opts Options) { setGroup(attr, opts) }

// awaitExit reaps the process: what is left of its group is signaled by a number
// that the system could have given away since.
func (h handle) awaitExit(cmd *exec.Cmd) { _ = cmd.Wait() }
