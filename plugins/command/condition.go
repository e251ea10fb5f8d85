package command

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// conclude turns the end of a process that was not stopped into the outputs or
// the reason why there are none.
func (o *Objective) conclude(call *Call, end ending) (rush.Values, error) {
	exit := end.exit
	switch {
	case end.err != nil:
		return nil, end.condition(rush.ClassError, fmt.Sprintf("read stdout: %v", end.err))
	case exit.Lost != nil:
		return nil, end.condition(rush.ClassCrashed, exit.String())
	case exit.Signal != "":
		return nil, end.condition(rush.ClassCrashed, "the process was ended by a signal: "+exit.Signal+end.hint())
	case exit.Code != 0:
		return nil, end.condition(rush.ClassError, exitMessage(exit.Code, end.stderr))
	}
	values, err := o.answer.values(end.stdout, call.answerFile)
	if err != nil {
		return nil, end.condition(rush.ClassError, err.Error())
	}
	return values, nil
}

// condition says why a task failed, with all that is known of its process.
func (end ending) condition(class rush.Class, message string) *rush.Condition {
	c := &rush.Condition{Class: class, Message: message, Signal: end.exit.Signal, Stderr: end.stderr}
	if !end.began.IsZero() && end.exit.Signal == "" && end.exit.Lost == nil {
		c.ExitCode = &end.exit.Code
	}
	return c
}

// hint tells the usual reason for what nobody here did.
func (end ending) hint() string {
	if end.exit.Signal == syscall.SIGKILL.String() {
		return " (the system does that when memory runs out)"
	}
	return ""
}

func exitMessage(code int, stderr string) string {
	message := fmt.Sprintf("exit code %d", code)
	if signal := code - 128; signal > 0 && signal < 32 {
		message += fmt.Sprintf(" (a shell's word for signal %d, %s)", signal, syscall.Signal(signal))
	}
	switch {
	case code == 127:
		message += " (a shell's word for a program that it did not find)"
	case code == 126:
		message += " (a shell's word for a program that it could not execute)"
	}
	if line := telling(stderr); line != "" {
		message += ": " + line
	}
	return message
}

// stopped says why a process was stopped, or not started: ctx has ended. A cause
// that is a condition is given what is known of the process.
func stopped(ctx context.Context, e *loops.Evaluation, end ending) error {
	cause := context.Cause(ctx)
	known, ok := errors.AsType[*rush.Condition](cause)
	switch {
	case ok:
		return end.condition(known.Class, known.Message)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		limit := e.Options.Timeout
		if limit <= 0 && !end.began.IsZero() {
			limit = time.Since(end.began).Round(time.Millisecond)
		}
		return end.condition(rush.ClassTimeout, fmt.Sprintf("it ran past its timeout of %v and was stopped", limit))
	}
	return cause
}
