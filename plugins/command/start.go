package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"syscall"

	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/loops"
)

// find looks for the program, if it was not found before.
func (c *Call) find(base string) (err error) {
	if c.Program == "" {
		c.Program, err = findProgram(c.Args[0], base)
	}
	return err
}

// start starts the process of a task. A program that cannot be started is tried
// again only if it could before; the error is a *loops.Unusable in the end.
func (o *Objective) start(ctx context.Context, call *Call, env []string, e *loops.Evaluation) (*process.Group, error) {
	for {
		if err := o.starts.Await(ctx); err != nil {
			return nil, err
		}
		group, err := startOnce(call, env, e)
		if err == nil {
			o.starts.Started()
			o.starts.Answered() // how it ends is the task's own affair
			return group, nil
		}
		if !o.isGone(call, err) {
			return nil, err
		}
		if err := o.starts.NotStarted(err, e.Crashes); err != nil {
			return nil, err
		}
	}
}

func startOnce(call *Call, env []string, e *loops.Evaluation) (*process.Group, error) {
	cmd := &exec.Cmd{Path: call.Program, Args: call.Args, Dir: call.Dir, Env: env}
	if e.Options.Memory > 0 {
		if !process.CanLimitMemory {
			return nil, errors.New("the task has a limit of memory, which a process can be given on Linux only")
		}
		cmd = process.WithMemory(cmd, e.Options.Memory)
	}
	group, err := process.Start(cmd, &process.Options{Input: call.Stdin, Delay: heldDelay})
	if err != nil {
		return nil, notStarted(err)
	}
	return group, nil
}

// isGone reports whether a start failed because of the program, which is the same
// for all tasks.
func (o *Objective) isGone(call *Call, err error) bool {
	if _, statErr := os.Stat(call.Dir); statErr != nil || o.program == "" {
		return false
	}
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ENOEXEC) || errors.Is(err, syscall.ETXTBSY)
}

// notStarted adds to an error what to do about it.
func notStarted(err error) error {
	switch {
	case errors.Is(err, syscall.ENOEXEC):
		return fmt.Errorf("%w: if it is a script, its first line has to be #! and its interpreter, or the interpreter has to come first in the command", err)
	case errors.Is(err, syscall.E2BIG):
		return fmt.Errorf("%w: the arguments and the environment are too large together; give large values on stdin or in a template", err)
	}
	return err
}
