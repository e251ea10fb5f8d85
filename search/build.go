package search

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/hosted"
	"github.com/rushnet/rush/rushworker"
)

// LoopName is the name under which a program serves [MakeLoop].
const LoopName = "search"

// workersArg is the loop's argument with the number of workers.
const workersArg = "workers"

// MakeLoop makes the loop of the search that the worker's network was defined
// with. All that it needs is in the network: no worker reads a search file. A
// program's own objectives come with the setting.
func MakeLoop(ctx context.Context, w *rushworker.Worker, s plugins.Setting) (loops.Loop, error) {
	body, _, err := w.Definition(ctx)
	if err != nil {
		return nil, err
	}
	def, err := ParseDefinition(body)
	if errors.Is(err, ErrNoSearch) {
		return nil, fmt.Errorf("%w: start its workers with the loop %q", err, plugins.DefaultLoop)
	}
	if err != nil {
		return nil, err
	}
	workers, _ := s.Args[workersArg].(int64)
	b := Build{Workers: int(workers)}
	if s.Problem != nil {
		b.Objectives, b.Isolator, b.Grace = s.Problem.Functions, s.Problem.Isolator, s.Problem.Grace
	}
	p, err := def.Problem(b)
	if err != nil {
		return nil, err
	}
	w.OnRefresh(func(context.Context) error {
		p.Renew() // the environment is another one
		return nil
	})
	l, err := def.workerLoop(ctx, w, p, s)
	if def.Loop.Name == "" && err == nil && len(p.Callbacks) > 0 {
		l = attended(p, l)
	}
	return &closing{l, p}, err
}

// workerLoop makes the loop of a worker: one of this program's, if the search
// names it as a plugin.
func (d *Definition) workerLoop(ctx context.Context, w *rushworker.Worker, p *loops.Problem, s plugins.Setting) (loops.Loop, error) {
	plugin := d.Loop.Plugin
	switch {
	case d.Loop.Command != nil:
		s.Args, s.Problem, s.Space = rush.Values(d.Loop.Args), p, d.Space
		return hosted.NewCommand(d.located(*d.Loop.Command), s), nil
	case plugin == nil:
		return d.MakeLoop(p)
	}
	if !d.Loop.Worker {
		s.Args, s.Problem, s.Space = rush.Values(d.Loop.Args), p, d.Space
		return hosted.NewPlugin(d.located(plugin.Spec), plugin.Name, s), nil
	}
	l, ok := s.Loops[plugin.Name]
	if !ok {
		return nil, fmt.Errorf("this program serves no loop %s%s", plugin.Name, nearest.Hint(plugin.Name, slices.Sorted(maps.Keys(s.Loops))))
	}
	s.Args, s.Problem, s.Space = rush.Values(d.Loop.Args), p, d.Space
	return l.Make(ctx, w, s)
}

// attended calls back around a loop that is no loop of this program's.
func attended(p *loops.Problem, l loops.Loop) loops.Loop {
	return loops.LoopFunc(func(ctx context.Context, w *rushworker.Worker) error {
		return p.Attend(ctx, w, func(ctx context.Context) error { return l.Run(ctx, w) })
	})
}

// closing closes the problem of a worker's loop after it.
type closing struct {
	loops.Loop
	problem *loops.Problem
}

func (c *closing) Run(ctx context.Context, w *rushworker.Worker) error {
	return errors.Join(c.Loop.Run(ctx, w), c.problem.Close())
}

var _ plugins.MakeLoop = MakeLoop

// A Build is what it takes to make a problem of a Definition. The zero value is
// valid.
type Build struct {
	// Objectives are those of the program: for objective.function, and for tasks
	// that name one.
	Objectives map[string]loops.Objective
	// Workers is how many evaluations may run at once on this machine: commands
	// share the cores among them. 0 is one for each core.
	Workers int
	// Grace is how long a command that was asked to end may take until it is
	// killed; 0 is a second.
	Grace time.Duration
	// Isolator evaluates tasks that are to be isolated; nil evaluates them here.
	Isolator loops.Isolator
}

// Problem makes what loops work on. It is an error if the objective cannot be
// had here: the program has no such function, the machine no such command.
func (d *Definition) Problem(b Build) (*loops.Problem, error) {
	o, err := d.objective(b)
	if err != nil {
		return nil, fmt.Errorf("objective: %w", err)
	}
	return &loops.Problem{
		Objective:         o,
		Functions:         b.Objectives,
		Space:             d.Space,
		Codomain:          d.Codomain,
		Constants:         d.Constants,
		Task:              d.Task.options(),
		Isolator:          b.Isolator,
		Grace:             b.Grace,
		Name:              d.Objective.served(),
		Terminators:       d.terminators(),
		Stopper:           d.stopper(),
		StopAfterFailures: d.StopAfterFailures,
		Crashes:           d.Task.Crashes,
		Callbacks:         d.Callbacks(),
	}, nil
}

// MakeLoop makes the loop that every worker runs. The rows of a grid or a design
// are created by who starts the search (see [Start]); workers take them from the
// queue until nothing is left.
func (d *Definition) MakeLoop(p *loops.Problem) (loops.Loop, error) {
	switch d.Loop.Name {
	case RandomSearch:
		if d.Record || d.distinct() > 0 {
			return d.optimizer(p)
		}
		return &loops.RandomSearch{Problem: p, Space: d.Space, Replicates: d.Task.Replicates}, nil
	case GridSearch, DesignPoints:
		return &loops.Queue{Problem: p, UntilDrained: true}, nil
	case Queue:
		return &loops.Queue{Problem: p}, nil
	case "":
		return nil, errors.New("the loop is a program's, which only its workers can run")
	}
	return d.optimizer(p)
}
