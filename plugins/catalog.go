package plugins

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/proto"
)

// catalogGRPC ties the Catalog service to go-plugin.
type catalogGRPC struct {
	plugin.NetRPCUnsupportedPlugin
	server proto.CatalogServer // nil on the host's side
}

var _ plugin.GRPCPlugin = (*catalogGRPC)(nil)

// GRPCServer registers the service in the plugin.
func (p *catalogGRPC) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	if p.server == nil {
		return errors.New("this side describes nothing")
	}
	proto.RegisterCatalogServer(s, p.server)
	return nil
}

// GRPCClient returns the host's proto.CatalogClient.
func (p *catalogGRPC) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return proto.NewCatalogClient(c), nil
}

// A catalogServer is the Catalog service of this process.
type catalogServer struct {
	proto.UnimplementedCatalogServer
	program Program
}

// Describe implements the service.
func (s *catalogServer) Describe(context.Context, *proto.DescribeRequest) (*proto.Description, error) {
	d := s.program.Describe()
	m := &proto.Description{Version: d.Version, Language: d.Language, Worker: d.Worker}
	var err error
	if m.Loops, err = declarationsToProto(d.Loops); err == nil {
		m.Objectives, err = declarationsToProto(d.Objectives)
	}
	return m, err
}

// A Description is what a program serves.
type Description struct {
	Version  string // for people
	Language string // go, python, ...
	// Worker says that the loops run in the program as a worker process of its
	// own. Otherwise a worker runs them and offers them its verbs.
	Worker     bool
	Objectives []loops.Declaration // by name
	Loops      []loops.Declaration // by name
}

// Describe says what the program serves, by name.
func (p *Program) Describe() Description {
	d := Description{Version: p.Version, Language: "go", Worker: true}
	for _, name := range slices.Sorted(maps.Keys(p.Loops)) {
		l := p.Loops[name]
		d.Loops = append(d.Loops, loops.Declaration{Name: name, Help: l.Help, Arguments: l.Arguments})
	}
	for _, name := range slices.Sorted(maps.Keys(p.Objectives)) {
		o := loops.Declaration{}
		if declared, ok := p.Objectives[name].(loops.Declared); ok {
			o = declared.Declaration()
		}
		o.Name = name
		d.Objectives = append(d.Objectives, o)
	}
	return d
}

func declarationsToProto(declared []loops.Declaration) ([]*proto.Declaration, error) {
	all := make([]*proto.Declaration, len(declared))
	for i, d := range declared {
		all[i] = &proto.Declaration{Name: d.Name, Help: d.Help, Declared: d.Arguments != nil, Outputs: d.Outputs}
		for _, a := range d.Arguments {
			m, err := argumentToProto(&a)
			if err != nil {
				return nil, fmt.Errorf("%s: the default of argument %s: %w", d.Name, a.Name, err)
			}
			all[i].Arguments = append(all[i].Arguments, m)
		}
	}
	return all, nil
}

func argumentToProto(a *loops.Argument) (m *proto.Argument, err error) {
	m = &proto.Argument{
		Name: a.Name, Type: string(a.Type), Required: a.Required, Choices: a.Choices, Help: a.Help,
		Bounded: a.Range != loops.Range{}, Lower: a.Range.Lower, Upper: a.Range.Upper,
	}
	if a.Default != nil {
		m.Default, err = wire.AppendValue(nil, a.Default)
	}
	return m, err
}

func declarationsFromProto(ms []*proto.Declaration) ([]loops.Declaration, error) {
	all := make([]loops.Declaration, len(ms))
	for i, m := range ms {
		d := &all[i]
		d.Name, d.Help, d.Outputs = m.Name, m.Help, m.Outputs
		if m.Declared {
			d.Arguments = []loops.Argument{}
		}
		for _, arg := range m.Arguments {
			a, err := argumentFromProto(arg)
			if err != nil {
				return nil, fmt.Errorf("%s: the default of argument %s: %w", m.Name, arg.Name, err)
			}
			d.Arguments = append(d.Arguments, a)
		}
	}
	return all, nil
}

func argumentFromProto(m *proto.Argument) (a loops.Argument, err error) {
	a = loops.Argument{Name: m.Name, Type: loops.ArgumentType(m.Type), Required: m.Required, Choices: m.Choices, Help: m.Help}
	if m.Bounded {
		a.Range = loops.Range{Lower: m.Lower, Upper: m.Upper}
	}
	if len(m.Default) > 0 {
		a.Default, _, err = wire.ReadValue(m.Default)
	}
	return a, err
}
