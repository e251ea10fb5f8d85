package hosted_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/plugins/proto"
)

// guest, set in the environment, makes the test binary a program with loops that
// knows nothing of package plugins, as those of other languages do.
const guest = "RUSH_HOSTED_TEST_GUEST"

// A guestLoop is a loop of the guest.
type guestLoop func(ctx context.Context, h proto.HostClient, args rush.Values) error

// guestServer is the Loop service of the guest.
type guestServer struct {
	proto.UnimplementedLoopServer
	loops  map[string]guestLoop
	broker *plugin.GRPCBroker
}

func (s *guestServer) Run(ctx context.Context, r *proto.RunLoopRequest) (*proto.RunLoopReply, error) {
	conn, err := s.broker.DialWithOptions(r.Host, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	args, err := wire.Decode(r.Args)
	if err != nil {
		return nil, err
	}
	l, ok := s.loops[r.Name]
	if !ok {
		return nil, fmt.Errorf("there is no loop %q", r.Name)
	}
	err = l(ctx, proto.NewHostClient(conn), args)
	if c, ok := errors.AsType[*rush.Condition](err); ok {
		b, err := wire.EncodeCondition(c)
		return &proto.RunLoopReply{Condition: b}, err
	}
	return &proto.RunLoopReply{}, err
}

// guestGRPC ties the service to go-plugin.
type guestGRPC struct {
	plugin.NetRPCUnsupportedPlugin
	server *guestServer
}

func (p *guestGRPC) GRPCServer(b *plugin.GRPCBroker, s *grpc.Server) error {
	p.server.broker = b
	proto.RegisterLoopServer(s, p.server)
	return nil
}

func (*guestGRPC) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("this is a plugin")
}

// serveGuest is the guest's main.
func serveGuest() {
	stdout, stderr := os.Stdout, os.Stderr // go-plugin puts pipes in their place
	say := func(format string, args ...any) { fmt.Fprintf(stdout, format+"\n", args...) }
	served := map[string]guestLoop{
		"square": square, "verbs": verbs(say), "fetch": fetch(say), "patient": patient(say), "hang": hang(say), "given up": givenUp(say),
		"fail": func(context.Context, proto.HostClient, rush.Values) error {
			return &rush.Condition{Class: rush.ClassError, Message: "ValueError: no luck", Trace: "  at line 3\n"}
		},
		"status": func(context.Context, proto.HostClient, rush.Values) error { return errors.New("it is Tuesday") },
		"exit": func(ctx context.Context, h proto.HostClient, _ rush.Values) error {
			if err := hold(ctx, h); err != nil {
				return err
			}
			fmt.Fprintln(stderr, "no license")
			os.Exit(3)
			return nil
		},
		"die in a verb": func(ctx context.Context, h proto.HostClient, _ rush.Values) error {
			time.AfterFunc(50*time.Millisecond, func() { os.Exit(4) })
			_, err := h.Pop(ctx, &proto.PopRequest{WaitUs: time.Hour.Microseconds()})
			return err
		},
		"stay": func(context.Context, proto.HostClient, rush.Values) error {
			go func() { // it does not heed that it is to end
				for {
					time.Sleep(time.Hour)
				}
			}()
			stay.Store(true)
			return nil
		},
	}
	_ = os.Unsetenv("PLUGIN_CLIENT_CERT") // go-plugin would take it for a wish to be answered by a certificate
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion: 1, MagicCookieKey: "RUSH_PLUGIN", MagicCookieValue: "4f0a7c52-a-rush-worker",
		},
		Plugins:    plugin.PluginSet{"loop": &guestGRPC{server: &guestServer{loops: served}}},
		GRPCServer: plugin.DefaultGRPCServer,
		Logger:     hclog.NewNullLogger(),
	})
	if stay.Load() {
		select {}
	}
	os.Exit(0)
}

var stay atomic.Bool

// hold takes a task that the loop holds from then on.
func hold(ctx context.Context, h proto.HostClient) error {
	_, err := h.PushRunning(ctx, &proto.PushRequest{Points: []*proto.Point{point("x", 1)}})
	return err
}

func point(name string, x any) *proto.Point { return &proto.Point{Xs: values(name, x)} }

// values are names and values.
func values(pairs ...any) []byte {
	v := rush.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v[pairs[i].(string)] = pairs[i+1]
	}
	b, err := wire.AppendMap(nil, v)
	if err != nil {
		panic(err)
	}
	return b
}

// square takes points and proposes multiples of by, which it scores itself, until it
// is over.
func square(ctx context.Context, h proto.HostClient, args rush.Values) error {
	for {
		out, err := h.Take(ctx, &proto.TakeRequest{})
		if err == nil && out.Claim != nil {
			x := args["by"].(float64) * float64(out.Claim.Key)
			out, err = h.Start(ctx, &proto.StartRequest{Key: out.Claim.Key, Point: point("x", x)})
		}
		if err != nil || out.Task == nil {
			return err
		}
		xs, err := wire.Decode(out.Task.Xs)
		if err != nil {
			return err
		}
		x := xs["x"].(float64)
		ended := &proto.Outcome{Key: out.Task.Key, Ys: values("y", x*x, "pid", os.Getpid())}
		if _, err := h.End(ctx, &proto.EndRequest{Outcomes: []*proto.Outcome{ended}}); err != nil {
			return err
		}
	}
}

// patient waits for tasks until it is over, and says why it is.
func patient(say func(string, ...any)) guestLoop {
	return func(ctx context.Context, h proto.HostClient, _ rush.Values) error {
		say("ready")
		out, err := h.Pop(ctx, &proto.PopRequest{WaitUs: time.Hour.Microseconds()})
		say("over: %s", out.GetOver())
		return err
	}
}

// hang heeds nothing and starts something that does not either.
func hang(say func(string, ...any)) guestLoop {
	return func(ctx context.Context, h proto.HostClient, _ rush.Values) error {
		if err := hold(ctx, h); err != nil {
			return err
		}
		child := exec.Command("sh", "-c", "trap '' TERM; while :; do sleep 600; done")
		if err := child.Start(); err != nil {
			return err
		}
		say("pids %d %d", os.Getpid(), child.Process.Pid)
		select {}
	}
}

// givenUp gives up a Pop, and sees that the next one brings what it would have
// brought.
func givenUp(say func(string, ...any)) guestLoop {
	return func(ctx context.Context, h proto.HostClient, _ rush.Values) error {
		short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		_, err := h.Pop(short, &proto.PopRequest{WaitUs: time.Hour.Microseconds()})
		say("gave up: %v", err != nil)
		if _, err := h.Counts(ctx, &proto.CountsRequest{}); err != nil {
			return err
		}
		if _, err := h.Pop(ctx, &proto.PopRequest{WaitUs: time.Hour.Microseconds()}); err != nil {
			return err
		}
		return nil
	}
}

// fetch reads tables and says how long they are.
func fetch(say func(string, ...any)) guestLoop {
	return func(ctx context.Context, h proto.HostClient, _ rush.Values) error {
		for _, r := range []*proto.FetchRequest{
			{}, {Fresh: true, WaitUs: time.Hour.Microseconds()}, {Fresh: true}, {States: []string{"finished", "failed"}},
		} {
			b, err := join(h.Fetch(ctx, r))
			if err != nil {
				return err
			}
			name := fmt.Sprintf("%s/%v-%d", os.Getenv(guest), r.Fresh, r.WaitUs+int64(len(r.States)))
			if err := os.WriteFile(name, b, 0o600); err != nil {
				return err
			}
			say("wrote %s", strings.TrimPrefix(name, os.Getenv(guest)))
		}
		return nil
	}
}

func join(chunks grpc.ServerStreamingClient[proto.FetchChunk], err error) ([]byte, error) {
	var all []byte
	for err == nil {
		var c *proto.FetchChunk
		if c, err = chunks.Recv(); err == nil {
			all = append(all, c.Data...)
		}
	}
	if errors.Is(err, io.EOF) {
		return all, nil
	}
	return nil, err
}

// verbs calls every verb but those that wait, and says what came.
func verbs(say func(string, ...any)) guestLoop {
	return func(ctx context.Context, h proto.HostClient, _ rush.Values) error {
		tell := func(m fmt.Stringer, err error) {
			if err != nil {
				say("error: %s", err)
				return
			}
			say("%s", strings.Join(strings.Fields(m.String()), " "))
		}
		answer := func(m fmt.Stringer, err error) { tell(m, err) }
		hello, err := h.Hello(ctx, &proto.HelloRequest{})
		if err != nil {
			return err
		}
		args, _ := wire.Decode(hello.Args)
		constants, _ := wire.Decode(hello.Constants)
		say("%s %v %v %s %v %d", hello.Worker, args, constants, hello.Space, hello.Codomain[0].Goal, hello.RngStream[0])
		answer(h.Over(ctx, &proto.OverRequest{}))
		pushed, err := h.PushRunning(ctx, &proto.PushRequest{Points: []*proto.Point{point("x", 2), point("x", 13.0)}})
		if err != nil {
			return err
		}
		xs, _ := wire.Decode(pushed.Tasks[0].Xs)
		say("%d %T %d %d", len(pushed.Tasks), xs["x"], pushed.Tasks[1].Key, len(pushed.Tasks[0].RngStream))
		scored, err := h.Evaluate(ctx, &proto.ScoreRequest{Key: 0})
		if err != nil {
			return err
		}
		ys, _ := wire.Decode(scored.Ys)
		extra, _ := wire.Decode(scored.Extra)
		say("%v %v", ys, extra)
		progress, _ := wire.AppendValue(nil, 0.5)
		answer(h.Progress(ctx, &proto.ProgressRequest{Key: 0, Value: progress}))
		answer(h.Report(ctx, &proto.ReportRequest{Key: 0, Step: 1, Ys: values("y", 3)}))
		answer(h.End(ctx, &proto.EndRequest{Outcomes: []*proto.Outcome{{Key: 0, Ys: values("y", 4, "more", []any{1}), Extra: values("note", "mine")}}}))
		failed, err := h.Evaluate(ctx, &proto.ScoreRequest{Key: 1, Finish: true})
		if err != nil {
			return err
		}
		c, _ := wire.DecodeCondition(failed.Condition)
		say("%v", c)
		answer(h.Push(ctx, &proto.PushRequest{Points: []*proto.Point{point("x", 7)}}))
		answer(h.Log(ctx, &proto.LogRequest{Level: 4, Message: "hi", Attributes: values("a", 1)}))
		popped, err := h.Pop(ctx, &proto.PopRequest{})
		say("%d %v", popped.GetTask().GetKey(), err)
		answer(h.End(ctx, &proto.EndRequest{Outcomes: []*proto.Outcome{{Key: 2, Condition: values("message", "no", "class", "crashed", "trace", "line 3")}}}))
		answer(h.Counts(ctx, &proto.CountsRequest{}))
		taken, err := h.Take(ctx, &proto.TakeRequest{})
		say("%d %d %v", taken.GetClaim().GetKey(), taken.GetClaim().GetRngStream()[0], err)
		started, err := h.Start(ctx, &proto.StartRequest{Key: 3, Point: point("x", 1.5)})
		say("%d %v", started.GetTask().GetKey(), err)
		answer(h.End(ctx, &proto.EndRequest{Outcomes: []*proto.Outcome{{Key: 77, Ys: values("y", 1)}}}))
		answer(h.End(ctx, &proto.EndRequest{Outcomes: []*proto.Outcome{{Key: 3, Ys: values("z", 1)}}}))
		answer(h.End(ctx, &proto.EndRequest{Outcomes: []*proto.Outcome{{Key: 3, Condition: values("class", "lost")}}}))
		answer(h.PushRunning(ctx, &proto.PushRequest{Points: []*proto.Point{{}}}))
		answer(h.PushRunning(ctx, &proto.PushRequest{Points: []*proto.Point{{Xs: []byte{1}}}}))
		answer(h.Pop(ctx, &proto.PopRequest{WaitUs: -1}))
		for _, r := range []*proto.FetchRequest{{States: []string{"gone"}}, {WaitUs: 1}} {
			_, err := join(h.Fetch(ctx, r))
			say("error: %v", err)
		}
		answer(h.End(ctx, &proto.EndRequest{Outcomes: []*proto.Outcome{{Key: 3, Ys: values("y", 1)}}}))
		return nil
	}
}
