package hosted_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow/ipc"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/hosted"
)

// runLoop runs a loop of the guest, whose files are in dir.
func (b *bench) runLoop(ctx context.Context, name, dir string) error {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	path, err := os.Executable()
	if err != nil {
		b.t.Fatal(err)
	}
	spec := plugins.Spec{Command: []string{path}, Env: map[string]string{guest: dir}}
	return hosted.NewPlugin(spec, name, b.setting).Run(ctx, b.w)
}

// Every verb of the service does what that of a session does, and refuses what makes
// no sense.
func TestVerbsOverGRPC(t *testing.T) {
	t.Parallel()
	want := []string{
		`tester map[by:0.5] map[c:10] {"params":[{"name":"x",`, ``, `2 float64 1 7`, `map[y:4] map[note:squared]`, ``, ``, ``, `error: bad luck`, `keys:2`, ``,
		`2 <nil>`, ``, `created:3 finished:1 failed:2`, `3 10407 <nil>`, `3 <nil>`,
		`task 77 is not held by this loop`, `no "y"`, `class: expected error, timeout, crashed, found "lost"`,
		`xs: it is missing`, `expected a MessagePack map`, `wait_us: expected 0 or more, found -1`,
		`there is no state "gone"`, `only fresh tasks can be waited for`, ``,
	}
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		if err := b.runLoop(t.Context(), "verbs", "1"); err != nil {
			t.Fatal(err)
		}
		lines := b.lines()
		if len(lines) != len(want) {
			t.Fatalf("found %d lines, expected %d:\n%s", len(lines), len(want), strings.Join(lines, "\n"))
		}
		for i := range want {
			if want[i] == "" && lines[i] != "" || !strings.Contains(lines[i], want[i]) {
				t.Errorf("line %d: found %q, expected %q", i, lines[i], want[i])
			}
		}
		tasks, err := b.w.Tasks(t.Context(), 0, 2, 3)
		if err != nil {
			t.Fatal(err)
		}
		if e := tasks[0].YSExtra; e["note"] != "mine" || e["more"] == nil || len(tasks[0].Reports) != 1 || tasks[0].Reports[0].YS["y"] != 3.0 {
			t.Errorf("found %v and %v", e, tasks[0].Reports)
		}
		if c := tasks[1].Condition; c == nil || c.Class != rush.ClassCrashed || c.Message != "no" || c.Trace != "line 3" {
			t.Errorf("found %+v", c)
		}
		if tasks[2].YS["y"] != 1.0 {
			t.Errorf("found %v", tasks[2].YS)
		}
	})
}

// A loop whose program does wrong ends its worker with what is known of it.
func TestLoopsThatGoWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, want string }{
		{"fail", "it failed: ValueError: no luck\n  at line 3"},
		{"status", "it failed: it is Tuesday"},
		{"no such", `there is no loop "no such"`},
		{"exit", "its program ended before the loop was over: exit code 3; the last of its stderr:\nno license"},
		{"die in a verb", "exit code 4"},
		{"stay", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			eachstore.Run(t, func(t *testing.T, url string) {
				b := newBench(t, url)
				b.setting.Problem.Grace = 100 * time.Millisecond
				err := b.runLoop(t.Context(), tc.name, "1")
				if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
					t.Errorf("found %v, expected %q", err, tc.want)
				}
			})
		})
	}
}

// A program that is no plugin says why.
func TestAProgramThatServesNoLoops(t *testing.T) {
	t.Parallel()
	b := newBench(t, filepath.Join(t.TempDir(), "rush.db"))
	for want, command := range map[string][]string{
		"no license": {"sh", "-c", "echo no license >&2; exit 3"},
		"no such":    {"./no such program"},
	} {
		err := hosted.NewPlugin(plugins.Spec{Command: command}, "", b.setting).Run(t.Context(), b.w)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), command[0]) {
			t.Errorf("found %v, expected %q", err, want)
		}
	}
}

// What a program held when it died is given up when its worker leaves.
func TestATaskOfADeadLoopIsGivenBack(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		b.setting.Problem.Task = rush.Options{MaxRetries: 1}
		if err := b.runLoop(t.Context(), "exit", "1"); err == nil {
			t.Fatal("no error")
		}
		b.givesUp(url)
	})
}

// A stop interrupts a wait, and is told.
func TestAStopReachesTheLoop(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		b.watch = func(line string) {
			if line == "ready" {
				b.w.Stop("enough")
			}
		}
		if err := b.runLoop(t.Context(), "patient", "1"); err != nil {
			t.Fatal(err)
		}
		if got := b.lines(); !slices.Equal(got, []string{"ready", "over: enough"}) {
			t.Errorf("found %q", got)
		}
	})
}

// A loop that heeds nothing is killed with the worker, and so is what it started.
func TestALoopThatHangsIsKilled(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		ctx, cancel := context.WithCancelCause(t.Context())
		killed := errors.New("killed")
		var pids []string
		b.watch = func(line string) {
			if rest, ok := strings.CutPrefix(line, "pids "); ok {
				pids = strings.Fields(rest)
				b.w.Stop("enough") // it does not heed that
				cancel(killed)
			}
		}
		if err := b.runLoop(ctx, "hang", "1"); !errors.Is(err, killed) {
			t.Errorf("found %v, expected the cause", err)
		}
		for _, pid := range pids {
			awaitDeath(t, pid)
		}
		if len(pids) != 2 {
			t.Errorf("found %q, expected two processes", pids)
		}
	})
}

// What a call would have brought that the program gave up comes with the next one.
func TestACallThatIsGivenUpLosesNoTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		net, err := network.Open(t.Context(), network.Config{Store: url, Network: b.w.Network()})
		if err != nil {
			t.Fatal(err)
		}
		defer net.Close()
		b.watch = func(line string) {
			if strings.HasPrefix(line, "gave up") {
				if _, err := net.Push(t.Context(), rush.Values{"x": 1.0}); err != nil {
					t.Error(err)
				}
			}
		}
		if err := b.runLoop(t.Context(), "given up", "1"); err != nil {
			t.Fatal(err)
		}
		if c := b.counts(); c.Running != 1 || b.lines()[0] != "gave up: true" {
			t.Errorf("found %+v and %q, expected the task to be the loop's", c, b.lines())
		}
	})
}

// A loop fetches tables as Arrow IPC streams.
func TestFetchOverGRPC(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b, dir := newBench(t, url), t.TempDir()
		s := b.session()
		if _, err := s.PushRunning(t.Context(), []hosted.Point{{XS: rush.Values{"x": 1.0}}, {XS: rush.Values{"x": 2.0}}}); err != nil {
			t.Fatal(err)
		}
		outcomes := []hosted.Outcome{{Key: 0, YS: rush.Values{"y": 1.0}}, {Key: 1, Condition: rush.DefaultCondition()}}
		if err := s.End(t.Context(), outcomes); err != nil {
			t.Fatal(err)
		}
		if err := b.runLoop(t.Context(), "fetch", dir); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]int64{"false-0": 1, "true-3600000000": 1, "true-0": 0, "false-2": 2} {
			written, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			r, err := ipc.NewReader(bytes.NewReader(written))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			var rows int64
			for r.Next() {
				rows += r.Record().NumRows()
			}
			if r.Err() != nil || rows != want || len(r.Schema().FieldIndices("number")) != 1 {
				t.Errorf("%s: %d rows of %v, error %v; expected %d", name, rows, r.Schema(), r.Err(), want)
			}
		}
	})
}
