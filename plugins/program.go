package plugins

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/rushworker"
)

// A Program is what a worker process offers. The zero Program offers the
// default loop only, with no objective.
type Program struct {
	// Loops by name. Make is called once in each worker.
	Loops map[string]MakeLoop
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

// A MakeLoop makes the loop that a worker runs, from what it was started with.
type MakeLoop func(ctx context.Context, w *rushworker.Worker, s Setting) (loops.Loop, error)

// A Setting is what a worker was started with, beside its network.
type Setting struct {
	Args    rush.Values    // of the loop
	Problem *loops.Problem // with the program's objectives, the constants and the grace
}

// DefaultLoop is the name of the loop that evaluates what is in the worker's
// queues until it is told to end: rush's worker_loop_default. Every program
// has it.
const DefaultLoop = "queue"

// loop finds the loop that is asked for.
func (p *Program) loop(name string) (MakeLoop, error) {
	if f, ok := p.Loops[name]; ok {
		return f, nil
	}
	if name == "" || name == DefaultLoop {
		return func(_ context.Context, _ *rushworker.Worker, s Setting) (loops.Loop, error) {
			return &loops.Queue{Problem: s.Problem}, nil
		}, nil
	}
	known := []string{DefaultLoop}
	for n := range p.Loops {
		known = append(known, n)
	}
	return nil, unknown("loop", name, known)
}

// problem is the program's side of a problem: the named objective, or the
// only one, for tasks that name none.
func (p *Program) problem(objective string, constants rush.Values) (*loops.Problem, error) {
	prob := &loops.Problem{Functions: p.Objectives, Constants: constants, Name: objective}
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
