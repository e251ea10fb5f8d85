package search

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/command"
	"github.com/rushnet/rush/seeds"
)

// A Trial is the evaluation of one point outside of any network: everything that
// went in and came out.
type Trial struct {
	Seed      seeds.Stream // of the search; a new one if it has none
	Stream    seeds.Stream // of the task's objective
	XS, Extra rush.Values  // the point, and what its task would carry beside it
	Constants rush.Values

	// Process is what a command's process was given and what it printed; nil for
	// other objectives, and if nothing could be given to it.
	Process *command.Process

	YS, YSExtra rush.Values
	Condition   *rush.Condition // why it failed; nil unless it did
	Proposing   time.Duration
	Evaluating  time.Duration
}

// Names of what has none outside of a network.
const (
	trialNetwork rush.NetworkID = "check"
	trialWorker  rush.WorkerID  = "check"
)

// Try evaluates the point that the search begins with, that of task 0, as a
// worker would: with its streams, its timeout, the same checks of what comes
// out. That the evaluation fails is no error: the trial tells it. log gets what
// the objective tells; nil discards it.
func (d *Definition) Try(ctx context.Context, b Build, log *slog.Logger) (*Trial, error) {
	p, err := d.Problem(b)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	t := &Trial{Seed: seeds.New(int32(rand.Uint32())), Constants: d.Constants}
	if d.Seed != nil {
		t.Seed = *d.Seed
	}
	stream, seeded := t.Seed.Task(0), *d
	seeded.Seed = &t.Seed
	t.Stream = stream.Objective()
	began := time.Now()
	if t.XS, t.Extra, err = seeded.firstPoint(stream.Proposal()); err != nil {
		return nil, err
	}
	t.Proposing = time.Since(began)
	if c, ok := p.Objective.(*command.Objective); ok {
		p.Objective = t.watch(c)
	}
	r := p.Try(ctx, loops.Evaluation{
		XS: t.XS, Network: trialNetwork, Worker: trialWorker, Attempt: 1, Options: d.Task.options(), Stream: t.Stream, Log: log,
	})
	t.YS, t.YSExtra, t.Condition, t.Evaluating = r.YS, r.Extra, r.Condition, r.Spent.Evaluating
	return t, nil
}

// watch returns the command's objective, which tells the trial of its process.
func (t *Trial) watch(c *command.Objective) loops.Objective { return &watched{c, t} }

// A watched command tells a trial of its process.
type watched struct {
	*command.Objective
	trial *Trial
}

var _ io.Closer = (*watched)(nil)

// Evaluate evaluates the task by the command.
func (w *watched) Evaluate(ctx context.Context, e *loops.Evaluation) (ys rush.Values, err error) {
	ys, w.trial.Process, err = w.Watch(ctx, e)
	return ys, err
}

// firstPoint returns the inputs of task 0.
func (d *Definition) firstPoint(proposal seeds.Stream) (xs, extra rush.Values, err error) {
	n, row, err := d.Design()
	if err != nil {
		return nil, nil, err
	}
	if n > 0 {
		task, err := row(0)
		return task.XS, task.XSExtra, err
	}
	if d.Space.Len() == 0 {
		return nil, nil, errors.New("there is no point to try: the search takes its points from a queue, and has no space to draw one from")
	}
	if n := int64(d.Task.Replicates); n > 1 && d.Loop.Name == RandomSearch {
		extra = rush.Values{"replicate": int64(0)}
	}
	return d.Space.Sample(proposal.Generator()), extra, nil
}

// String says in a word how the trial ended.
func (t *Trial) String() string {
	if t.Condition != nil {
		return fmt.Sprintf("failed: %v", t.Condition)
	}
	return "finished"
}
