//go:build unix

package process

import (
	"os/exec"
	"strconv"
)

// WithMemory makes a command that is yet to be started run with a limit of
// memory, as [LimitMemory] has it, from its first moment: a shell sets the limit
// and becomes the program.
func WithMemory(cmd *exec.Cmd, bytes int64) *exec.Cmd {
	const script = `ulimit -S -d "$1" && shift && exec "$@"`
	kib := max(1, bytes>>10)
	args := []string{"sh", "-c", script, "sh", strconv.FormatInt(kib, 10), cmd.Path}
	if len(cmd.Args) > 1 {
		args = append(args, cmd.Args[1:]...)
	}
	limited := *cmd
	limited.Path, limited.Args = "/bin/sh", args
	return &limited
}
