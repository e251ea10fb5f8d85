package plugins

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/scratch"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/plugins/proto"
	"github.com/rushnet/rush/rushworker"
)

// A WorkerSpec says which worker process to start. Command, Store, Network
// and ID are needed.
type WorkerSpec struct {
	Command []string // a program that calls Serve, and its arguments
	Dir     string   // working directory; default: this program's
	Env     []string // added to this program's environment
	SHA256  string   // of the program's file; see Spec.Verify

	Store             string
	Network           rush.NetworkID
	ID                rush.WorkerID
	Loop              string // default: DefaultLoop
	Objective         string // default: the program's only one
	Args, Constants   rush.Values
	Heartbeat, Expiry time.Duration
	IdleTimeout       time.Duration // 0: none
	Patience          time.Duration // see rushworker.Config; 0: its default
	Grace             time.Duration // see loops.Problem
	LogLevel          slog.Level

	// What of the worker goes into the network's log and a log directory; see
	// rushworker.Config.
	LogThresholds logstore.Thresholds
	LogBuffer     int
	KeepOutput    bool
	LogDir        string

	Local  bool
	Queues []string // named queues to take from, in order

	// Output gets what the process prints, line by line; stream is stdout, stderr
	// or Recorded. It is called by one goroutine at a time for each stream. Nil drops it.
	Output func(stream, line string)
}

// A WorkerProcess is a worker process and the worker in it. Its methods may be
// called from any goroutine.
type WorkerProcess struct {
	runner  *groupRunner
	client  *plugin.Client
	scratch *scratch.Dir // for temporary files of the worker; removed when nothing of the process is left
	cancel  context.CancelFunc
	worker  proto.WorkerClient

	registered chan struct{}
	done       chan struct{}
	end        WorkerEnd // set before done is closed
}

// A WorkerEnd says how a worker process ended.
type WorkerEnd struct {
	// Clean says that the worker left the network by itself before its
	// process ended.
	Clean  bool
	Reason string // why it left, or how the process died
	Err    error  // what made the loop fail; nil when nothing did
	Stderr string // the last of what the process printed there
	// ExitCode is the process's; -1 when a signal ended it, which Signal names.
	ExitCode int
	Signal   string
}

// StartWorker starts a worker process, and the worker in it; it returns when
// the process is up. The caller is to wait for Done.
func StartWorker(ctx context.Context, s WorkerSpec) (*WorkerProcess, error) {
	req, err := s.request()
	if err != nil {
		return nil, fmt.Errorf("start worker %s: %w", s.ID, err)
	}
	if err := (&Spec{Command: s.Command, Dir: s.Dir, SHA256: s.SHA256}).Verify(); err != nil {
		return nil, fmt.Errorf("start worker %s: %w", s.ID, err)
	}
	dir, err := scratch.New("")
	if err != nil {
		return nil, fmt.Errorf("start worker %s: %w", s.ID, err)
	}
	req.Scratch = dir.Path()
	p := &WorkerProcess{scratch: dir, registered: make(chan struct{}), done: make(chan struct{})}
	p.runner = s.runner()
	start, err := prepare(p.runner, dir.Path(), 0)
	if err != nil {
		_ = dir.Remove()
		return nil, fmt.Errorf("start worker %s: %w", s.ID, err)
	}
	p.client = start.client
	stop := context.AfterFunc(ctx, func() { _ = p.runner.Kill(ctx) })
	defer stop()
	worker, err := workerOf(start)
	if err != nil {
		start.end()
		_ = dir.Remove() // of no use to anybody
		if ctx.Err() != nil {
			err = context.Cause(ctx) // what it died of
		}
		return nil, fmt.Errorf("start worker %s with %s: %w", s.ID, strings.Join(s.Command, " "), err)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	p.cancel, p.worker = cancel, worker
	events, err := worker.Run(run, req)
	if err != nil {
		p.Kill()
		_ = dir.Remove()
		return nil, fmt.Errorf("start worker %s: %w", s.ID, err)
	}
	// Nobody else is to connect, and nobody is left to tidy up after a kill.
	start.hide()
	go p.follow(events)
	return p, nil
}

func (s *WorkerSpec) request() (*proto.RunRequest, error) {
	if len(s.Command) == 0 {
		return nil, errors.New("no command was given; expected a program that calls plugins.Serve")
	}
	args, err := wire.Encode(s.Args)
	if err != nil {
		return nil, fmt.Errorf("arguments: %w", err)
	}
	constants, err := wire.Encode(s.Constants)
	if err != nil {
		return nil, fmt.Errorf("constants: %w", err)
	}
	return &proto.RunRequest{
		Store: s.Store, Network: string(s.Network), WorkerId: string(s.ID), Loop: s.Loop, Objective: s.Objective,
		Args: args, Constants: constants, HeartbeatUs: s.Heartbeat.Microseconds(), ExpiryUs: s.Expiry.Microseconds(),
		LogLevel: int32(s.LogLevel),
		Log:      &proto.Log{Thresholds: s.LogThresholds.String(), Buffer: int32(s.LogBuffer), KeepOutput: s.KeepOutput, Dir: s.LogDir},
		Local:    s.Local, IdleTimeoutUs: s.IdleTimeout.Microseconds(), GraceUs: s.Grace.Microseconds(), Queues: s.Queues,
		PatienceUs: s.Patience.Microseconds(),
	}, nil
}

func (s *WorkerSpec) runner() *groupRunner {
	cmd := exec.Command(s.Command[0], s.Command[1:]...)
	cmd.Dir = s.Dir
	cmd.Env = s.Env
	output := s.Output
	if output == nil {
		output = func(string, string) {}
	}
	return &groupRunner{name: s.Command[0], cmd: cmd, output: output, session: true}
}

func workerOf(l *launch) (proto.WorkerClient, error) {
	c, err := l.connect()
	if err != nil {
		return nil, err
	}
	raw, err := c.Dispense(workerPlugin)
	if err != nil {
		return nil, err
	}
	return raw.(proto.WorkerClient), nil
}

// follow reads the worker's events to the last and waits for its process.
func (p *WorkerProcess) follow(events grpc.ServerStreamingClient[proto.RunEvent]) {
	defer close(p.done)
	registered := sync.OnceFunc(func() { close(p.registered) })
	for {
		event, err := events.Recv()
		if err != nil {
			break
		}
		switch e := event.Event.(type) {
		case *proto.RunEvent_Registered:
			registered()
		case *proto.RunEvent_Ended:
			p.end.Clean, p.end.Reason = true, e.Ended.Reason
			if e.Ended.Error != "" {
				p.end.Err = errors.New(e.Ended.Error)
			}
		}
	}
	p.cancel()
	p.client.Kill()
	group := p.runner.started()
	exit := group.Wait()
	p.runner.sweep(group)
	p.runner.readers.Wait()
	_ = p.scratch.Remove()
	p.end.Stderr, p.end.ExitCode, p.end.Signal = p.runner.stderr(), exit.Code, exit.Signal
	if !p.end.Clean {
		p.end.Reason = "its process ended: " + exit.String()
	}
}

// Deliver hands the worker a message; see rushworker.Worker.Deliver. An error
// is what the worker says of it.
func (p *WorkerProcess) Deliver(ctx context.Context, m rushworker.Message) error {
	select {
	case <-p.registered:
	case <-p.done:
	case <-ctx.Done():
	}
	_, err := p.worker.Deliver(ctx, &proto.DeliverRequest{Message: int64(m.ID), Command: string(m.Command), Argument: m.Argument})
	switch status.Code(err) {
	case codes.OK:
		return nil
	case codes.Unavailable, codes.Canceled, codes.DeadlineExceeded:
		select { // the process is about to end, which answers what it did not
		case <-p.done:
		case <-ctx.Done():
		}
		return errors.New("the worker ended before it answered")
	}
	return errors.New(status.Convert(err).Message())
}

// PID returns the number of the process.
func (p *WorkerProcess) PID() int { return p.runner.started().Pid() }

// Registered is closed when the worker is part of the network.
func (p *WorkerProcess) Registered() <-chan struct{} { return p.registered }

// WasRegistered reports whether Registered is closed.
func (p *WorkerProcess) WasRegistered() bool {
	select {
	case <-p.registered:
		return true
	default:
		return false
	}
}

// Done is closed when the process has ended and nothing of it is left.
func (p *WorkerProcess) Done() <-chan struct{} { return p.done }

// End waits for Done and says how the worker ended.
func (p *WorkerProcess) End() WorkerEnd {
	<-p.done
	return p.end
}

// Kill ends the process at once, with everything that it started.
func (p *WorkerProcess) Kill() { _ = p.runner.Kill(context.Background()) }

// Self is the command that starts this program once more, for programs that
// call Serve.
func Self() ([]string, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return []string{path}, nil
}
