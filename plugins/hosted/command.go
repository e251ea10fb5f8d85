package hosted

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/jsonlines"
	"github.com/rushnet/rush/rushworker"
)

// DefaultGrace is how long a loop's program may take to end once it said that it
// has no more to ask for, by closing its stdout.
const DefaultGrace = 5 * time.Second

// A Command is a loop in a program of any language, which is started beside the
// worker and calls its verbs as JSON lines: a line of its stdout is a verb, and
// the answer is a line of its stdin. docs/json-lines.md has them all.
//
// The loop is over when the program exits with code 0. Any other end of it is the
// worker's too, with the reason and the last of what it printed on stderr. Tasks
// that it still held are given up as those of any worker that leaves: they are
// queued again while they have retries.
type Command struct {
	spec    plugins.Spec
	setting plugins.Setting
}

var _ loops.Loop = (*Command)(nil)

// NewCommand returns the loop that the program is. Nothing is started yet.
func NewCommand(spec plugins.Spec, s plugins.Setting) *Command { return &Command{spec, s} }

// Run starts the program, serves it, and returns when nothing of it is left. The
// program is killed when ctx ends.
func (c *Command) Run(ctx context.Context, w *rushworker.Worker) error {
	session, err := New(ctx, w, c.setting)
	if err != nil {
		return err
	}
	if over, err := session.Over(); err != nil || over != "" {
		return err
	}
	server := &lineServer{session: session, dir: c.spec.Dir}
	server.holds.Store(int64(rush.NoTask))
	cmd, err := c.spec.Cmd()
	if err != nil {
		return fmt.Errorf("start the loop %s: %w", &c.spec, err)
	}
	cmd.Env = append(os.Environ(), cmd.Env...)
	program, err := jsonlines.Start(cmd, &jsonlines.Options{Names: []string{"verb"}, Output: output(c.setting, w, &server.holds)})
	if err != nil {
		return fmt.Errorf("start the loop %s: %w", &c.spec, err)
	}
	defer context.AfterFunc(ctx, program.Kill)()
	server.gone = program.Done()
	return c.end(ctx, program, server.serve(ctx, program))
}

// output passes on what the program prints: to the worker's own output, which is
// kept as that is, or else to that of the task that the loop holds.
func output(setting plugins.Setting, w *rushworker.Worker, holds *atomic.Int64) func(stream, line string) {
	if setting.Output != nil {
		return setting.Output
	}
	return func(stream, line string) {
		if told := w.TaskOutput(rush.TaskKey(holds.Load())); told != nil {
			told(stream, line)
		}
	}
}

// end waits until the program has ended. serving is what broke the conversation.
func (c *Command) end(ctx context.Context, program *jsonlines.Conn, serving error) error {
	grace := c.setting.Problem.Grace
	if grace <= 0 {
		grace = DefaultGrace
	}
	if serving != nil {
		program.Kill()
	}
	program.CloseInput()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-program.Done():
	case <-timer.C:
		serving = fmt.Errorf("it closed its stdout and went on for %v", grace)
	}
	exit := program.Stop(grace)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case serving != nil:
		return c.failure(serving.Error(), program)
	case !exit.OK():
		return c.failure(ending(exit), program)
	}
	return nil
}

// ending says how a process ended.
func ending(e process.Exit) string { return "it ended with " + e.String() }

func (c *Command) failure(reason string, program *jsonlines.Conn) error {
	message := fmt.Sprintf("the loop %s: %s", &c.spec, reason)
	if stderr := program.Stderr(); stderr != "" {
		message += "; the last of its stderr:\n" + stderr
	}
	return errors.New(message)
}
