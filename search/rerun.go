package search

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/command"
	"github.com/rushnet/rush/seeds"
)

// A Rerun says how a task is evaluated once more.
type Rerun struct {
	Network rush.NetworkID
	Seed    seeds.Stream // the network's
	Task    *rush.Task
	Attempt int // as which the objective is told that it runs; 0 is the task's last
	// Environment has the constants of the network's environment, which come
	// before the search's; see rushworker.Environment.
	Environment rush.Values
	// Log and Output take what the objective tells and prints, while it runs; nil
	// discards it.
	Log    *slog.Logger
	Output func(stream, line string)
}

// Rerun evaluates a task of the search once more, here and outside of the
// network: with the inputs, the constants, the random numbers and the limits of
// that task, by the objective that it names. Nothing is stored. That the
// evaluation fails is no error: the trial tells it.
func (d *Definition) Rerun(ctx context.Context, b Build, r Rerun) (*Trial, error) {
	p, err := d.Problem(b)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	if f := r.Task.Function; f != "" {
		o, ok := b.Objectives[f]
		if !ok {
			return nil, fmt.Errorf("task %d names the function %s, which this program does not have%s; the program that does can evaluate it again, with network.Rush.Rerun",
				r.Task.Key, f, nearest.Hint(f, slices.Sorted(maps.Keys(b.Objectives))))
		}
		p.Objective = o
	}
	if r.Attempt == 0 {
		r.Attempt = max(r.Task.Attempt, 1)
	}
	t := &Trial{Seed: r.Seed, Stream: r.Seed.At(int64(r.Task.Key)).Objective(), XS: r.Task.XS, Extra: r.Task.XSExtra, Constants: d.Constants}
	if len(r.Task.Seed) == len(t.Stream) {
		t.Stream = seeds.Stream(r.Task.Seed)
	}
	if len(r.Task.Captured) > 0 || len(r.Environment) > 0 {
		t.Constants = maps.Clone(d.Constants)
		if t.Constants == nil {
			t.Constants = rush.Values{}
		}
		maps.Copy(t.Constants, r.Environment)
		maps.Copy(t.Constants, r.Task.Captured)
		p.Constants = t.Constants
	}
	if c, ok := p.Objective.(*command.Objective); ok {
		p.Objective = t.watch(c)
	}
	worker := r.Task.Worker
	if worker == "" {
		worker = trialWorker
	}
	result := p.Try(ctx, loops.Evaluation{
		XS: t.XS, Network: r.Network, Worker: worker, Task: r.Task.Key, Attempt: r.Attempt,
		Options: r.Task.Options, Stream: t.Stream, Log: r.Log, Output: r.Output,
	})
	t.YS, t.YSExtra, t.Condition, t.Evaluating = result.YS, result.Extra, result.Condition, result.Spent.Evaluating
	return t, nil
}
