//go:build !linux

package redistest

import "os/exec"

// own starts a process, reports whether that went well, and waits for its end.
func own(cmd *exec.Cmd, started chan<- error, done chan<- struct{}) { run(cmd, started, done) }
