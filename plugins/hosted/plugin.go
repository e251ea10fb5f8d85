package hosted

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/proto"
	"github.com/rushnet/rush/rushworker"
)

// A Plugin is a loop that a program of another language serves, which is started
// beside the worker and calls its verbs over gRPC, as the service Host of
// plugins/proto.
//
// A loop that fails, and a program that ends before its loop is over, end the worker
// with the reason and the last of what was printed on stderr. Tasks that it still
// held are given up as those of any worker that leaves: they are queued again while
// they have retries.
type Plugin struct {
	spec    plugins.Spec
	name    string
	setting plugins.Setting
}

var _ loops.Loop = (*Plugin)(nil)

// NewPlugin returns the loop that the program serves under the name; "" is its only
// one. Nothing is started yet.
func NewPlugin(spec plugins.Spec, name string, s plugins.Setting) *Plugin {
	return &Plugin{spec, name, s}
}

// Run starts the program, has it run the loop, and returns when nothing of it is left.
// The program is killed when ctx ends.
func (p *Plugin) Run(ctx context.Context, w *rushworker.Worker) error {
	session, err := New(ctx, w, p.setting)
	if err != nil {
		return err
	}
	if over, err := session.Over(); err != nil || over != "" {
		return err
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	host := &hostServer{session: session, ctx: ctx, fail: fail}
	host.holds.Store(int64(rush.NoTask))
	return plugins.RunLoop(ctx, plugins.LoopSpec{
		Spec: p.spec, Name: p.name, Args: p.setting.Args, Scratch: w.Scratch(), Grace: p.setting.Problem.Grace,
		Host: func(gone context.Context) proto.HostServer {
			host.gone = gone
			return host
		},
		Output: output(p.setting, w, &host.holds),
	})
}
