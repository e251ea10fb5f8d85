package plugins

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/proto"
	"github.com/rushnet/rush/seeds"
)

// evaluatorGRPC ties the Evaluator service to go-plugin.
type evaluatorGRPC struct {
	plugin.NetRPCUnsupportedPlugin
	server proto.EvaluatorServer // nil on the host's side
}

var _ plugin.GRPCPlugin = (*evaluatorGRPC)(nil)

// GRPCServer registers the service in the process that evaluates.
func (p *evaluatorGRPC) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	if p.server == nil {
		return errors.New("this side evaluates nothing")
	}
	proto.RegisterEvaluatorServer(s, p.server)
	return nil
}

// GRPCClient returns the host's proto.EvaluatorClient.
func (p *evaluatorGRPC) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return proto.NewEvaluatorClient(c), nil
}

// An evaluatorServer is the Evaluator service of this process.
type evaluatorServer struct {
	proto.UnimplementedEvaluatorServer
	program Program
	ctx     context.Context // ends when the host is gone
	host    *starter

	stdout, stderr *os.File // the process's own
	streams        sync.Once
	serves         atomic.Bool // it was called: this is no worker
	busy           atomic.Bool
	turn           chan struct{} // holds something while a task is evaluated: one at a time
}

func newEvaluatorServer(ctx context.Context, program Program, host *starter) *evaluatorServer {
	return &evaluatorServer{program: program, ctx: ctx, host: host, stdout: os.Stdout, stderr: os.Stderr, turn: make(chan struct{}, 1)}
}

// leaveIdle ends the process when the host is gone and nothing is evaluated.
func (s *evaluatorServer) leaveIdle() {
	if s.serves.Load() && !s.busy.Load() {
		s.host.exit()
	}
}

// Evaluate implements the service.
func (s *evaluatorServer) Evaluate(call grpc.BidiStreamingServer[proto.EvaluateMessage, proto.EvaluateEvent]) error {
	first, err := call.Recv()
	if err != nil {
		return err
	}
	req := first.GetRequest()
	if req == nil {
		return status.Error(codes.InvalidArgument, "the call began without a request; expected one as its first message")
	}
	// The worker may send the next task as soon as it has the answer, a moment
	// before this call is over.
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-call.Context().Done():
		return context.Cause(call.Context())
	}
	s.busy.Store(true)
	defer s.busy.Store(false)
	s.serves.Store(true)
	s.streams.Do(func() { os.Stdout, os.Stderr = s.stdout, s.stderr }) // see workerServer.Run
	ctx, cancel := context.WithCancelCause(s.ctx)
	defer cancel(nil)
	defer context.AfterFunc(call.Context(), func() { cancel(context.Cause(call.Context())) })()
	out := &evaluatorEvents{stream: call}
	answer := s.answer(ctx, req, out, &evaluatorReports{out: out, stream: call})
	if errors.Is(context.Cause(ctx), errOrphaned) {
		s.host.exit() // nobody is left to tell
	}
	return out.send(&proto.EvaluateEvent{Event: &proto.EvaluateEvent_Answer{Answer: answer}})
}

// answer calls the objective. After a panic nobody knows what state the
// process is in, so that it is not used again.
func (s *evaluatorServer) answer(ctx context.Context, req *proto.EvaluateRequest, out *evaluatorEvents, reports *evaluatorReports) (a *proto.Answer) {
	defer func() {
		if p := recover(); p != nil {
			stack := string(debug.Stack())
			fmt.Fprintf(s.stderr, "panic: %v\n\n%s", p, stack)
			a = answerOf(nil, &rush.Condition{Class: rush.ClassCrashed, Message: fmt.Sprintf("the objective panicked: %v", p), Trace: stack})
			a.Broken = true
		}
	}()
	e, err := s.evaluation(ctx, req, out)
	if err != nil {
		return answerOf(nil, err)
	}
	e.Reporter = reports
	e.Checkpointer = checkpointFiles{to: req.CheckpointFile, from: req.CheckpointFromFile}
	problem, err := s.program.problem(req.Objective, nil)
	if err == nil && problem.Objective == nil {
		err = errors.New("the program serves several objectives, and the loop does not say by name which one is to be evaluated in a process of its own; see loops.Problem")
	}
	if err != nil {
		return answerOf(nil, err)
	}
	ys, err := problem.Objective.Evaluate(ctx, e)
	a = answerOf(ys, err)
	if a.Ys, a.YsFile, err = spill(a.Ys, len(a.Condition), req.Scratch); err != nil {
		return answerOf(nil, fmt.Errorf("outputs: %w", err))
	}
	return a
}

// answerOf encodes what came of an evaluation.
func answerOf(ys rush.Values, err error) *proto.Answer {
	var a proto.Answer
	if err == nil {
		a.Ys, err = wire.AppendMap(nil, ys)
	}
	if err == nil {
		return &a
	}
	c, ok := errors.AsType[*rush.Condition](err)
	if !ok {
		c = &rush.Condition{Class: rush.ClassError, Message: err.Error()}
	}
	a.Ys = nil
	if a.Condition, err = wire.EncodeCondition(c); err != nil {
		a.Condition, _ = wire.EncodeCondition(&rush.Condition{Class: rush.ClassError, Message: err.Error()})
	}
	return &a
}

// evaluation makes what the objective is called with, and the environment that
// tells it of the task.
func (s *evaluatorServer) evaluation(ctx context.Context, req *proto.EvaluateRequest, out *evaluatorEvents) (*loops.Evaluation, error) {
	xs, err := decode(req.Xs, req.XsFile)
	if err != nil {
		return nil, fmt.Errorf("xs: %w", err)
	}
	constants, err := decode(req.Constants, req.ConstantsFile)
	if err != nil {
		return nil, fmt.Errorf("constants: %w", err)
	}
	e := &loops.Evaluation{
		XS: xs, Constants: constants, Network: rush.NetworkID(req.Network), Worker: rush.WorkerID(req.WorkerId),
		Task: rush.TaskKey(req.Task), Attempt: int(req.Attempt), Scratch: req.Scratch,
		Options: rush.Options{
			Timeout: time.Duration(req.TimeoutUs) * time.Microsecond, Stall: time.Duration(req.StallUs) * time.Microsecond,
			Memory: req.Memory, Isolate: true,
		},
		Progressed: out.progress,
		Log:        slog.New(&recorder{level: slog.Level(req.LogLevel), out: out, late: slog.NewTextHandler(s.stderr, nil)}),
	}
	if len(req.RngStream) == len(seeds.Stream{}) {
		e.Stream = seeds.Stream(req.RngStream)
	}
	return e, errors.Join(
		os.Setenv("RUSH_NETWORK", req.Network), os.Setenv("RUSH_WORKER_ID", req.WorkerId),
		os.Setenv("RUSH_TASK", e.Task.String()), os.Setenv("RUSH_ATTEMPT", strconv.Itoa(e.Attempt)),
	)
}

func decode(inline []byte, path string) (rush.Values, error) {
	b, err := unspill(inline, path)
	if err != nil {
		return nil, err
	}
	return wire.Decode(b)
}

// evaluatorEvents sends events; a stream takes one at a time, and none after
// the answer.
type evaluatorEvents struct {
	mu     sync.Mutex // held while sending
	stream grpc.BidiStreamingServer[proto.EvaluateMessage, proto.EvaluateEvent]
	over   bool // the answer was sent
}

var errAnswered = errors.New("the task is over")

func (o *evaluatorEvents) send(e *proto.EvaluateEvent) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over {
		return errAnswered
	}
	_, o.over = e.Event.(*proto.EvaluateEvent_Answer)
	return o.stream.Send(e)
}

func (o *evaluatorEvents) progress(_ context.Context, value any) error {
	var b []byte
	if value != nil {
		var err error
		if b, err = wire.AppendValue(nil, value); err != nil {
			return err
		}
		if err := fits(b); err != nil {
			return fmt.Errorf("progress: %w", err)
		}
	}
	return o.send(&proto.EvaluateEvent{Event: &proto.EvaluateEvent_Progress{Progress: &proto.Progress{Value: b}}})
}
