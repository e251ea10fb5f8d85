package hosted

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/plugins/proto"
	"github.com/rushnet/rush/table"
)

// A hostServer is the Host service of a worker. Its verbs do not end with their
// calls: what a program delivered is delivered though it died right after it, and a
// task that was handed out to nobody is kept for the next call.
type hostServer struct {
	proto.UnimplementedHostServer
	session *Session
	ctx     context.Context // of the loop
	gone    context.Context // ends when the program has ended, too
	fail    context.CancelCauseFunc

	holds atomic.Int64 // the key of the only task that the loop holds, or rush.NoTask

	handing sync.Mutex // held while something is handed out; guards kept
	kept    *Handout   // what was handed out in a call that nobody waited for any more
}

var _ proto.HostServer = (*hostServer)(nil)

// done notes what the loop holds after a verb, and makes a status of what went
// wrong. When no verb can do anything any more it ends the loop.
func (s *hostServer) done(err error) error {
	s.holds.Store(int64(s.session.only()))
	switch {
	case err == nil:
		return nil
	case errors.Is(err, rush.ErrLost):
		s.fail(err)
		return status.Error(codes.Aborted, err.Error())
	case s.gone.Err() != nil:
		return status.Error(codes.Canceled, err.Error())
	case errors.Is(err, rush.ErrState):
		return status.Error(codes.FailedPrecondition, err.Error())
	}
	return status.Error(codes.InvalidArgument, err.Error())
}

// Hello implements the service.
func (s *hostServer) Hello(context.Context, *proto.HelloRequest) (*proto.HelloReply, error) {
	g, err := s.session.Hello()
	if err != nil {
		return nil, s.done(err)
	}
	m := &proto.HelloReply{
		Network: string(g.Network), Worker: string(g.Worker), Space: string(g.Space), RngStream: g.Stream[:], Scratch: s.session.w.Scratch(),
	}
	for _, t := range g.Codomain {
		m.Codomain = append(m.Codomain, &proto.Target{Name: t.Name, Goal: string(t.Goal)})
	}
	if m.Args, err = wire.Encode(g.Args); err == nil {
		m.Constants, err = wire.Encode(g.Constants)
	}
	return m, s.done(err)
}

// Over implements the service.
func (s *hostServer) Over(context.Context, *proto.OverRequest) (*proto.OverReply, error) {
	over, err := s.session.Over()
	return &proto.OverReply{Reason: over}, s.done(err)
}

// Pop implements the service.
func (s *hostServer) Pop(call context.Context, r *proto.PopRequest) (*proto.Handout, error) {
	if r.WaitUs < 0 {
		return nil, s.done(fmt.Errorf("wait_us: expected 0 or more, found %d", r.WaitUs))
	}
	return s.handOut(call, func() (h Handout, err error) {
		h.Key = rush.NoTask
		h.Task, err = s.session.Pop(s.gone, time.Duration(r.WaitUs)*time.Microsecond)
		return h, err
	})
}

// Take implements the service.
func (s *hostServer) Take(call context.Context, _ *proto.TakeRequest) (*proto.Handout, error) {
	return s.handOut(call, func() (Handout, error) { return s.session.Take(s.ctx) })
}

// handOut answers with what next brings, or with what was kept. If nobody waits for
// the answer any more it keeps what there is for the next call.
func (s *hostServer) handOut(call context.Context, next func() (Handout, error)) (*proto.Handout, error) {
	s.handing.Lock()
	defer s.handing.Unlock()
	if call.Err() == nil && s.kept == nil {
		h, err := next()
		if err != nil {
			return nil, s.done(err)
		}
		s.kept = &h
	}
	if call.Err() != nil {
		return nil, status.FromContextError(call.Err()).Err()
	}
	h := s.kept
	s.kept = nil
	m, err := s.handout(*h)
	return m, s.done(err)
}

// Start implements the service.
func (s *hostServer) Start(_ context.Context, r *proto.StartRequest) (*proto.Handout, error) {
	p, err := s.point(r.Point)
	if err != nil {
		return nil, s.done(err)
	}
	t, err := s.session.Start(s.ctx, rush.TaskKey(r.Key), p, time.Duration(r.ProposingUs)*time.Microsecond)
	if err != nil {
		return nil, s.done(err)
	}
	m, err := s.handout(Handout{Task: t, Key: rush.NoTask})
	return m, s.done(err)
}

// PushRunning implements the service.
func (s *hostServer) PushRunning(_ context.Context, r *proto.PushRequest) (*proto.PushRunningReply, error) {
	m := &proto.PushRunningReply{}
	points, err := s.points(r.Points)
	if err == nil {
		m.Over, err = s.session.Over()
	}
	if err != nil || m.Over != "" {
		return m, s.done(err)
	}
	tasks, err := s.session.PushRunning(s.ctx, points)
	if err != nil {
		return nil, s.done(err)
	}
	for _, t := range tasks {
		task, err := s.task(t)
		if err != nil {
			return nil, s.done(err)
		}
		m.Tasks = append(m.Tasks, task)
	}
	m.Over, err = s.session.Over()
	return m, s.done(err)
}

// Push implements the service.
func (s *hostServer) Push(_ context.Context, r *proto.PushRequest) (*proto.PushReply, error) {
	points, err := s.points(r.Points)
	if err != nil {
		return nil, s.done(err)
	}
	keys, err := s.session.Push(s.ctx, points)
	m := &proto.PushReply{}
	for _, key := range keys {
		m.Keys = append(m.Keys, int64(key))
	}
	return m, s.done(err)
}

// Evaluate implements the service.
func (s *hostServer) Evaluate(_ context.Context, r *proto.ScoreRequest) (*proto.Outcome, error) {
	o, err := s.session.Evaluate(s.gone, rush.TaskKey(r.Key))
	if err == nil && s.gone.Err() != nil {
		err = context.Cause(s.gone) // it was cut short: that is no outcome
	}
	if err == nil && r.Finish {
		err = s.session.End(s.ctx, []Outcome{o})
	}
	if err != nil {
		return nil, s.done(err)
	}
	m, err := outcomeMessage(o)
	return m, s.done(err)
}

// End implements the service.
func (s *hostServer) End(_ context.Context, r *proto.EndRequest) (*proto.EndReply, error) {
	outcomes := make([]Outcome, len(r.Outcomes))
	for i, m := range r.Outcomes {
		var err error
		if outcomes[i], err = s.outcome(m); err != nil {
			return nil, s.done(err)
		}
	}
	return &proto.EndReply{}, s.done(s.session.End(s.ctx, outcomes))
}

// Counts implements the service.
func (s *hostServer) Counts(context.Context, *proto.CountsRequest) (*proto.CountsReply, error) {
	n, err := s.session.w.Counts(s.ctx)
	return &proto.CountsReply{
		Created: n.Created, Deferred: n.Deferred, Queued: n.Queued, Running: n.Running, Finished: n.Finished, Failed: n.Failed,
	}, s.done(err)
}

// Progress implements the service.
func (s *hostServer) Progress(_ context.Context, r *proto.ProgressRequest) (*proto.ProgressReply, error) {
	var value any
	if len(r.Value) > 0 {
		var err error
		if value, _, err = wire.ReadValue(r.Value); err != nil {
			return nil, s.done(fmt.Errorf("value: %w", err))
		}
	}
	return &proto.ProgressReply{}, s.done(s.session.Progress(s.ctx, rush.TaskKey(r.Key), value))
}

// Report implements the service.
func (s *hostServer) Report(_ context.Context, r *proto.ReportRequest) (*proto.ReportReply, error) {
	ys, err := readMap("ys", r.Ys)
	if err != nil {
		return nil, s.done(err)
	}
	stop, err := s.session.Report(s.ctx, rush.TaskKey(r.Key), r.Step, numbers(ys, s.session.setting.Problem.Codomain.Has))
	return &proto.ReportReply{Stop: stop}, s.done(err)
}

// Log implements the service.
func (s *hostServer) Log(_ context.Context, r *proto.LogRequest) (*proto.LogReply, error) {
	attrs, err := readMap("attributes", r.Attributes)
	if err == nil {
		s.session.Log(s.ctx, slog.Level(r.Level), r.Message, attrs)
	}
	return &proto.LogReply{}, s.done(err)
}

// chunkSize is how many bytes of a table are sent at once.
const chunkSize = 1 << 20

// Fetch implements the service.
func (s *hostServer) Fetch(r *proto.FetchRequest, chunks grpc.ServerStreamingServer[proto.FetchChunk]) error {
	states, err := fetched(r)
	if err != nil {
		return s.done(err)
	}
	w := bufio.NewWriterSize(chunkWriter{chunks}, chunkSize)
	if err := s.writeTable(w, r, states); err != nil {
		return s.done(err)
	}
	return s.done(w.Flush())
}

func (s *hostServer) writeTable(w io.Writer, r *proto.FetchRequest, states []rush.State) error {
	format := table.ArrowStream
	if r.JsonLines {
		format = table.JSONLines
	}
	if !r.Fresh {
		_, err := s.session.w.Export(s.gone, w, &table.ExportOptions{Format: format, States: states})
		return err
	}
	t, err := s.session.w.New(s.gone, time.Duration(r.WaitUs)*time.Microsecond)
	if err != nil {
		return err
	}
	defer t.Release()
	return table.Write(w, t, format, nil)
}

// fetched says which states are fetched.
func fetched(r *proto.FetchRequest) ([]rush.State, error) {
	states := make([]rush.State, len(r.States))
	for i, name := range r.States {
		if states[i] = rush.State(name); !slices.Contains(allStates(), states[i]) {
			return nil, fmt.Errorf("states: there is no state %q; expected some of %v", name, allStates())
		}
	}
	if len(states) == 0 {
		states = []rush.State{rush.Finished}
	}
	switch {
	case r.Fresh && !slices.Equal(states, []rush.State{rush.Finished}):
		return nil, errors.New("states: only finished tasks can be fresh")
	case r.WaitUs < 0:
		return nil, fmt.Errorf("wait_us: expected 0 or more, found %d", r.WaitUs)
	case r.WaitUs > 0 && !r.Fresh:
		return nil, errors.New("wait_us: only fresh tasks can be waited for; set fresh, too")
	}
	return states, nil
}

func allStates() []rush.State {
	return []rush.State{rush.Deferred, rush.Queued, rush.Running, rush.Finished, rush.Failed}
}

// A chunkWriter sends what is written to it.
type chunkWriter struct {
	chunks grpc.ServerStreamingServer[proto.FetchChunk]
}

// Write sends a copy: the caller uses b again.
func (w chunkWriter) Write(b []byte) (int, error) {
	if err := w.chunks.Send(&proto.FetchChunk{Data: slices.Clone(b)}); err != nil {
		return 0, err
	}
	return len(b), nil
}
