package loops

import (
	"context"

	"github.com/rushnet/rush"
)

// An Isolator evaluates in other processes than this one. Package plugins has
// one; the workers of a program that calls plugins.Serve are given it.
type Isolator interface {
	// Evaluate scores a point, as [Objective.Evaluate] does, with the objective
	// that the program serves under the name. It observes the Stall and Memory
	// of e.Options, and returns when nothing of the evaluation is left.
	Evaluate(ctx context.Context, name string, e *Evaluation) (rush.Values, error)
}

// A Contained objective runs in processes of its own wherever it is called: it
// observes Stall and Memory by itself, and isolating it would be in vain.
type Contained interface {
	Objective
	Contained()
}

// options are those of a task; what it leaves out is the loop's.
func (p *Problem) options(task *rush.Task) rush.Options {
	o := task.Options
	if o.Timeout == 0 {
		o.Timeout = p.Task.Timeout
	}
	if o.Stall == 0 {
		o.Stall = p.Task.Stall
	}
	if o.Memory == 0 {
		o.Memory = p.Task.Memory
	}
	o.Isolate = o.Isolate || p.Task.Isolate
	return o
}

// place returns the objective where it is to be evaluated: here, or in another
// process.
func (p *Problem) place(o Objective, function string, options rush.Options) (Objective, error) {
	if _, ok := o.(Contained); ok {
		return o, nil
	}
	if !options.Isolate {
		if options.Stall > 0 || options.Memory > 0 {
			return nil, &rush.Condition{Class: rush.ClassError, Message: "the task has a limit of memory, or of how long the objective may be silent, which takes a process of its own: add isolate to its options"}
		}
		return o, nil
	}
	if p.Isolator == nil {
		return o, nil
	}
	if function == "" {
		function = p.Name
	}
	return ObjectiveFunc(func(ctx context.Context, e *Evaluation) (rush.Values, error) {
		return p.Isolator.Evaluate(ctx, function, e)
	}), nil
}
