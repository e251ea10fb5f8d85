package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/pool"
	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/jsonlines"
)

// A keptProcess evaluates one task at a time; one goroutine uses it.
type keptProcess struct {
	o      *Objective
	conn   *jsonlines.Conn
	talk   atomic.Pointer[talk] // of the task, or of the last one while it is idle
	memory int64
	broken bool // it is not to evaluate another task
}

var _ pool.Process[keptTask] = (*keptProcess)(nil)

// A talk is what is made of the output of a process during a task.
type talk struct {
	silence *process.Silence
	output  func(stream, line string)
	warn    func(line string) // of what may be an answer in another form; nil once it has, or outside of a task
}

func (t *talk) active() {
	if t.silence != nil {
		t.silence.Break()
	}
}

func (t *talk) print(stream, line string) {
	if stream == "stdout" && t.warn != nil && isObject(line) { // one goroutine reads stdout
		t.warn(line)
		t.warn = nil
	}
	if t.output != nil {
		t.output(stream, line)
	}
}

// talkOf makes the lines go to e.Output or, if there is none, to e.Log at debug
// level.
func talkOf(ctx context.Context, e *loops.Evaluation, silence *process.Silence) *talk {
	t := &talk{silence: silence, output: e.Output}
	t.warn = func(line string) {
		e.Log.LogAttrs(context.WithoutCancel(ctx), slog.LevelWarn,
			"the program printed an object that is no message, and its answer is awaited: it has to be a line such as {\"ys\":{\"y\":1.5}}", slog.String("printed", line))
	}
	if t.output == nil {
		ctx := context.WithoutCancel(ctx)
		t.output = func(stream, line string) {
			e.Log.LogAttrs(ctx, slog.LevelDebug, line, slog.String("stream", stream))
		}
	}
	return t
}

// isObject reports whether a line is an object in JSON.
func isObject(line string) bool {
	return strings.HasPrefix(line, "{") && json.Valid([]byte(line))
}

// errSilent is why a task ends whose process was silent for too long.
var errSilent = errors.New("silent")

// evaluate asks the process for a task and follows what it says, to its answer.
func (p *keptProcess) evaluate(ctx context.Context, line []byte, e *loops.Evaluation) (rush.Values, ending, error) {
	if err := p.limit(e.Options.Memory); err != nil {
		return nil, ending{}, err
	}
	began := time.Now()
	silence := process.NewSilence(e.Options.Stall)
	defer silence.Stop()
	p.conn.Forget()
	p.talk.Store(talkOf(ctx, e, silence))
	waiting, silent := context.WithCancelCause(ctx)
	defer silent(nil)
	if over := silence.Over(); over != nil {
		go func() {
			select {
			case <-over:
				silent(errSilent)
			case <-waiting.Done():
			}
		}()
	}
	values, err := p.converse(waiting, line, e)
	end := ending{began: began, stderr: p.conn.Stderr()}
	if err == nil {
		return values, end, nil
	}
	return nil, end, p.failed(ctx, e, &end, err)
}

// limit limits the process's memory, as the task asks for.
func (p *keptProcess) limit(memory int64) error {
	if memory == p.memory {
		return nil
	}
	if !process.CanLimitMemory {
		return errors.New("the task has a limit of memory, which a process can be given on Linux only")
	}
	if err := process.LimitMemory(p.conn.PID(), memory); err != nil && p.conn.Alive() {
		return err
	}
	p.memory = memory
	return nil
}

// converse sends the request and handles messages until the answer.
func (p *keptProcess) converse(ctx context.Context, line []byte, e *loops.Evaluation) (rush.Values, error) {
	if err := p.conn.Send(ctx, line); err != nil {
		return nil, err
	}
	for {
		m, err := p.conn.Receive(ctx)
		if err != nil {
			return nil, err
		}
		ys, over, err := p.handle(ctx, m, e)
		if over || err != nil {
			return ys, err
		}
	}
}

// failed turns an error of the conversation into that of the task. The process
// goes on only after an error that it told itself.
func (p *keptProcess) failed(ctx context.Context, e *loops.Evaluation, end *ending, err error) error {
	if t, ok := errors.AsType[told](err); ok {
		t.Stderr = end.stderr
		return t.Condition
	}
	p.broken = true
	switch {
	case ctx.Err() != nil:
		p.stop(end, p.o.grace)
		return stopped(ctx, e, *end)
	case errors.Is(err, errSilent):
		p.stop(end, p.o.grace)
		return end.condition(rush.ClassTimeout, fmt.Sprintf("it printed and reported nothing for %v, and was stopped", e.Options.Stall))
	case errors.Is(err, jsonlines.ErrClosed):
		return p.crashed(end)
	}
	p.stop(end, p.o.grace)
	c := end.condition(rush.ClassError, err.Error()+"; its process was stopped")
	c.ExitCode, c.Signal = nil, "" // which were our doing
	return c
}

// crashed says how the process ended that gave no answer.
func (p *keptProcess) crashed(end *ending) error {
	timer := time.NewTimer(brokenWait)
	defer timer.Stop()
	message, byUs := "the process ended without an answer: ", false
	select {
	case <-p.conn.Done():
	case <-timer.C:
		message, byUs = "the process closed its stdout without an answer, and was stopped: ", true
	}
	p.stop(end, 0)
	switch {
	case end.exit.Signal != "" && !byUs:
		message += "a signal ended it, " + end.exit.Signal + end.hint()
	case end.exit.OK():
		message += "exit code 0; with keep it has to answer every line that it reads, until its stdin ends, with a line such as {\"ys\":{\"y\":1.5}}"
	default:
		message += exitMessage(end.exit.Code, end.stderr)
	}
	if p.memory > 0 {
		message += fmt.Sprintf(" (its memory was limited to %d bytes)", p.memory)
	}
	return end.condition(rush.ClassCrashed, message)
}

// stop ends the process and notes how it ended.
func (p *keptProcess) stop(end *ending, grace time.Duration) {
	end.exit = p.conn.Stop(grace)
	end.stderr = p.conn.Stderr()
}

// Ready reports whether a process that was idle is alive and silent.
func (p *keptProcess) Ready(t keptTask) bool {
	switch {
	case !p.conn.Alive(): // it ended while it was idle
		p.broken = true
	case p.conn.Pending():
		t.e.Log.LogAttrs(context.Background(), slog.LevelWarn, "the program said something when it was asked nothing, such as a second answer: it is ended, and a fresh one takes over")
		p.broken = true
	}
	return !p.broken
}

// Sound reports whether the process may evaluate another task.
func (p *keptProcess) Sound() bool { return !p.broken && p.conn.Alive() }

// End ends a process that is not needed any more: at once if it is not sound.
func (p *keptProcess) End() {
	if p.broken {
		p.conn.Stop(0)
		return
	}
	p.conn.End(p.o.grace)
}
