package plugins

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/detached"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/proto"
	"github.com/rushnet/rush/rushworker"
)

// IgnoreSchema is the environment variable by which a worker process is told
// to work for a network that another version of rush wrote.
const IgnoreSchema = "RUSH_IGNORE_SCHEMA"

// leaveGrace is how long a worker that has to end may take to tell the
// network and to stop what its objective started.
const leaveGrace = 3 * time.Second

// Serving reports whether the process was started as a worker, or to look after
// detached ones, so that Serve would not return.
func Serving() bool {
	return detached.Hosting() || os.Getenv(handshake.MagicCookieKey) != ""
}

// Serve runs the worker if the process was started as one, and exits when it
// has ended; otherwise it returns at once. Call it first thing in main. A program
// that is nothing but a plugin says so after it: it was run by hand.
//
// The worker ends, and what its objective started is stopped, when the
// process that started it is gone.
//
// A program that starts detached workers calls network.Serve or search.Serve
// instead: a process that is to look after such workers fails here.
func Serve(p Program) { ServeContext(context.Background(), p) }

// ServeContext is Serve with a context: all that the worker does is done with
// its values, and when it ends the worker does, too.
func ServeContext(ctx context.Context, p Program) {
	if !Serving() {
		return
	}
	if detached.Hosting() { // the program's main is not to run once more
		fmt.Fprintln(os.Stderr, "this program was started to look after detached workers, but it calls plugins.Serve; expected network.Serve or search.Serve")
		os.Exit(1)
	}
	if err := serve(ctx, p); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve is a plugin until whoever started it has it end.
func serve(ctx context.Context, p Program) error {
	if found := os.Getenv(handshake.MagicCookieKey); found != handshake.MagicCookieValue {
		return fmt.Errorf("this program is a plugin of rush, but the variable %s in its environment is not what rush sets: expected %q, found %q; "+
			"let rush start it (rush plugins, or a search file), or unset the variable to run it by hand", handshake.MagicCookieKey, handshake.MagicCookieValue, found)
	}
	config := &plugin.ServeConfig{HandshakeConfig: handshake, Logger: hclog.NewNullLogger()}
	if client := os.Getenv(certificateVariable); client != "" {
		safe, certificate, err := serverTLS(client)
		if err != nil {
			return fmt.Errorf("make the connection to rush safe: %w", err)
		}
		config.TLSProvider = func() (*tls.Config, error) { return safe, nil }
		fmt.Println(certificatePrefix + certificate)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	host := newStarter()
	e := newEvaluatorServer(ctx, p, host)
	s := &workerServer{program: p, ctx: ctx, host: host, stdout: os.Stdout, stderr: os.Stderr}
	go host.watch(os.Stdin, host.orphaned(cancel, e))
	config.Plugins = plugin.PluginSet{
		workerPlugin: &workerGRPC{server: s}, evaluatorPlugin: &evaluatorGRPC{server: e},
		catalogPlugin: &catalogGRPC{server: &catalogServer{program: p}},
	}
	config.GRPCServer = func(opts []grpc.ServerOption) *grpc.Server {
		// What the objective starts must not take itself for a worker.
		_ = os.Unsetenv(handshake.MagicCookieKey)
		_ = os.Unsetenv(certificateVariable)
		return grpc.NewServer(append(opts, grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))...)
	}
	plugin.Serve(config)
	return nil
}

// A workerServer is the Worker service of this process.
type workerServer struct {
	proto.UnimplementedWorkerServer
	program Program
	ctx     context.Context // ends when the host is gone
	host    *starter

	stdout, stderr *os.File // the process's own

	worker atomic.Pointer[rushworker.Worker] // nil until it is open
}

// Deliver implements the service: a message for the worker.
func (s *workerServer) Deliver(ctx context.Context, req *proto.DeliverRequest) (*proto.DeliverReply, error) {
	w := s.worker.Load()
	if w == nil {
		return nil, errors.New("the worker has not begun")
	}
	err := w.Deliver(ctx, rushworker.Message{ID: rush.MessageID(req.Message), Command: rush.Command(req.Command), Argument: req.Argument})
	if err != nil {
		return nil, err
	}
	return &proto.DeliverReply{}, nil
}

// Run implements the service: one worker from its start to its end.
func (s *workerServer) Run(req *proto.RunRequest, events grpc.ServerStreamingServer[proto.RunEvent]) error {
	// go-plugin put pipes of its own in their place, in which the last words of
	// a process get lost. The host reads the real ones.
	os.Stdout, os.Stderr = s.stdout, s.stderr
	ctx, cancel := context.WithCancelCause(s.ctx)
	defer cancel(nil)
	defer context.AfterFunc(events.Context(), func() { cancel(context.Cause(events.Context())) })()
	reason, err := s.work(ctx, req, func() error {
		return events.Send(&proto.RunEvent{Event: &proto.RunEvent_Registered{Registered: &proto.Registered{}}})
	})
	if errors.Is(context.Cause(ctx), errOrphaned) {
		_ = os.RemoveAll(req.Scratch) // nobody is left to do it
		s.host.exit()                 // nor to tell
	}
	end := &proto.Ended{Reason: reason}
	if err != nil {
		end.Error = err.Error()
	}
	return events.Send(&proto.RunEvent{Event: &proto.RunEvent_Ended{Ended: end}})
}

// work opens the worker, runs its loop and leaves the network.
func (s *workerServer) work(ctx context.Context, req *proto.RunRequest, registered func() error) (reason string, err error) {
	isolator, err := s.isolator(req)
	if err != nil {
		return "", err
	}
	defer isolator.Close()
	cfg, err := s.config(req)
	if err != nil {
		return "", err
	}
	w, err := rushworker.Open(ctx, cfg)
	if err != nil {
		return "", err
	}
	s.worker.Store(w)
	for name, f := range s.program.Actions {
		w.Offer(name, f)
	}
	var l loops.Loop
	if err = refreshed(w, isolator); err == nil {
		l, err = s.loop(ctx, w, req, isolator)
	}
	if err == nil {
		err = registered()
	}
	if err == nil {
		err = l.Run(ctx, w)
	}
	if gaveUp := w.GaveUp(); gaveUp != nil {
		err = gaveUp // whatever the loop made of it
	}
	state := rush.WorkerTerminated
	if reason = w.StopReason(); reason == "" {
		reason = "the loop is over"
	}
	if err != nil {
		reason = err.Error()
		if ctx.Err() != nil {
			state, reason = rush.WorkerLost, context.Cause(ctx).Error()
		}
	}
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveGrace)
	defer cancel()
	return reason, errors.Join(err, w.Leave(leave, state, reason))
}

// refreshed sets the environment variables of the worker's network in this
// process, now and whenever the worker is refreshed. Processes of isolated tasks
// that have the old ones are not used again.
func refreshed(w *rushworker.Worker, i *Isolator) error {
	var v variables
	set := func() error {
		changed, err := v.set(w.Variables())
		if changed {
			i.Renew()
		}
		return err
	}
	w.OnRefresh(func(context.Context) error { return set() })
	return set()
}

// loop makes the loop that was asked for.
func (s *workerServer) loop(ctx context.Context, w *rushworker.Worker, req *proto.RunRequest, i loops.Isolator) (loops.Loop, error) {
	args, err := wire.Decode(req.Args)
	if err != nil {
		return nil, fmt.Errorf("arguments of loop %s: %w", req.Loop, err)
	}
	constants, err := wire.Decode(req.Constants)
	if err != nil {
		return nil, fmt.Errorf("constants: %w", err)
	}
	problem, err := s.program.problem(req.Objective, constants)
	if err != nil {
		return nil, err
	}
	problem.Isolator, problem.Grace = i, graceOf(req)
	return s.program.makeLoop(ctx, w, req.Loop, Setting{Args: args, Problem: problem, Output: s.print})
}

// isolator is for the tasks that are to have a process of their own, which is
// this program again.
func (s *workerServer) isolator(req *proto.RunRequest) (*Isolator, error) {
	self, err := Self()
	if err != nil {
		return nil, err
	}
	self = append(self, os.Args[1:]...)
	return NewIsolator(IsolatorSpec{Spec: Spec{Command: self}, Tasks: s.program.TasksPerProcess, Grace: graceOf(req), Output: s.print}), nil
}

// print passes on what a process printed that was started here.
func (s *workerServer) print(stream, line string) {
	to := s.stdout
	if stream == "stderr" {
		to = s.stderr
	}
	fmt.Fprintln(to, line)
}

// graceOf returns how long processes that evaluate may take to end.
func graceOf(req *proto.RunRequest) time.Duration {
	return time.Duration(req.GraceUs) * time.Microsecond
}

func (s *workerServer) config(req *proto.RunRequest) (rushworker.Config, error) {
	level := &slog.HandlerOptions{Level: slog.Level(req.LogLevel)}
	cfg := rushworker.Config{
		Store:       req.Store,
		Network:     rush.NetworkID(req.Network),
		ID:          rush.WorkerID(req.WorkerId),
		Loop:        req.Loop,
		Local:       req.Local,
		Queues:      req.Queues,
		Version:     s.program.Version,
		IdleTimeout: time.Duration(req.IdleTimeoutUs) * time.Microsecond,
		Patience:    time.Duration(req.PatienceUs) * time.Microsecond,
		Heartbeat:   time.Duration(req.HeartbeatUs) * time.Microsecond,
		Expiry:      time.Duration(req.ExpiryUs) * time.Microsecond,
		Log:         slog.New(slog.NewTextHandler(os.Stderr, level)),
		Recorded:    slog.NewTextHandler(marker{os.Stderr}, level),
		LogBuffer:   int(req.Log.GetBuffer()),
		KeepOutput:  req.Log.GetKeepOutput(),
		LogDir:      req.Log.GetDir(),
		Scratch:     req.Scratch,
	}
	cfg.IgnoreSchema = os.Getenv(IgnoreSchema) != ""
	var err error
	if t := req.Log.GetThresholds(); t != "" {
		cfg.LogThresholds, err = logstore.ParseThresholds(t)
	}
	return cfg, err
}
