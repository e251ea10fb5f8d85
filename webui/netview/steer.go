package netview

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/webui"
)

// Retry queues ended tasks again.
func (v *view) Retry(ctx context.Context, opts webui.RetryOptions, keys ...rush.TaskKey) error {
	return v.Rush.Retry(ctx, network.RetryOptions(opts), keys...)
}

// Delete deletes tasks.
func (v *view) Delete(ctx context.Context, running bool, keys ...rush.TaskKey) (int, error) {
	return v.Rush.Delete(ctx, network.DeleteOptions{Running: running}, keys...)
}

// Reset deletes all tasks, and forgets the workers if wanted.
func (v *view) Reset(ctx context.Context, opts webui.ResetOptions) error {
	return v.Rush.Reset(ctx, network.ResetOptions{Workers: opts.Workers, Stop: stop(opts.Terminate)})
}

// Destroy stops the workers and deletes the network, now or later.
func (v *view) Destroy(ctx context.Context, opts webui.DestroyOptions) error {
	return v.Rush.Destroy(ctx, network.DestroyOptions{After: opts.After, Stop: stop(opts.Terminate)})
}

func stop(terminate bool) network.Stop {
	s := network.Stop{Signal: rush.SignalKill, Timeout: 10 * time.Second}
	if terminate {
		s.Signal = rush.SignalTerminate
	}
	return s
}

// Message sends something to workers and collects the answers; those that have not
// answered in time still do, to nobody.
func (v *view) Message(ctx context.Context, wait time.Duration, c rush.Command, argument any, ids ...rush.WorkerID) ([]webui.Response, error) {
	id, to, err := v.Send(ctx, c, argument, ids...)
	if err != nil {
		return nil, err
	}
	got, err := v.Responses(ctx, id, wait)
	if err == nil {
		return responses(got), v.DeleteResponses(ctx, id)
	}
	if !errors.Is(err, rush.ErrTimeout) {
		return nil, err
	}
	return v.answeredSoFar(ctx, id, to)
}

func (v *view) answeredSoFar(ctx context.Context, id rush.MessageID, to []rush.WorkerID) ([]webui.Response, error) {
	has, err := v.HasResponse(ctx, id)
	if err != nil {
		return nil, err
	}
	var all []webui.Response
	for _, worker := range to {
		if !has[worker] {
			all = append(all, webui.Response{Worker: worker, Pending: true})
			continue
		}
		got, err := v.Responses(ctx, id, 0, worker)
		if err != nil {
			return nil, err
		}
		all = append(all, responses(got)...)
	}
	return all, nil
}

func responses(got []network.Response) []webui.Response {
	all := make([]webui.Response, len(got))
	for i, r := range got {
		all[i] = webui.Response{Worker: r.Worker, Value: r.Value, Err: r.Err}
	}
	return all
}

// Queues lists the queues.
func (v *view) Queues(ctx context.Context) ([]webui.Queue, error) {
	got, err := v.Rush.Queues(ctx)
	all := make([]webui.Queue, len(got))
	for i, q := range got {
		all[i] = webui.Queue{Name: q.Name, Length: q.Length, Workers: q.Workers, Own: q.Own}
	}
	return all, err
}

// Place says where a task waits.
func (v *view) Place(ctx context.Context, key rush.TaskKey) (webui.Place, error) {
	places, err := v.Places(ctx, key)
	if err != nil {
		return webui.Place{}, err
	}
	if len(places) != 1 {
		return webui.Place{}, fmt.Errorf("task %d is said to be in %d places", key, len(places))
	}
	return webui.Place{Queue: places[0].Queue, Position: places[0].Position}, nil
}

// Environment are the constants, and the names of the variables.
func (v *view) Environment(ctx context.Context) (rush.Values, []string, error) {
	env, err := v.Rush.Environment(ctx)
	return env.Constants, slices.Sorted(maps.Keys(env.Variables)), err
}

// SetEnvironment sets constants and variables.
func (v *view) SetEnvironment(ctx context.Context, constants rush.Values, variables map[string]string) error {
	return v.Rush.SetEnvironment(ctx, rushworker.Environment{Constants: constants, Variables: variables})
}
