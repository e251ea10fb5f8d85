package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/checksum"
	"github.com/rushnet/rush/internal/pool"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/jsonlines"
)

// kept are the processes of a command that answers one task after the other: as
// many as tasks run at once.
type kept = pool.Pool[keptTask, *keptProcess]

// A keptTask is what is known of a task when a process is taken for it.
type keptTask struct {
	call *Call
	e    *loops.Evaluation
}

var _ io.Closer = (*Objective)(nil)

// setKept refuses what a process for many tasks cannot have.
func (o *Objective) setKept(spec Spec) error {
	switch {
	case !spec.Keep && spec.SHA256 != "":
		return errors.New("sha256: it is compared when a process that is kept is started, not for each task; remove it, or add keep: true")
	case !spec.Keep:
		return nil
	}
	const remedy = "remove it, or keep"
	switch {
	case spec.Dir != nil:
		return errors.New("dir: a process that is kept has no directory of its own for each task; " + remedy)
	case len(spec.Template) > 0:
		return errors.New("template: no file is filled in for a process that is kept, which reads each task from stdin; " + remedy)
	case spec.Answer != nil:
		return errors.New("answer: a process that is kept answers in JSON lines; " + remedy)
	}
	known := keptScope("", o.base)
	for _, p := range o.texts() {
		for _, name := range p.text.names {
			if _, ok := known[name]; !ok {
				return fmt.Errorf("%s: {{%s}} is not known when a process that is kept is started, for many tasks; it reads the task from stdin", p.where, name)
			}
		}
	}
	o.sha256, o.kept = spec.SHA256, pool.New(o.startKept)
	return o.checkSum(spec.Command)
}

// checkSum compares the checksum of a program whose arguments are all known.
func (o *Objective) checkSum(command []string) error {
	for _, t := range o.command {
		if !t.literal() {
			return nil // they are when it is started
		}
	}
	if err := checksum.Verify(command, o.base, o.sha256); err != nil {
		return fmt.Errorf("sha256: %w", err)
	}
	return nil
}

// evaluateKept has a process that is kept evaluate a task.
func (o *Objective) evaluateKept(ctx context.Context, call *Call, e *loops.Evaluation) (ys rush.Values, end ending, err error) {
	if ctx.Err() != nil {
		return nil, ending{}, stopped(ctx, e, ending{})
	}
	t, err := o.kept.Take(ctx, keptTask{call, e}, e.Crashes)
	if err != nil {
		return nil, ending{}, err
	}
	defer func() { err = o.kept.Give(t, err, e.Crashes) }()
	return t.Process.evaluate(ctx, call.Stdin, e)
}

func (o *Objective) startKept(_ context.Context, t keptTask) (*keptProcess, error) {
	if err := t.call.find(o.base); err != nil {
		return nil, err
	}
	if err := checksum.Verify(t.call.Args, t.call.Dir, o.sha256); err != nil {
		return nil, err
	}
	p := &keptProcess{o: o}
	p.talk.Store(new(talk))
	conn, err := jsonlines.Start(&exec.Cmd{
		Path: t.call.Program, Args: t.call.Args, Dir: t.call.Dir, Env: append(o.environ(), t.call.Env...),
	}, &jsonlines.Options{
		Names:  messageNames(),
		Output: func(stream, line string) { p.talk.Load().print(stream, line) },
		Active: func() { p.talk.Load().active() },
	})
	if err != nil {
		return nil, notStarted(err)
	}
	p.conn = conn
	return p, nil
}

// Renew ends the processes that are kept, and those that evaluate when they have, so
// that the next tasks get fresh ones: with this program's environment as it is then,
// for instance. Without keep there is nothing to renew.
func (o *Objective) Renew() {
	if o.kept != nil {
		o.kept.Renew()
	}
}

// Close ends the processes that are kept, and those that evaluate when they have:
// their stdin is closed, and they are stopped when they have not ended after the
// grace. Without keep there is nothing to close.
func (o *Objective) Close() error {
	if o.kept != nil {
		o.kept.Close()
	}
	return nil
}

// brokenWait is how long a process that closed its stdout may take to end by
// itself, which says more about why than a kill.
const brokenWait = 500 * time.Millisecond
