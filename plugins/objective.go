package plugins

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// An Objective is one that another program serves. Its processes are started when
// they are needed, one for each evaluation that runs at the same time, and kept
// for the next tasks; one that crashed or had to be stopped is followed by a fresh
// one. Any goroutine may call its methods.
type Objective struct {
	name     string
	isolator *Isolator
	// last takes what is printed while nothing is evaluated: what arrives after the
	// answer was most likely printed before it.
	last atomic.Pointer[func(stream, line string)]
}

var (
	_ loops.Contained = (*Objective)(nil)
	_ loops.Renewer   = (*Objective)(nil)
)

// NewObjective returns the objective that the program serves under the name; ""
// is its only one. No process is started yet. The caller is to close it.
func NewObjective(s Spec, name string) (*Objective, error) {
	if len(s.Command) == 0 {
		return nil, errNoCommand
	}
	o := &Objective{name: name}
	o.isolator = NewIsolator(IsolatorSpec{Spec: s, Tasks: unlimited, Output: o.late})
	return o, nil
}

// late passes on a line that is no running evaluation's.
func (o *Objective) late(stream, line string) {
	if output := o.last.Load(); output != nil {
		(*output)(stream, line)
	}
}

// Evaluate has the program evaluate the point. What it prints goes to e.Output;
// if there is none, to e.Log at debug level; some of it may come a moment after the
// answer.
func (o *Objective) Evaluate(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	if e.Output == nil {
		logged := *e
		logged.Output = func(stream, line string) {
			e.Log.LogAttrs(ctx, slog.LevelDebug, line, slog.String("stream", stream))
		}
		e = &logged
	}
	o.last.Store(&e.Output)
	return o.isolator.Evaluate(ctx, o.name, e)
}

// Contained says that every evaluation runs in a process that is not this one.
func (o *Objective) Contained() {}

// Renew ends the processes; see [Isolator.Renew].
func (o *Objective) Renew() { o.isolator.Renew() }

// Close ends the processes.
func (o *Objective) Close() error {
	o.isolator.Close()
	return nil
}

var errNoCommand = errors.New("no command was given; expected a program that is a plugin, and its arguments")
