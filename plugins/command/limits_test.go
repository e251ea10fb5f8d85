//go:build unix

package command_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/plugins/command"
)

func TestASilentProcessIsStopped(t *testing.T) {
	t.Parallel()
	watch, gone := newWatch(t)
	e := task(rush.Values{"watch": watch})
	e.Options.Stall = 500 * time.Millisecond
	_, err := evaluate(t, sh(`exec 3>"$RUSH_X_watch"; echo some words >&2; sleep 1000`), e)
	c := conditionOf(t, err)
	if c.Class != rush.ClassTimeout || !strings.Contains(c.Message, "nothing for 500ms") || c.Stderr != "some words" {
		t.Errorf("got %+v", c)
	}
	gone()
}

// Each of the words comes before the silence is too long, all of them do not.
func TestATalkativeProcessMayTakeItsTime(t *testing.T) {
	t.Parallel()
	e := task(nil)
	e.Options.Stall = 2 * time.Second
	e.Progressed = func(context.Context, any) error { return nil }
	script := `for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.25; echo $i; sleep 0.25; echo $i >$RUSH_PROGRESS; done`
	if out, err := evaluate(t, sh(script), e); err != nil || out["y"] != int64(10) {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestTheMemoryOfAProcessIsLimited(t *testing.T) {
	t.Parallel()
	e := task(nil)
	e.Options.Memory = 64 << 20
	if runtime.GOOS != "linux" {
		if _, err := evaluate(t, sh("echo 1"), e); err == nil || !strings.Contains(err.Error(), "on Linux only") {
			t.Errorf("got error %v", err)
		}
		return
	}
	out, err := evaluate(t, sh("ulimit -S -d"), e)
	if err != nil || out["y"] != int64(64<<10) {
		t.Errorf("the limit is %v KiB, %v", out["y"], err)
	}
	// A shell that holds a gigabyte in a variable.
	_, err = evaluate(t, sh("x=$(head -c 1000000000 /dev/zero | tr '\\0' x); echo 1"), e)
	if c := conditionOf(t, err); c.Class != rush.ClassError && c.Class != rush.ClassCrashed {
		t.Errorf("got %+v", c)
	}
	if out, err = evaluate(t, command.Spec{Command: []string{"sh", "-c", `echo "$#$1$2"`, "sh", "1 2", "3"}, Answer: &command.Answer{Regex: map[string]string{"y": "^(.+)$"}}}, e); err != nil || out["y"] != "21 23" {
		t.Errorf("with the arguments of a limited process: got %v, %v", out, err)
	}
}

// told notes the progress of a task.
func told(t *testing.T, script string) []any {
	t.Helper()
	e := task(rush.Values{"go": filepath.Join(t.TempDir(), "go")})
	var values []any
	e.Progressed = func(_ context.Context, value any) error {
		values = append(values, value)
		if err := os.WriteFile(e.XS["go"].(string), nil, 0o600); err != nil {
			t.Error(err)
		}
		return nil
	}
	// The process waits with each value until the one before has arrived.
	const next = `next() { while [ ! -e "$RUSH_X_go" ]; do sleep 0.01; done; rm "$RUSH_X_go"; }; `
	if _, err := evaluate(t, sh(next+script+"; echo 1"), e); err != nil {
		t.Fatal(err)
	}
	return values
}

func TestProgressIsTheLastLineOfAFile(t *testing.T) {
	t.Parallel()
	got := told(t, `echo 10 >$RUSH_PROGRESS; next; echo '{"epoch": 2, "loss": 0.5}' >>$RUSH_PROGRESS; next
		printf 'nearly done' >$RUSH_PROGRESS; next; printf '\nnull' >>$RUSH_PROGRESS; next
		printf '["last"]' >$RUSH_PROGRESS.new; mv $RUSH_PROGRESS.new $RUSH_PROGRESS`)
	want := []any{int64(10), map[string]any{"epoch": int64(2), "loss": 0.5}, "nearly done", nil, []any{"last"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestProgressOutsideOfATaskGoesNowhere(t *testing.T) {
	t.Parallel()
	out, err := evaluate(t, sh(`echo 10 >"$RUSH_PROGRESS" && echo "\"$RUSH_PROGRESS\"" >&2; echo 1`), task(nil))
	if err != nil || out["y"] != int64(1) {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestTheProgressVariableIsRushsOwn(t *testing.T) {
	t.Parallel()
	spec := command.Spec{Command: []string{"sh"}, Env: map[string]string{"RUSH_PROGRESS": "x"}}
	if _, err := command.New(spec, "", minimizeY, nil); err == nil || !strings.Contains(err.Error(), "RUSH_PROGRESS is set by rush itself") {
		t.Errorf("got error %v", err)
	}
}
