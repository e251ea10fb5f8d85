package process

import "os/exec"

// WithMemory returns cmd: the memory of a process cannot be limited here.
func WithMemory(cmd *exec.Cmd, _ int64) *exec.Cmd { return cmd }
