package plugins

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"
)

// DefaultStartTimeout is how long a program may take until it is a plugin.
const DefaultStartTimeout = 30 * time.Second

// maxSocketParent is how long the path of a directory can be in which go-plugin
// makes another one with a socket, whose path the systems limit to about 100
// bytes.
const maxSocketParent = 64

// A launch is a plugin from its start until it is connected. One goroutine uses
// it.
type launch struct {
	runner  *groupRunner
	config  *plugin.ClientConfig
	client  *plugin.Client
	sockets string // the directory of its socket, which only this user may enter
}

// prepare makes ready for the start of a plugin, whose socket is to be in scratch.
// A plugin that can has the connection encrypted and both sides proved by
// certificates that are made for it alone.
func prepare(r *groupRunner, scratch string, timeout time.Duration) (*launch, error) {
	if len(scratch) > maxSocketParent {
		scratch = "" // as long as the system's own, it has to do
	}
	if timeout <= 0 {
		timeout = DefaultStartTimeout
	}
	r.timeout = timeout
	safe, certificate, err := clientTLS()
	if err != nil {
		return nil, err
	}
	l := &launch{runner: r}
	extra := append(r.cmd.Env, certificateVariable+"="+certificate)
	l.config = &plugin.ClientConfig{
		HandshakeConfig: handshake,
		Plugins: plugin.PluginSet{
			workerPlugin: &workerGRPC{}, evaluatorPlugin: &evaluatorGRPC{}, catalogPlugin: &catalogGRPC{}, loopPlugin: loopGRPC{},
		},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		StartTimeout:     timeout,
		UnixSocketConfig: &plugin.UnixSocketConfig{TempDir: scratch},
		Logger:           hclog.NewNullLogger(),
		TLSConfig:        safe,
		GRPCDialOptions: []grpc.DialOption{grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage))},
		RunnerFunc: func(_ hclog.Logger, like *exec.Cmd, dir string) (runner.Runner, error) {
			l.sockets = dir
			r.cmd.Env = append(like.Env, extra...)
			return r, nil
		},
	}
	l.client = plugin.NewClient(l.config)
	return l, nil
}

// connect starts the plugin and connects to it. When it fails the process is
// killed, and nothing is left but for what end does.
func (l *launch) connect() (plugin.ClientProtocol, error) {
	if _, err := l.client.Start(); err != nil {
		return nil, l.runner.explain(err)
	}
	if !l.runner.greeted().hasCertificate {
		// Its language has no such thing: the directory of the socket guards it.
		l.config.TLSConfig = nil
	}
	late := time.AfterFunc(l.config.StartTimeout, func() { _ = l.runner.Kill(context.Background()) })
	defer late.Stop()
	c, err := l.client.Client()
	if err == nil {
		err = c.Ping()
	}
	if err != nil {
		return nil, fmt.Errorf("it said that it is a plugin, but does not answer as one: %w%s", err, l.runner.printed())
	}
	return c, nil
}

// hide removes the socket of a plugin that is connected: nobody else is to be.
func (l *launch) hide() { _ = os.RemoveAll(l.sockets) }

// end ends the plugin, however far it has come.
func (l *launch) end() {
	l.client.Kill()
	l.hide()
}
