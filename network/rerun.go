package network

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// Rerun evaluates a task once more, in this process and outside of the network:
// with the task's inputs, what it captured, its random numbers and its timeout,
// by the function of p that it names, or p's objective. Nothing is stored. It is
// for programs with objectives of their own, which `rush rerun` does not have;
// breakpoints work. That the evaluation fails is no error: the result's
// Condition tells it. A task that does not exist is rush.ErrNoTask.
func (r *Rush) Rerun(ctx context.Context, p *loops.Problem, key rush.TaskKey) (rushworker.Result, error) {
	tasks, err := r.Tasks(ctx, key)
	if err != nil {
		return rushworker.Result{}, fmt.Errorf("evaluate a task again: %w", err)
	}
	task, again := tasks[0], *p
	if f := task.Function; f != "" {
		o, ok := p.Functions[f]
		if !ok {
			return rushworker.Result{}, fmt.Errorf("evaluate task %s again: it names the function %s, which the problem does not have%s",
				key, f, nearest.Hint(f, slices.Sorted(maps.Keys(p.Functions))))
		}
		again.Objective = o
	}
	if again.Objective == nil {
		return rushworker.Result{}, fmt.Errorf("evaluate task %s again: it names no function, and the problem has no objective", key)
	}
	if len(task.Captured) > 0 {
		again.Constants = rush.Values{}
		maps.Copy(again.Constants, p.Constants)
		maps.Copy(again.Constants, task.Captured)
	}
	stream := r.seed.At(int64(key)).Objective()
	if len(task.Seed) == len(stream) {
		stream = seeds.Stream(task.Seed)
	}
	return again.Try(ctx, loops.Evaluation{
		XS: task.XS, Network: r.id, Worker: task.Worker, Task: key, Attempt: max(task.Attempt, 1), Options: task.Options,
		Stream: stream, Log: r.log,
	}), nil
}
