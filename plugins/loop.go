package plugins

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/plugins/proto"
)

// DefaultLoopGrace is how long the program of a loop may take to end once its loop
// is over.
const DefaultLoopGrace = 5 * time.Second

// A LoopSpec says which loop of another program is to run. Command and Host are
// needed.
type LoopSpec struct {
	Spec
	Name string      // what the program serves it under; empty: its only one
	Args rush.Values // of the loop
	// Host makes the service that is offered to the program. gone ends when the
	// program has ended, which is when nobody waits for an answer any more, or with
	// the context of RunLoop.
	Host func(gone context.Context) proto.HostServer
	// Scratch is a directory for the files by which both find each other; empty is
	// the system's for temporary files.
	Scratch string
	// Grace is how long the program may take to end once the loop is over, until it is
	// killed; 0 is DefaultLoopGrace.
	Grace time.Duration
	// Output takes what the program prints, line by line; stream is stdout or stderr.
	// It is called by one goroutine at a time for each stream. Nil drops it.
	Output func(stream, line string)
}

// RunLoop starts a program, has it run a loop, and returns when the loop is over and
// nothing of the program is left. An error says how the loop failed, or how the
// program ended that gave no answer, with the last of what it printed on stderr. When
// ctx ends the program is killed, and ctx's cause returned.
func RunLoop(ctx context.Context, s LoopSpec) error {
	if s.Grace <= 0 {
		s.Grace = DefaultLoopGrace
	}
	if s.Output == nil {
		s.Output = func(string, string) {}
	}
	p := &loopProcess{spec: s}
	err := p.run(ctx)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("the loop %s: %w", &s.Spec, err)
	}
	return nil
}

// A loopProcess is the program of a loop.
type loopProcess struct {
	spec   LoopSpec
	runner *groupRunner
	client *plugin.Client
	conn   plugin.ClientProtocol
	loop   *loopClient
}

// errProgramGone is why what the program asked for is of no use any more.
var errProgramGone = errors.New("the loop's program has ended")

func (p *loopProcess) run(ctx context.Context) error {
	cmd, err := p.spec.Cmd()
	if err != nil {
		return err
	}
	p.runner = &groupRunner{name: p.spec.Command[0], cmd: cmd, output: p.spec.Output}
	start, err := prepare(p.runner, p.spec.Scratch, p.spec.StartTimeout)
	if err != nil {
		return err
	}
	p.client = start.client
	defer start.hide() // it may connect to the host once more until then
	defer p.end()
	defer context.AfterFunc(ctx, func() { _ = p.runner.Kill(ctx) })()
	if err := p.connect(start); err != nil {
		return fmt.Errorf("start it: %w", err)
	}
	gone, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	var serving sync.WaitGroup
	defer serving.Wait()
	serving.Go(func() {
		p.runner.started().Wait()
		leave(errProgramGone)
	})
	id := p.loop.broker.NextId()
	serving.Go(func() { p.serveHost(id, p.spec.Host(gone)) })
	err = p.conclude(p.call(ctx, id))
	p.leave()
	return err
}

func (p *loopProcess) connect(l *launch) (err error) {
	if p.conn, err = l.connect(); err != nil {
		return err
	}
	raw, err := p.conn.Dispense(loopPlugin)
	if err != nil {
		return err
	}
	p.loop = raw.(*loopClient)
	return nil
}

// serveHost serves until the connection to the program is closed, and what the
// program asked for is done.
func (p *loopProcess) serveHost(id uint32, host proto.HostServer) {
	p.loop.broker.AcceptAndServe(id, func(opts []grpc.ServerOption) *grpc.Server {
		server := grpc.NewServer(append(opts, grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))...)
		proto.RegisterHostServer(server, host)
		return server
	})
}

// call has the program run the loop. The call ends with the program, which is killed
// when ctx ends: it is not cancelled, so that what the program does last is seen.
func (p *loopProcess) call(ctx context.Context, host uint32) (*proto.RunLoopReply, error) {
	args, err := wire.Encode(p.spec.Args)
	if err != nil {
		return nil, fmt.Errorf("arguments: %w", err)
	}
	return p.loop.Run(context.WithoutCancel(ctx), &proto.RunLoopRequest{Name: p.spec.Name, Args: args, Host: host})
}

// conclude says how the loop failed, if it did.
func (p *loopProcess) conclude(reply *proto.RunLoopReply, err error) error {
	if err != nil {
		return p.broken(err)
	}
	if len(reply.Condition) == 0 {
		return nil
	}
	c, err := wire.DecodeCondition(reply.Condition)
	if err != nil {
		return fmt.Errorf("it failed, and its condition cannot be read: %w", err)
	}
	if c.Trace == "" {
		return fmt.Errorf("it failed: %s", c.Message)
	}
	return fmt.Errorf("it failed: %s\n%s", c.Message, strings.TrimRight(c.Trace, "\n"))
}

// broken says why there is no reply: the program ended, or says that it has none.
func (p *loopProcess) broken(failure error) error {
	group := p.runner.started()
	timer := time.NewTimer(brokenWait)
	defer timer.Stop()
	select {
	case <-group.Done():
	case <-timer.C:
		said, ok := status.FromError(failure)
		if !ok {
			return failure
		}
		if said.Code() == codes.Unimplemented {
			return errors.New("the program does not serve rush.plugin.v1.Loop, the gRPC service of programs with loops")
		}
		return p.withStderr("it failed: " + said.Message())
	}
	exit := group.Wait()
	p.runner.readers.Wait()
	message := "its program ended before the loop was over: " + exit.String()
	if last := p.runner.crash(); last != "" {
		message += ": " + last
	}
	return p.withStderr(message)
}

func (p *loopProcess) withStderr(message string) error {
	if stderr := p.runner.stderr(); stderr != "" {
		message += "; the last of its stderr:\n" + stderr
	}
	return errors.New(message)
}

// leave asks the program to end, and kills it after the grace.
func (p *loopProcess) leave() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = p.conn.Close() // a program that is gone needs no telling
	}()
	timer := time.NewTimer(p.spec.Grace)
	defer timer.Stop()
	select {
	case <-p.runner.started().Done():
	case <-timer.C:
		_ = p.runner.Kill(context.Background())
	}
	<-closed
}

// end sees to it that nothing of the program is left.
func (p *loopProcess) end() {
	if group := p.runner.started(); group != nil {
		_ = p.runner.Kill(context.Background())
		p.client.Kill()
		group.Wait()
		p.runner.readers.Wait()
		return
	}
	p.client.Kill()
}

// loopGRPC ties the Loop service to go-plugin, on the side of the worker: the
// programs of other languages serve it.
type loopGRPC struct{ plugin.NetRPCUnsupportedPlugin }

var _ plugin.GRPCPlugin = loopGRPC{}

// A loopClient calls the Loop service of a program.
type loopClient struct {
	proto.LoopClient
	broker *plugin.GRPCBroker
}

// GRPCServer fails: in Go a loop is a worker process.
func (loopGRPC) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this side runs no loops for others")
}

// GRPCClient returns the worker's *loopClient.
func (loopGRPC) GRPCClient(_ context.Context, b *plugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return &loopClient{proto.NewLoopClient(c), b}, nil
}
