//go:build unix

package examples_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/hosted"
	"github.com/rushnet/rush/rushworker"
)

// A loopBench is a worker and a loop in Python beside it.
type loopBench struct {
	t *testing.T
	w *rushworker.Worker
	prints
	watch func(line string)
}

func newLoopBench(t *testing.T, url string) *loopBench {
	t.Helper()
	w, err := rushworker.Open(t.Context(), rushworker.Config{Store: url, Network: rush.NetworkID(uuid.NewString()), ID: "tester", Expiry: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(context.Background(), "the test is over"); err != nil {
			t.Error(err)
		}
	})
	return &loopBench{t: t, w: w, watch: func(string) {}}
}

// run runs a loop named l of a program with the code.
func (b *loopBench) run(ctx context.Context, code string, args rush.Values) error {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	square := loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		x := e.XS["x"].(float64)
		if x == 13 {
			return nil, errors.New("bad luck")
		}
		return rush.Values{"y": x * x, "note": "squared"}, nil
	})
	setting := plugins.Setting{
		Args:    args,
		Problem: &loops.Problem{Objective: square, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Constants: rush.Values{"c": int64(10)}},
		Space:   space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 20}),
		Output: func(stream, line string) {
			b.add(stream, line)
			b.watch(line)
		},
	}
	spec := pythonPlugin(b.t, "from rush_plugin import arg, serve\n"+code+"\nserve(loops={\"l\": l})\n")
	return hosted.NewPlugin(spec, "l", setting).Run(ctx, b.w)
}

// A loop in Python does all that one in Go does.
func TestAPythonLoopHasEveryVerb(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b, dir := newLoopBench(t, url), t.TempDir()
		err := b.run(t.Context(), `
import json
def l(worker, by: float = 0.1, into: str = arg(), unset: int = None):
    assert (by, unset) == (0.5, None), (by, unset)
    assert worker.worker == "tester" and worker.network and worker.constants == {"c": 10}, vars(worker)
    assert worker.params[0]["name"] == "x" and worker.codomain == {"y": "minimize"} and len(worker.seed) == 7, vars(worker)
    assert worker.over() == "" and worker.pop(0) is None
    one, two = worker.push_running([{"x": 2}, {"x": 13.0}], [{"from": "python"}, None])
    assert (one.key, one.xs, one.extra, one.attempt, two.key) == (0, {"x": 2}, {"from": "python"}, 1, 1), vars(one)
    out = worker.evaluate(one, finish=False)
    assert out.ys == {"y": 4.0} and out.extra == {"note": "squared"} and not out.condition, out
    worker.progress(one, 0.5)
    assert worker.report(one, 1, {"y": 3}) is False
    worker.finish(one, {"y": 4, "more": [1, None]}, {"note": "mine"})
    assert worker.evaluate(two).condition["message"] == "bad luck"
    assert worker.push([{"x": 3.5}, {"x": 4.5}]) == [2, 3]
    three, four = worker.pop(60), worker.take()
    assert (three.key, three.xs, four.key) == (2, {"x": 3.5}, 3), vars(three)
    try: raise ValueError("no luck")
    except ValueError as e: worker.end((three, e, None), (four, {"y": 1.5}, {"note": "many"}))
    claim = worker.take()
    assert claim.key == 4 and not hasattr(claim, "xs") and len(claim.seed) == 7, vars(claim)
    five = worker.start(claim, {"x": claim.random.uniform(0, 20)}, {"proposed": True})
    worker.fail(five, KeyError("five"))
    for wrong in (lambda: worker.finish(five, {"y": 1}), lambda: worker.push([{"x": 1}], [1, 2, 3]), lambda: worker.fetch(states=["gone"])):
        try: wrong()
        except (RuntimeError, ValueError) as e: print("refused:", e)
    assert worker.counts() == {"created": 5, "deferred": 0, "queued": 0, "running": 0, "finished": 2, "failed": 3}, worker.counts()
    worker.log("hi", "warn", a=1)
    open(into + "/finished", "wb").write(worker.fetch())
    open(into + "/all", "wb").write(worker.fetch(states=["finished", "failed"]))
    assert len(worker.rows(fresh=True, wait=60)) == 2 and worker.rows(fresh=True) == []
    print("done", end="")
`, rush.Values{"by": 0.5, "into": dir})
		if err != nil {
			t.Fatal(err)
		}
		got := b.all()
		for i, want := range []string{"refused: End: task 4 is not held", "refused: 3 extras were given for 1 points", `refused: Fetch: states: there is no state "gone"`, "done"} {
			if len(got) != 4 || !strings.HasPrefix(got[i], want) {
				t.Fatalf("found %q, expected %q", got, want)
			}
		}
		tasks, err := b.w.Tasks(t.Context(), 0, 2, 4)
		if err != nil {
			t.Fatal(err)
		}
		if c := tasks[1].Condition; c == nil || c.Message != "ValueError: no luck" || !strings.Contains(c.Trace, "raise ValueError") {
			t.Errorf("found %+v", c)
		}
		if tasks[0].YSExtra["note"] != "mine" || len(tasks[0].Reports) != 1 || tasks[2].XSExtra["proposed"] != true {
			t.Errorf("found %+v and %+v", tasks[0], tasks[2])
		}
		checkArrow(t, filepath.Join(dir, "finished"), 2)
		checkArrow(t, filepath.Join(dir, "all"), 5)
	})
}

// checkArrow reads a file with an Arrow IPC stream.
func checkArrow(t *testing.T, path string, want int64) {
	t.Helper()
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewReader(bytes.NewReader(written))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var rows int64
	for r.Next() {
		rows += r.Record().NumRows()
	}
	if r.Err() != nil || rows != want || len(r.Schema().FieldIndices("xs.x")) != 0 || len(r.Schema().FieldIndices("x")) != 1 {
		t.Errorf("%s: %d rows of %v, error %v; expected %d", path, rows, r.Schema(), r.Err(), want)
	}
}

// A loop that goes wrong ends its worker, which says why.
func TestPythonLoopsThatGoWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, code, want, trace string }{
		{"an exception", `raise ValueError("no luck")`, "it failed: ValueError: no luck", `in l`},
		{"an exit", `worker.push_running([{"x": 1}]); print("no license", file=sys.stderr); sys.exit(3)`, "ended before the loop was over: exit code 3", "no license"},
		{"a crash", `import os; os.kill(os.getpid(), 9)`, "ended before the loop was over: signal killed", ""},
		{"a wrong verb", `worker.push_running([{"x": object()}])`, "it failed: TypeError: <object object", "cannot be stored; expected None"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newLoopBench(t, filepath.Join(t.TempDir(), "rush.db"))
			err := b.run(t.Context(), "def l(worker):\n    "+tc.code, nil)
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), tc.trace) {
				t.Errorf("found %v, expected %q", err, tc.want)
			}
		})
	}
}

// A stop interrupts the wait of a loop, which ends by itself.
func TestAStopReachesAPythonLoop(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newLoopBench(t, url)
		b.watch = func(line string) {
			if line == "ready" {
				b.w.Stop("enough")
			}
		}
		err := b.run(t.Context(), `
def l(worker):
    print("ready")
    for task in worker.tasks(wait=3600): pass
    print("over:", worker.over())`, nil)
		if got := b.all(); err != nil || !slices.Equal(got, []string{"ready", "over: enough"}) {
			t.Errorf("found %q, %v", got, err)
		}
	})
}

// A loop that does not heed a stop is killed with its worker.
func TestAPythonLoopThatHangsIsKilled(t *testing.T) {
	t.Parallel()
	b := newLoopBench(t, filepath.Join(t.TempDir(), "rush.db"))
	ctx, cancel := context.WithCancelCause(t.Context())
	killed := errors.New("killed")
	var pid int
	b.watch = func(line string) {
		if rest, ok := strings.CutPrefix(line, "pid "); ok {
			pid, _ = strconv.Atoi(rest)
			b.w.Stop("enough")
			cancel(killed)
		}
	}
	err := b.run(ctx, `
import os, signal, time
def l(worker):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("pid", os.getpid())
    while True: time.sleep(600)`, nil)
	if !errors.Is(err, killed) || pid == 0 {
		t.Fatalf("found %v and process %d, expected the cause", err, pid)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("found %v of process %d, expected that there is none", err, pid)
	}
}

// A worker that is killed with kill -9 leaves no Python behind.
func TestAPythonLoopDiesWithItsWorker(t *testing.T) {
	t.Parallel()
	noticeSources(t, "..")
	dir := t.TempDir()
	spec := pythonPlugin(t, `
from rush_plugin import serve
import os, signal, time
def l(worker):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("pids", os.getpid(), os.getppid())
    while True: time.sleep(600)
serve(loops={"l": l})`)
	file := "objective: {builtin: sphere}\nspace: {x: {type: dbl, lower: 0, upper: 1}}\ncodomain: {y: minimize}\nworkers: 1\n" +
		"terminate: {evals: 5}\nloop: {plugin: [" + strings.Join(spec.Command, ", ") + "]}\n"
	if err := os.WriteFile(filepath.Join(dir, "search.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, filepath.Join(bin, "rush"), "run", "search.yaml")
	run.Dir, run.Env = dir, append(os.Environ(), "XDG_DATA_HOME="+dir, "RUSH_STORE=", "REDIS_URL=")
	both, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	run.Stdout, run.Stderr = writer, writer
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close()
	var printed strings.Builder
	var loops []string // processes of the loop: a worker that was killed may be followed by another one
	for lines := bufio.NewScanner(both); lines.Scan(); {
		printed.WriteString(lines.Text() + "\n")
		_, rest, ok := strings.Cut(lines.Text(), "pids ")
		if !ok {
			continue
		}
		pids := strings.Fields(rest)
		if loops = append(loops, pids[0]); len(loops) > 1 {
			continue
		}
		worker, err := strconv.Atoi(pids[1])
		if err != nil {
			t.Fatalf("found %q", lines.Text())
		}
		if err := syscall.Kill(worker, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		awaitDeath(ctx, t, pids[0])
		if err := run.Process.Kill(); err != nil {
			t.Error(err)
		}
	}
	_ = run.Wait() // it was killed
	if len(loops) == 0 {
		t.Fatalf("the loop said nothing:\n%s", &printed)
	}
	for _, pid := range loops {
		awaitDeath(ctx, t, pid)
	}
}

// awaitDeath waits until a process, which was killed, is no more.
func awaitDeath(ctx context.Context, t *testing.T, pid string) {
	t.Helper()
	for tick := time.Tick(time.Millisecond); ; <-tick {
		state, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(state), ") Z ") {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("process %s is alive: %s", pid, state)
		}
	}
}
