package plugins

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/go-plugin"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/pool"
	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/proto"
)

// brokenWait is how long a process whose connection broke may take to end by
// itself, which says more about why than a kill.
const brokenWait = 500 * time.Millisecond

// An evaluator is a process for one task at a time; one goroutine uses it.
type evaluator struct {
	runner  *groupRunner
	client  *plugin.Client
	conn    plugin.ClientProtocol
	service proto.EvaluatorClient
	grace   time.Duration                // see IsolatorSpec
	task    atomic.Pointer[isolatedTask] // nil while idle

	tasks    int // that it may still be given
	memory   int64
	broken   bool
	answered time.Time // last
}

var _ pool.Process[string] = (*evaluator)(nil)

// An isolatedTask is what a process evaluates.
type isolatedTask struct {
	silence *process.Silence
	output  func(stream, line string) // takes what is printed; nil leaves it to the isolator's
}

// startEvaluator starts a process.
func startEvaluator(ctx context.Context, spec IsolatorSpec, scratch string) (*evaluator, error) {
	cmd, err := spec.Cmd()
	if err != nil {
		return nil, err
	}
	p := &evaluator{grace: spec.Grace, tasks: spec.Tasks}
	p.runner = &groupRunner{name: spec.Command[0], cmd: cmd, output: func(stream, line string) {
		if t := p.task.Load(); t != nil {
			t.silence.Break()
			if t.output != nil {
				t.output(stream, line)
				return
			}
		}
		spec.Output(stream, line)
	}}
	start, err := prepare(p.runner, scratch, spec.StartTimeout)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", &spec.Spec, err)
	}
	p.client = start.client
	stop := context.AfterFunc(ctx, func() { _ = p.runner.Kill(ctx) })
	defer stop()
	if err := p.connect(start); err != nil {
		start.end()
		return nil, fmt.Errorf("%s: %w", &spec.Spec, err)
	}
	start.hide()
	return p, nil
}

func (p *evaluator) connect(l *launch) (err error) {
	if p.conn, err = l.connect(); err != nil {
		return err
	}
	raw, err := p.conn.Dispense(evaluatorPlugin)
	if err != nil {
		return err
	}
	p.service = raw.(proto.EvaluatorClient)
	return nil
}

// Sound reports whether the process may evaluate another task.
func (p *evaluator) Sound() bool { return p.isAlive() && !p.broken && p.tasks > 0 }

func (p *evaluator) isAlive() bool {
	select {
	case <-p.runner.started().Done():
		return false
	default:
		return true
	}
}

// moment is how long after an answer a process is taken to be there without being
// asked, which takes as long as a call.
const moment = 20 * time.Millisecond

// Ready reports whether a process that was idle is still there.
func (p *evaluator) Ready(string) bool {
	return p.isAlive() && !p.runner.started().HasExited() && (time.Since(p.answered) < moment || p.conn.Ping() == nil)
}

// End ends the process, and waits for it.
func (p *evaluator) End() {
	_ = p.runner.started().KillGroup(syscall.SIGKILL) // it may have ended by itself
	p.client.Kill()
	p.runner.started().Wait()
	p.runner.readers.Wait()
}

// A verdict is how an evaluation in another process ended.
type verdict struct {
	answer *proto.Answer
	err    error // the connection broke: there is no answer
}

// evaluate has the process evaluate one task.
func (p *evaluator) evaluate(ctx context.Context, name string, e *loops.Evaluation) (_ rush.Values, err error) {
	req, err := evaluateRequest(name, e)
	if err != nil {
		return nil, err
	}
	defer forgetFiles(req.XsFile, req.ConstantsFile)
	files, err := e.CheckpointFiles(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { files.Close(ctx, err != nil) }()
	req.CheckpointFile, req.CheckpointFromFile = files.To, files.From
	if p.memory != e.Options.Memory {
		if err := process.LimitMemory(p.runner.started().Pid(), e.Options.Memory); err != nil {
			return nil, err
		}
		p.memory = e.Options.Memory
	}
	p.tasks--
	p.runner.forget()
	silence := process.NewSilence(e.Options.Stall)
	defer silence.Stop()
	p.task.Store(&isolatedTask{silence, e.Output})
	defer p.task.Store(nil)
	call, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	verdicts := make(chan verdict, 1)
	go func() { verdicts <- p.follow(ctx, call, req, e, silence) }()
	select {
	case v := <-verdicts:
		return p.conclude(v)
	case <-silence.Over():
		message := fmt.Sprintf("the objective printed and reported nothing for %v, and was stopped", e.Options.Stall)
		return nil, p.stopped(&rush.Condition{Class: rush.ClassTimeout, Message: message}, verdicts)
	case <-ctx.Done():
	}
	select {
	case v := <-verdicts: // both at once: it has earned its answer
		return p.conclude(v)
	default:
		return nil, p.stopped(context.Cause(ctx), verdicts)
	}
}

// evaluateRequest makes the request; the caller is to call forgetFiles when the
// call is over.
func evaluateRequest(name string, e *loops.Evaluation) (*proto.EvaluateRequest, error) {
	req := &proto.EvaluateRequest{
		Objective: name, Network: string(e.Network), WorkerId: string(e.Worker),
		Task: int64(e.Task), Attempt: int32(e.Attempt), TimeoutUs: e.Options.Timeout.Microseconds(),
		StallUs: e.Options.Stall.Microseconds(), Memory: e.Options.Memory, RngStream: e.Stream[:],
		LogLevel: int32(levelOf(e.Log)), Scratch: e.Scratch,
	}
	xs, err := wire.AppendMap(nil, e.XS)
	if err == nil {
		req.Xs, req.XsFile, err = spill(xs, 0, e.Scratch)
	}
	if err != nil {
		return nil, fmt.Errorf("xs: %w", err)
	}
	constants, err := wire.Encode(e.Constants)
	if err == nil {
		req.Constants, req.ConstantsFile, err = spill(constants, len(req.Xs), e.Scratch)
	}
	if err != nil {
		forgetFiles(req.XsFile)
		return nil, fmt.Errorf("constants: %w", err)
	}
	return req, nil
}

// levelOf returns the lowest level that a logger takes.
func levelOf(log *slog.Logger) slog.Level {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn} {
		if log.Enabled(context.Background(), level) {
			return level
		}
	}
	return slog.LevelError
}

// follow makes the call and reads its events to the last.
func (p *evaluator) follow(ctx, call context.Context, req *proto.EvaluateRequest, e *loops.Evaluation, silence *process.Silence) (v verdict) {
	stream, err := p.service.Evaluate(call)
	if err != nil {
		return verdict{err: err}
	}
	if err := stream.Send(&proto.EvaluateMessage{Message: &proto.EvaluateMessage_Request{Request: req}}); err != nil && !errors.Is(err, io.EOF) {
		return verdict{err: err} // after io.EOF Recv says why
	}
	for {
		event, err := stream.Recv()
		if err != nil {
			return verdict{err: err}
		}
		if a := event.GetAnswer(); a != nil {
			return verdict{answer: a}
		}
		silence.Break()
		if r := p.take(ctx, event, e); r != nil {
			silence.Break()                                                                          // it was not the objective that took its time
			_ = stream.Send(&proto.EvaluateMessage{Message: &proto.EvaluateMessage_Reply{Reply: r}}) // Recv says why it failed
		}
	}
}

// take does what an event is about, and returns the reply to a question.
func (p *evaluator) take(ctx context.Context, event *proto.EvaluateEvent, e *loops.Evaluation) *proto.Reply {
	switch b := event.Event.(type) {
	case *proto.EvaluateEvent_Progress:
		p.progress(ctx, b.Progress.Value, e)
	case *proto.EvaluateEvent_Record:
		logRecord(ctx, e.Log, b.Record)
	case *proto.EvaluateEvent_Report:
		return reply(ctx, b.Report, e)
	case *proto.EvaluateEvent_Ask:
		return reply(ctx, b.Ask, e)
	}
	return nil
}

func (p *evaluator) progress(ctx context.Context, b []byte, e *loops.Evaluation) {
	var value any
	if len(b) > 0 {
		var err error
		if value, _, err = wire.ReadValue(b); err != nil {
			e.Log.Warn("the objective's progress cannot be read", "error", err)
			return
		}
	}
	e.Progress(ctx, value)
}

// outputs returns those of an answer.
func outputs(a *proto.Answer) (rush.Values, error) {
	defer forgetFiles(a.YsFile)
	return decode(a.Ys, a.YsFile)
}

// conclude turns a verdict into outputs, or into what went wrong.
func (p *evaluator) conclude(v verdict) (rush.Values, error) {
	if v.answer == nil {
		return nil, p.crashed(v)
	}
	p.broken, p.answered = v.answer.Broken, time.Now()
	if len(v.answer.Condition) == 0 {
		return outputs(v.answer)
	}
	c, err := wire.DecodeCondition(v.answer.Condition)
	if err != nil {
		return nil, fmt.Errorf("read the condition: %w", err)
	}
	if p.broken && c.Stderr == "" {
		_ = p.runner.started().Stop(p.grace)
		p.runner.readers.Wait()
		c.Stderr = p.runner.stderr()
	}
	return nil, c
}

// crashed says how the process ended that gave no answer.
func (p *evaluator) crashed(v verdict) error {
	p.broken = true
	group := p.runner.started()
	timer := time.NewTimer(brokenWait)
	defer timer.Stop()
	message, byUs := "the process of the objective ended without an answer: ", false
	select {
	case <-group.Done():
	case <-timer.C: // only the connection broke
		message = fmt.Sprintf("the connection to the process of the objective broke (%v), and it was stopped: ", v.err)
		byUs = true
		group.Stop(0)
	}
	exit := group.Wait()
	p.runner.readers.Wait()
	c := &rush.Condition{Class: rush.ClassCrashed, Message: message + exit.String(), Signal: exit.Signal, Stderr: p.runner.stderr()}
	if last := p.runner.crash(); last != "" {
		c.Message += ": " + last
	}
	switch {
	case exit.Signal == syscall.SIGKILL.String() && !byUs:
		c.Message += " (the system does that when memory runs out)"
	case p.memory > 0:
		c.Message += fmt.Sprintf(" (its memory was limited to %d bytes)", p.memory)
	}
	if exit.Signal == "" && exit.Lost == nil {
		c.ExitCode = &exit.Code
	}
	return c
}

// stopped ends the process with its group, and adds to the reason, if it is a
// condition, what the process printed.
func (p *evaluator) stopped(reason error, verdicts <-chan verdict) error {
	p.broken = true
	exit := p.runner.started().Stop(p.grace)
	v := <-verdicts
	forgetFiles(v.answer.GetYsFile())
	p.runner.readers.Wait()
	c, ok := errors.AsType[*rush.Condition](reason)
	if !ok {
		return reason
	}
	told := *c
	told.Signal, told.Stderr = exit.Signal, p.runner.stderr()
	return &told
}
