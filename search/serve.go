package search

import (
	"context"
	"maps"

	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
)

// Serve is [network.Serve] of a program that searches can use: beside what it
// has of its own it serves the loop [LoopName], by which workers of a search
// find the search's problem. A search file then names the program's loops with
// loop: {plugin: ..., name: ...}; they are made with the search's problem and
// space. Call it first thing in main.
func Serve(p plugins.Program) { ServeContext(context.Background(), p) }

// ServeContext is Serve with a context; see [network.ServeContext].
func ServeContext(ctx context.Context, p plugins.Program) {
	network.ServeContext(ctx, With(p))
}

// With adds to a program what Serve adds.
func With(p plugins.Program) plugins.Program {
	p.Loops = maps.Clone(p.Loops)
	if p.Loops == nil {
		p.Loops = map[string]plugins.Loop{}
	}
	p.Loops[LoopName] = plugins.Loop{
		Make: MakeLoop, Help: "The loop of the network's search.",
		Arguments: []loops.Argument{{
			Name: workersArg, Type: loops.Integer, Range: loops.AtLeast(1),
			Help: "how many workers share this machine; without it one for each core",
		}},
	}
	return p
}
