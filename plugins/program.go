package plugins

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/rushworker"
)

// A Program is what a worker process offers. The zero Program offers the
// default loop only, with no objective.
type Program struct {
	// Loops by name.
	Loops map[string]Loop
	// Objectives by name; the default loop evaluates with the one that the
	// worker was started with, and tasks may name any of them.
	Objectives map[string]loops.Objective
	// Actions by name, which messages EVAL call; a loop can offer more.
	Actions map[string]rushworker.Action
	// TasksPerProcess is how many tasks a process evaluates, one after the
	// other, that was started for tasks that are to be isolated
	// (rush.Options.Isolate). 0 is DefaultTasksPerProcess; 1 is a fresh process
	// for each.
	TasksPerProcess int
	Version         string // shown in lists of workers
}

// A Loop is a loop that a program serves. Make is needed.
type Loop struct {
	Make MakeLoop // called once in each worker
	Help string   // a sentence or two, for people
	// Arguments declare what the loop can be given: it is checked, and defaults
	// are filled in, before Make is called. Nil leaves all of that to Make; an
	// empty list says that there are none.
	Arguments []loops.Argument
}

// A MakeLoop makes the loop that a worker runs, from what it was started with.
type MakeLoop func(ctx context.Context, w *rushworker.Worker, s Setting) (loops.Loop, error)

// A Setting is what a worker was started with, beside its network.
type Setting struct {
	Args    rush.Values     // of the loop
	Problem *loops.Problem  // with the program's objectives, the constants and the grace
	Space   space.Space     // what is looked through; empty outside of a search
	Loops   map[string]Loop // of the program
	// Output takes what a program prints that the loop runs, line by line; stream is
	// stdout or stderr. It may be called from several goroutines. Nil drops it.
	Output func(stream, line string)
}

// DefaultLoop is the name of the loop that evaluates what is in the worker's
// queues until it is told to end: rush's worker_loop_default. Every program
// has it.
const DefaultLoop = "queue"

// loop finds the loop that is asked for.
func (p *Program) loop(name string) (Loop, error) {
	if l, ok := p.Loops[name]; ok {
		return l, nil
	}
	if name == "" || name == DefaultLoop {
		return Loop{Make: makeQueue, Help: "Evaluates what is queued."}, nil
	}
	known := append(slices.Collect(maps.Keys(p.Loops)), DefaultLoop)
	return Loop{}, unknown("loop", name, known)
}

// FuncLoop is a loop without arguments that a function runs.
func FuncLoop(f loops.LoopFunc) Loop {
	make := func(context.Context, *rushworker.Worker, Setting) (loops.Loop, error) { return f, nil }
	return Loop{Make: make, Arguments: []loops.Argument{}}
}

func makeQueue(_ context.Context, _ *rushworker.Worker, s Setting) (loops.Loop, error) {
	return &loops.Queue{Problem: s.Problem}, nil
}

// makeLoop makes a loop of the program; its arguments are checked first.
func (p *Program) makeLoop(ctx context.Context, w *rushworker.Worker, name string, s Setting) (loops.Loop, error) {
	l, err := p.loop(name)
	if err != nil {
		return nil, err
	}
	if s.Args, err = (&loops.Declaration{Arguments: l.Arguments}).Check(s.Args); err != nil {
		return nil, fmt.Errorf("loop %s: %w", name, err)
	}
	s.Loops = p.Loops
	return l.Make(ctx, w, s)
}

// problem is the program's side of a problem: the named objective, or the
// only one, for tasks that name none.
func (p *Program) problem(objective string, constants rush.Values) (*loops.Problem, error) {
	prob := &loops.Problem{Functions: p.Objectives, Constants: constants, Name: objective, Crashes: loops.DefaultCrashes}
	if objective != "" {
		o, ok := p.Objectives[objective]
		if !ok {
			var known []string
			for n := range p.Objectives {
				known = append(known, n)
			}
			return nil, unknown("objective", objective, known)
		}
		prob.Objective = o
		return prob, nil
	}
	if len(p.Objectives) == 1 {
		for _, o := range p.Objectives {
			prob.Objective = o
		}
	}
	return prob, nil
}

func unknown(kind, name string, known []string) error {
	if len(known) == 0 {
		return fmt.Errorf("the program serves no %s; expected one named %q", kind, name)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	return fmt.Errorf("the program serves no %s named %q; it has %s", kind, name, strings.Join(known, ", "))
}

// errOrphaned is the cause of a worker's end when the process that started it
// is gone.
var errOrphaned = errors.New("the process that started the worker is gone")
