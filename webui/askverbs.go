package webui

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/rushnet/rush"
)

// askPatience is how long it may take to find a task for a person.
const askPatience = 2 * time.Minute

// askTask takes a task for the person who asks; no number in the answer is none.
func askTask(ctx context.Context, b *hub, _ *order) (*result, error) {
	// Who has gone meanwhile finds the task among those that run: a claim that is
	// broken off would be held without one.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askPatience)
	defer cancel()
	task, over, err := b.net.Ask(ctx)
	switch {
	case err != nil:
		return nil, err
	case task != nil:
		return &result{Done: 1, Numbers: []rush.TaskKey{task.Key}}, nil
	case over != "":
		return &result{Message: "there is nothing more to evaluate: " + over}, nil
	}
	return &result{Message: "there is nothing to evaluate now"}, nil
}

// tellTask delivers what came out of a task that a person evaluates.
func tellTask(ctx context.Context, b *hub, o *order) (*result, error) {
	switch {
	case o.Number == nil:
		return nil, badRequest(`of which task? Expected its number, as in {"number": 17, "ys": {"y": 0.82}}`)
	case o.Fail != "" && len(o.YS.all) > 0:
		return nil, badRequest("a task that failed has no outputs: expected ys or fail")
	case o.Fail == "" && len(o.YS.all) == 0:
		return nil, badRequest("what came out of task %d? Expected outputs as ys, or why it failed as fail", *o.Number)
	}
	var condition *rush.Condition
	if o.Fail != "" {
		condition = &rush.Condition{Class: rush.ClassError, Message: o.Fail}
	}
	err := b.net.Tell(ctx, *o.Number, o.YS.all, condition)
	var about *rush.TaskError
	if errors.As(err, &about) && statusOf(err) == http.StatusServiceUnavailable {
		return nil, badRequest("%v", err)
	}
	if err != nil {
		return nil, err
	}
	return &result{Done: 1, Numbers: []rush.TaskKey{*o.Number}}, nil
}

// mostProgress is how long what is said of how far a task is may be, as JSON.
const mostProgress = 16 << 10

// tellProgress says how far a task is that a person evaluates.
func tellProgress(ctx context.Context, b *hub, o *order) (*result, error) {
	if o.Number == nil {
		return nil, badRequest(`of which task? Expected its number, as in {"number": 17, "progress": "half"}`)
	}
	if o.Progress.size > mostProgress {
		return nil, badRequest("the progress has %d bytes; expected at most %d", o.Progress.size, mostProgress)
	}
	if err := b.net.SetProgress(ctx, *o.Number, o.Progress.v); err != nil {
		return nil, err
	}
	return &result{Done: 1, Numbers: []rush.TaskKey{*o.Number}}, nil
}
