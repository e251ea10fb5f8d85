//go:build unix

package command_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/plugins/command"
)

func code(n int) *int { return &n }

func TestFailures(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, script string
		want         rush.Condition
	}{
		{"an exit code", "exit 3", rush.Condition{Class: rush.ClassError, Message: "exit code 3", ExitCode: code(3)}},
		{"with a reason", "echo Traceback >&2; echo 'ValueError: bad x' >&2; echo ' ^^^^' >&2; exit 1",
			rush.Condition{Class: rush.ClassError, Message: "exit code 1: ValueError: bad x", ExitCode: code(1), Stderr: "Traceback\nValueError: bad x\n ^^^^"}},
		{"with R's reason", "printf 'Error in f() : boom\\nCalls: f -> g\\nExecution halted\\n' >&2; exit 1",
			rush.Condition{Class: rush.ClassError, Message: "exit code 1: Error in f() : boom", ExitCode: code(1), Stderr: "Error in f() : boom\nCalls: f -> g\nExecution halted"}},
		{"in spite of an answer", "echo 1; exit 2", rush.Condition{Class: rush.ClassError, Message: "exit code 2", ExitCode: code(2)}},
		{"a shell's program that was killed", "exit 137", rush.Condition{Class: rush.ClassError, Message: "exit code 137 (a shell's word for signal 9, killed)", ExitCode: code(137)}},
		{"a shell's program that is not there", "exit 127", rush.Condition{Class: rush.ClassError, Message: "exit code 127 (a shell's word for a program that it did not find)", ExitCode: code(127)}},
		{"a shell's program that it cannot execute", "exit 126", rush.Condition{Class: rush.ClassError, Message: "exit code 126 (a shell's word for a program that it could not execute)", ExitCode: code(126)}},
		{"kill -9", "echo so far >&2; kill -9 $$", rush.Condition{Class: rush.ClassCrashed, Message: "the process was ended by a signal: killed (the system does that when memory runs out)", Signal: "killed", Stderr: "so far"}},
		{"a crash", "kill -SEGV $$", rush.Condition{Class: rush.ClassCrashed, Message: "the process was ended by a signal: segmentation fault", Signal: "segmentation fault"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := evaluate(t, sh(tc.script), task(nil))
			if diff := cmp.Diff(&tc.want, conditionOf(t, err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFloodOfStderr(t *testing.T) {
	t.Parallel()
	_, err := evaluate(t, command.Spec{Command: []string{"python3", "-c", `import sys
sys.stderr.write("ä" * (4 << 20) + "\n")
sys.exit("the end " + "x" * 300)`}}, task(nil))
	c := conditionOf(t, err)
	if want := "exit code 1: the end " + strings.Repeat("x", 192) + "..."; c.Message != want {
		t.Errorf("message: got %s, want %s", c.Message, want)
	}
	if len(c.Stderr) < 4000 || len(c.Stderr) > 4096 || !strings.HasPrefix(c.Stderr, "ää") || !strings.HasSuffix(c.Stderr, "xx") {
		t.Errorf("stderr: got %d bytes, %.20q...; want the last 4096", len(c.Stderr), c.Stderr)
	}
}

// stopAt runs a script until it has printed a line on stderr, then ends its
// context.
func stopAt(t *testing.T, spec command.Spec, opts command.Options, end func(context.Context) (context.Context, func())) (waitGone func(), err error) {
	t.Helper()
	ctx, stop := end(t.Context())
	watch, waitGone := newWatch(t)
	opts.Workers = 1
	spec.Env = map[string]string{"WATCH": watch}
	e := task(nil)
	e.Options.Timeout = 90 * time.Second
	e.Log = onLine(stop)
	_, err = newIn(t, t.TempDir(), spec, &opts).Evaluate(ctx, e)
	return waitGone, err
}

// past is a context whose deadline is over when stop is called.
func past(ctx context.Context) (context.Context, func()) {
	d := &deadline{Context: ctx, done: make(chan struct{})}
	return d, func() { close(d.done) }
}

// A deadline is a context whose deadline a test decides about.
type deadline struct {
	context.Context
	done chan struct{}
}

func (d *deadline) Done() <-chan struct{} { return d.done }

func (d *deadline) Err() error {
	select {
	case <-d.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// A tree of processes that all take no hint.
const stubborn = `exec 3> "$WATCH"
trap '' TERM
sh -c 'while :; do sleep 1000; done' &
(sh -c 'while :; do sleep 1000; done'; :) &
echo '{"y": 1}'
echo up >&2
while :; do sleep 1000; done`

func TestTheTimeoutEndsTheWholeTree(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, script string
		grace        time.Duration
		want         rush.Condition
	}{
		{"that listens", "exec 3> \"$WATCH\"; sleep 1000 & echo up >&2; wait", patience,
			rush.Condition{Signal: "terminated", Stderr: "up"}},
		{"that does not", stubborn, 20 * time.Millisecond, rush.Condition{Signal: "killed", Stderr: "up"}},
		{"that listens and exits", "exec 3> \"$WATCH\"; trap 'echo bye >&2; exit 0' TERM; sleep 1000 & echo up >&2; wait", patience,
			rush.Condition{ExitCode: code(0), Stderr: "up\nbye"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			waitGone, err := stopAt(t, sh(tc.script), command.Options{Grace: tc.grace}, past)
			tc.want.Class, tc.want.Message = rush.ClassTimeout, "it ran past its timeout of 1m30s and was stopped"
			if diff := cmp.Diff(&tc.want, conditionOf(t, err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			waitGone()
		})
	}
}

func TestCancellingEndsTheWholeTree(t *testing.T) {
	t.Parallel()
	cause := errors.New("the worker is to end")
	waitGone, err := stopAt(t, sh(stubborn), command.Options{Grace: 20 * time.Millisecond}, func(ctx context.Context) (context.Context, func()) {
		ctx, cancel := context.WithCancelCause(ctx)
		return ctx, func() { cancel(cause) }
	})
	if err != cause {
		t.Errorf("got %v, want %v", err, cause)
	}
	waitGone()
}

func TestACauseThatIsAConditionLearnsOfTheProcess(t *testing.T) {
	t.Parallel()
	waitGone, err := stopAt(t, sh(stubborn), command.Options{Grace: 20 * time.Millisecond}, func(ctx context.Context) (context.Context, func()) {
		ctx, cancel := context.WithCancelCause(ctx)
		return ctx, func() { cancel(&rush.Condition{Class: rush.ClassCancelled, Message: "by Ann"}) }
	})
	want := &rush.Condition{Class: rush.ClassCancelled, Message: "by Ann", Signal: "killed", Stderr: "up"}
	if diff := cmp.Diff(want, conditionOf(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	waitGone()
}

func TestARealDeadline(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := newIn(t, t.TempDir(), sh("sleep 1000"), nil).Evaluate(ctx, task(nil))
	c := conditionOf(t, err)
	if c.Class != rush.ClassTimeout || !strings.HasPrefix(c.Message, "it ran past its timeout of ") || c.Signal != "terminated" {
		t.Errorf("got %+v", c)
	}
}

func TestNothingStartsWhenItIsTooLate(t *testing.T) {
	t.Parallel()
	cause := errors.New("stopped before")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	base := t.TempDir()
	spec := sh("touch started")
	spec.Dir = &command.Dir{Path: "{{rush.task}}"}
	if _, err := newIn(t, base, spec, nil).Evaluate(ctx, task(nil)); err != cause {
		t.Errorf("got %v, want %v", err, cause)
	}
	d, stop := past(t.Context())
	stop()
	e := task(nil)
	e.Options.Timeout = time.Second
	_, err := newIn(t, base, spec, nil).Evaluate(d, e)
	want := &rush.Condition{Class: rush.ClassTimeout, Message: "it ran past its timeout of 1s and was stopped"}
	if diff := cmp.Diff(want, conditionOf(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := listing(t, base); got != "" {
		t.Errorf("something was made: %s", got)
	}
}

func TestABackgroundChildNeitherHangsNorSurvives(t *testing.T) {
	t.Parallel()
	watch, waitGone := newWatch(t)
	spec := sh("exec 3> \"$WATCH\"; sh -c 'trap \"\" TERM HUP; while :; do sleep 1000; done' & echo 5")
	spec.Env = map[string]string{"WATCH": watch}
	got, err := evaluate(t, spec, task(nil))
	if err != nil || got["y"] != int64(5) {
		t.Errorf("got %v, %v, want y = 5", got, err)
	}
	waitGone()
}

func TestProcessesThatCannotStart(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	write(t, base, "junk", "no program\x00\x01", 0o755)
	for _, tc := range []struct {
		name string
		spec command.Spec
		want string
	}{
		{"without an interpreter", command.Spec{Command: []string{"./junk"}}, "exec format error: if it is a script, its first line has to be #!"},
		{"too much", command.Spec{Command: []string{"echo", "{{big}}"}}, "argument list too long: the arguments and the environment are too large together"},
		{"named by a parameter", command.Spec{Command: []string{"./sim-{{x}}"}}, "there is no program ./sim-1: looked for " + base + "/sim-1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := newIn(t, base, tc.spec, nil).Evaluate(t.Context(), task(rush.Values{"x": 1, "big": strings.Repeat("x", 4<<20)}))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error that says %q", err, tc.want)
			}
		})
	}
}
