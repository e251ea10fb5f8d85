package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/loops"
)

// stderrTail is how much of stderr a condition has.
const stderrTail = 4096

// heldDelay is for how long a descendant that has left the group, and keeps
// stdout or stderr open, holds a task up.
const heldDelay = 500 * time.Millisecond

// Evaluate runs the command for one task. Its lines go to e.Output; if there is
// none those of stderr go to e.Log at debug level, all but those that come faster
// than the log takes them.
//
// A process that is kept is not started and ended here, but taken from those
// that are idle and given back.
//
//	Evaluate
//	  Call          what goes in
//	  evaluate
//	    prepare     directory, templates
//	    run         the process, to its end or ctx's
//	    conclude    how it ended, the answer
//	  tidy          directory
func (o *Objective) Evaluate(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	values, _, err := o.Watch(ctx, e)
	return values, err
}

// A Process is what went into one process and came out of it, for people to see.
type Process struct {
	Call   *Call
	Stdout string // that in which the answer was looked for: its last line, or all of it for regular expressions
	Stderr string // the last 4 KiB
}

// Watch is [Objective.Evaluate] and tells what the process was given and what it
// printed; nil if nothing could be given to it.
func (o *Objective) Watch(ctx context.Context, e *loops.Evaluation) (_ rush.Values, _ *Process, err error) {
	call, err := o.Call(e)
	if err != nil {
		return nil, nil, err
	}
	files, err := e.CheckpointFiles(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer func() { files.Close(ctx, err != nil) }()
	if err := o.addCheckpoint(call, files); err != nil {
		return nil, nil, err
	}
	if o.kept != nil {
		values, end, err := o.evaluateKept(ctx, call, e)
		return values, &Process{Call: call, Stdout: answerLine(values), Stderr: end.stderr}, err
	}
	values, end, err := o.evaluate(ctx, call, e)
	if err := call.tidy(o.keep, err != nil); err != nil {
		e.Log.LogAttrs(ctx, slog.LevelWarn, "the task's directory could not be removed", slog.Any("error", err))
	}
	return values, &Process{Call: call, Stdout: string(end.stdout), Stderr: end.stderr}, err
}

func (o *Objective) evaluate(ctx context.Context, call *Call, e *loops.Evaluation) (rush.Values, ending, error) {
	if ctx.Err() != nil {
		return nil, ending{}, stopped(ctx, e, ending{})
	}
	if err := call.prepare(); err != nil {
		return nil, ending{}, err
	}
	end, err := o.run(ctx, call, e)
	if err != nil {
		return nil, end, err
	}
	if end.stalled {
		message := fmt.Sprintf("it printed and reported nothing for %v, and was stopped", e.Options.Stall)
		return nil, end, end.condition(rush.ClassTimeout, message)
	}
	if end.stopped {
		return nil, end, stopped(ctx, e, end)
	}
	values, err := o.conclude(call, end)
	return values, end, err
}

// An ending is what is known of a process that has ended.
type ending struct {
	began   time.Time // zero: there was no process
	exit    process.Exit
	stopped bool // by us
	stalled bool // because it was silent for too long
	stdout  []byte
	err     error // of reading stdout
	stderr  string
}

// run runs the process to its end, or until ctx ends.
func (o *Objective) run(ctx context.Context, call *Call, e *loops.Evaluation) (ending, error) {
	if err := call.find(o.base); err != nil {
		return ending{}, err
	}
	silence := process.NewSilence(e.Options.Stall)
	defer silence.Stop()
	progress, err := watchProgress(ctx, e, silence)
	if err != nil {
		return ending{}, fmt.Errorf("make the file for the task's progress: %w", err)
	}
	defer progress.close(ctx, e, silence)
	env := slices.Concat(o.environ(), call.Env, []string{progressVariable + "=" + progress.path})
	end := ending{began: time.Now()}
	group, err := o.start(ctx, call, env, e)
	if err != nil {
		return end, err
	}
	var reading sync.WaitGroup
	reading.Go(func() { end.stderr = readStderr(ctx, silence.Reader(group.Stderr()), e) })
	reading.Go(func() {
		stdout, done := shown(silence.Reader(group.Stdout()), e)
		defer done()
		if end.stdout, end.err = o.answer.read(stdout); end.err != nil {
			_ = group.KillGroup(syscall.SIGKILL) // what it still has to say cannot help
		}
	})
	end.exit, end.stopped, end.stalled = o.await(ctx, group, silence)
	reading.Wait()
	return end, nil
}

// await waits for the process to end and stops it when ctx ends first, or it is
// silent for too long.
func (o *Objective) await(ctx context.Context, group *process.Group, silence *process.Silence) (exit process.Exit, stopped, stalled bool) {
	select {
	case <-group.Done():
		return group.Wait(), false, false
	case <-silence.Over():
		stalled = true
	case <-ctx.Done():
	}
	select {
	case <-group.Done(): // both at once: it has earned its answer
		return group.Wait(), false, false
	default:
		return group.Stop(o.grace), true, stalled
	}
}

// Contained says that every task has a process of its own: that a task is to be
// isolated changes nothing.
func (o *Objective) Contained() {}

// shown returns a reader of stdout whose lines go to e.Output as they are read,
// and what is to be called at the end.
func shown(stdout io.Reader, e *loops.Evaluation) (io.Reader, func()) {
	if e.Output == nil {
		return stdout, func() {}
	}
	lines := newLineLog(func(line string) { e.Output("stdout", line) })
	return io.TeeReader(stdout, lines), lines.close
}
