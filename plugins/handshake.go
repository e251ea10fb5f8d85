package plugins

import (
	"context"
	"errors"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/rushnet/rush/plugins/proto"
)

// handshake keeps a plugin from being run by hand, and versions from being
// mixed. The cookie is no secret.
var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "RUSH_PLUGIN",
	MagicCookieValue: "4f0a7c52-a-rush-worker",
}

// The plugins that a program serves.
const (
	workerPlugin    = "worker"
	evaluatorPlugin = "evaluator"
	catalogPlugin   = "catalog"
	loopPlugin      = "loop"
)

// workerGRPC ties the Worker service to go-plugin.
type workerGRPC struct {
	plugin.NetRPCUnsupportedPlugin
	server proto.WorkerServer // nil on the host's side
}

var _ plugin.GRPCPlugin = (*workerGRPC)(nil)

// GRPCServer registers the service in the worker process.
func (p *workerGRPC) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	if p.server == nil {
		return errors.New("this side serves no workers")
	}
	proto.RegisterWorkerServer(s, p.server)
	return nil
}

// GRPCClient returns the host's proto.WorkerClient.
func (p *workerGRPC) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return proto.NewWorkerClient(c), nil
}
