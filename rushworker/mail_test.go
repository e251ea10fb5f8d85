package rushworker

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Which messages begin the idle time anew, as if a task had been run.
func TestMessagesThatResetTheIdleTimer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w, err := Open(ctx, Config{Store: filepath.Join(t.TempDir(), "rush.db"), Network: "test", IdleTimeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close(context.WithoutCancel(ctx), "the test is over")
	w.Offer("nothing", func(context.Context, any) (any, error) { return nil, nil })
	for _, c := range []struct {
		command rush.Command
		now     bool // answered at once
		resets  bool
	}{
		{rush.CommandPing, true, true},
		{rush.CommandEcho, true, true},
		{rush.CommandInfo, true, true},
		{rush.CommandEval, false, true},
		{rush.CommandPause, false, true},
		{rush.CommandResume, false, true},
		{rush.CommandRefresh, false, true},
		{rush.CommandTimeoutGet, true, false},
		{rush.CommandTimeoutSet, false, true}, // to none
		{rush.CommandStop, false, false},
	} {
		before := w.idle.since
		if c.now {
			if err := w.Deliver(ctx, Message{ID: 1, Command: c.command}); err != nil {
				t.Fatal(err)
			}
		} else {
			w.handle(ctx, store.Message{ID: 1, Command: c.command})
		}
		if got := !w.idle.since.Equal(before); got != c.resets {
			t.Errorf("%s began the idle time anew: %v, expected %v", c.command, got, c.resets)
		}
	}
	if timeout, remaining := w.IdleTimeout(); timeout != NoTimeout || remaining != NoTimeout {
		t.Errorf("found a timeout of %v, of which %v remain, after it was set to none", timeout, remaining)
	}
}

// What is cancelled before its evaluation begins ends at once; another attempt
// does not.
func TestCancellingComesBeforeTheEvaluation(t *testing.T) {
	t.Parallel()
	w := &Worker{}
	cond := &rush.Condition{Class: rush.ClassCancelled, Message: "it was cancelled"}
	<-w.evals.cancel(3, 1, cond)
	<-w.evals.cancel(4, 1, cond)
	cancelled, over := w.Evaluating(t.Context(), &rush.Task{Key: 3, Attempt: 1})
	defer over()
	if Cancelled(cancelled) != cond {
		t.Errorf("the evaluation goes on: %v", context.Cause(cancelled))
	}
	next, over := w.Evaluating(t.Context(), &rush.Task{Key: 4, Attempt: 2})
	defer over()
	if next.Err() != nil {
		t.Errorf("another attempt was cancelled: %v", context.Cause(next))
	}
	stopped := w.evals.cancel(4, 2, cond)
	if Cancelled(next) != cond {
		t.Errorf("the evaluation goes on: %v", context.Cause(next))
	}
	select {
	case <-stopped:
		t.Error("it is said to have stopped before it did")
	default:
	}
	over()
	<-stopped
}
