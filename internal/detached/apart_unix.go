//go:build unix

package detached

import "syscall"

// Apart starts a process in a session of its own.
func Apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
