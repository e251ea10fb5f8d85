package loops_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush/loops"
)

// Every callback of the stage is called, whatever became of those before it, and
// also when the worker's ctx has ended. Only what is required is an error.
func TestCallbacksThatFail(t *testing.T) {
	t.Parallel()
	called := 0
	at := func(required bool, call func(context.Context) error) loops.Callback {
		return loops.Callback{
			Name: "c", Stages: []loops.Stage{loops.WorkerEnd}, Required: required, Timeout: 10 * time.Millisecond,
			Call: func(ctx context.Context, e *loops.Event) error {
				called++
				return call(ctx)
			},
		}
	}
	all := loops.Callbacks{
		at(false, func(context.Context) error { return errors.New("no luck") }),
		at(true, func(context.Context) error { panic("help") }),
		at(true, func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}),
		at(true, func(ctx context.Context) error { return ctx.Err() }),
	}
	ended, end := context.WithCancel(t.Context())
	end()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	err := all.Call(ended, &loops.Event{Stage: loops.WorkerEnd}, logger)
	if err == nil || strings.Contains(err.Error(), "no luck") || !strings.Contains(err.Error(), "it panicked: help") || !strings.Contains(err.Error(), "it took longer than 10ms") {
		t.Errorf("got %v", err)
	}
	if called != len(all) || strings.Count(log.String(), "a callback failed") != 3 || !strings.Contains(log.String(), "no luck") {
		t.Errorf("%d were called, and the log has %s", called, &log)
	}
	if err := all.Call(ended, &loops.Event{Stage: loops.WorkerBegin}, logger); err != nil || called != len(all) {
		t.Errorf("another stage: %v, %d calls", err, called)
	}
}

// A callback that does not look at its context holds up nobody for ever.
func TestACallbackThatHangsIsLeftAlone(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	defer close(over)
	next := false
	all := loops.Callbacks{
		{Name: "c", Stages: []loops.Stage{loops.WorkerBegin}, Required: true, Timeout: time.Millisecond, Call: func(context.Context, *loops.Event) error {
			<-over
			return nil
		}},
		{Name: "d", Stages: []loops.Stage{loops.WorkerBegin}, Call: func(context.Context, *loops.Event) error {
			next = true
			return nil
		}},
	}
	err := all.Call(t.Context(), &loops.Event{Stage: loops.WorkerBegin}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "it took longer than 1ms, and does not end when its context does") || !next {
		t.Errorf("got %v; the next one was called: %t", err, next)
	}
}
