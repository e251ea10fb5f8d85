package examples_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/seeds"
)

// onStore runs one of the searches of examples/python in a store, with Debian's
// Python, and returns its finished tasks.
func onStore(t *testing.T, url, name string, evals int) (summary, map[string][]string) {
	t.Helper()
	noticeSources(t, "..")
	u := user{t: t, data: t.TempDir(), env: []string{
		"PATH=" + filepath.Dir(python[0]) + string(filepath.ListSeparator) + os.Getenv("PATH"), "PYTHONDONTWRITEBYTECODE=1", "RUSH_STORE=" + url,
	}}
	net := uuid.NewString()
	s := u.search("python/"+name+".yaml", "--network", net)
	tasks := u.table(net, "--state", "finished")
	if s.Finished != evals || len(tasks["number"]) != evals {
		t.Fatalf("%d tasks finished, and %d are in the table; expected %d", s.Finished, len(tasks["number"]), evals)
	}
	u.run("rush", "doctor", net)
	return s, tasks
}

func TestAPythonObjectiveOverGRPC(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		_, tasks := onStore(t, url, "branin", 20)
		checkBranin(t, tasks)
		if luck := slices.Compact(slices.Sorted(slices.Values(tasks["luck"]))); len(luck) != 20 {
			t.Errorf("the tasks drew %d different numbers, expected 20", len(luck))
		}
	})
}

func TestAPythonLoopOverGRPC(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s, tasks := onStore(t, url, "evolution", 100)
		checkBranin(t, tasks)
		if y := s.Best[0].YS["y"]; y > 5 {
			t.Errorf("the best y is %g, expected at most 5", y)
		}
		if p := slices.Compact(slices.Sorted(slices.Values(tasks["parent"]))); len(p) < 5 {
			t.Errorf("the parents are %q, expected several", p)
		}
	})
}

// The file that hides the handshake is short.
func TestThePythonPluginIsShort(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("python/rush_plugin.py")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("\n")); n > 150 {
		t.Errorf("it has %d lines, expected at most 150", n)
	}
}

// pythonPlugin is a program with the code in it.
func pythonPlugin(t *testing.T, code string) plugins.Spec {
	t.Helper()
	adapters, err := filepath.Abs("python")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "program.py")
	code = fmt.Sprintf("import sys\nsys.path.insert(0, %q)\n", adapters) + code
	if err := os.WriteFile(program, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	return plugins.Spec{Command: append(python[:len(python):len(python)], program)}
}

// prints keeps what a program prints.
type prints struct {
	mu    sync.Mutex
	lines []string
}

func (p *prints) add(_, line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, line)
}

func (p *prints) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.lines)
}

// A pythonObjective is evaluated outside of any network.
type pythonObjective struct {
	t *testing.T
	*plugins.Objective
	prints
	log     strings.Builder
	scratch string
}

func newPythonObjective(t *testing.T, name, code string) *pythonObjective {
	t.Helper()
	o, err := plugins.NewObjective(pythonPlugin(t, code), name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return &pythonObjective{t: t, Objective: o, scratch: t.TempDir()}
}

func (o *pythonObjective) call(xs rush.Values) (rush.Values, error) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), 2*time.Minute)
	defer cancel()
	return o.Evaluate(ctx, &loops.Evaluation{
		XS: xs, Constants: rush.Values{"c": int64(10)}, Task: 7, Attempt: 2, Network: "net", Worker: "w", Stream: seeds.New(42).Task(7).Objective(), Scratch: o.scratch,
		Options: rush.Options{Timeout: time.Minute}, Output: o.add, Reporter: &stopAt{step: 3}, Log: slog.New(slog.NewTextHandler(&o.log, nil)),
	})
}

// An objective is told of its task, and tells what it has to.
func TestAPythonObjectiveTellsEverything(t *testing.T) {
	t.Parallel()
	o := newPythonObjective(t, "all", `
from rush_plugin import serve
print("before the handshake", end="")
def everything(xs, task):
    step = 1
    while not task.report(step, {"y": 0.1}): step += 1
    task.progress({"epoch": step})
    task.log("stopped", "warn", step=step)
    told = [task.key, task.attempt, task.network, task.worker, task.timeout, task.constants["c"], len(task.seed), task.seed[0]]
    return {"y": 0.1 + 0.2, "step": step, "told": told, "stop": task.should_stop(), "same": xs, "random": task.random.random()}
serve(objectives={"all": everything, "other": lambda xs, task: {"y": 1}})`)
	same := rush.Values{
		"nan": math.NaN(), "inf": math.Inf(-1), "int": int64(1 << 62), "float": 2.0, "bytes": []byte{0, 255}, "null": nil, "text": "ü",
		"time": time.Date(2026, 1, 2, 3, 4, 5, 678000, time.UTC), "list": []any{true, map[string]any{"a": int64(1)}},
	}
	first, err := o.call(same)
	if err != nil {
		t.Fatal(err)
	}
	again, err := o.call(same)
	if err != nil || again["random"] != first["random"] {
		t.Errorf("drew %v, then %v, error %v; expected the same numbers", first["random"], again["random"], err)
	}
	delete(first, "random")
	want := rush.Values{
		"y": 0.30000000000000004, "step": int64(3), "stop": false, "same": map[string]any(same),
		"told": []any{int64(7), int64(2), "net", "w", 60.0, int64(10), int64(7), int64(10407)},
	}
	if diff := cmp.Diff(want, first, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(o.log.String(), "level=WARN msg=stopped step=3") {
		t.Errorf("the log is %q", &o.log)
	}
}

// What goes wrong with a task is told, and the next one is evaluated.
func TestPythonObjectivesThatGoWrong(t *testing.T) {
	t.Parallel()
	o := newPythonObjective(t, "", `
import os, sys
from rush_plugin import serve
def f(xs, task):
    if xs["x"] == 1: raise ValueError("x is 1")
    if xs["x"] == 2: os._exit(3)
    if xs["x"] == 3: sys.exit("no license")
    if xs["x"] == 4: return {"y": object()}
    if xs["x"] == 5: return {"y": 2**70}
    print("no end of line", end="")
    return {"y": 1.5, "pid": os.getpid()}
serve(objectives={"f": f})`)
	for i, tc := range []struct {
		class              rush.Class
		message, trace, se string
	}{
		{rush.ClassError, "ValueError: x is 1", "in f", ""},
		{rush.ClassCrashed, "exit code 3", "", ""},
		{rush.ClassCrashed, "exit code 1", "", "no license"},
		{rush.ClassError, "cannot be stored; expected None", "", ""},
		{rush.ClassError, "integers of at most 64 bits", "", ""},
	} {
		_, err := o.call(rush.Values{"x": int64(i + 1)})
		c, ok := err.(*rush.Condition) //nolint:errorlint // that is what it is to be
		if !ok || c.Class != tc.class || !strings.Contains(c.Message, tc.message) || !strings.Contains(c.Trace, tc.trace) || !strings.Contains(c.Stderr, tc.se) {
			t.Errorf("x = %d: found %#v, expected %+v", i+1, err, tc)
		}
		ys, err := o.call(rush.Values{"x": int64(0)})
		if err != nil || ys["y"] != 1.5 {
			t.Errorf("after x = %d: found %v, %v", i+1, ys, err)
		}
	}
	if err := o.Close(); err != nil { // then all was read
		t.Error(err)
	}
	ends := 0
	for _, line := range o.all() {
		if line == "no end of line" {
			ends++
		}
	}
	if ends != 5 {
		t.Errorf("found %q, expected a line of each of 5 tasks", o.all())
	}
}

// Messages may be large, and what is too large for one goes through files, of which
// none is left.
func TestAPythonObjectiveWithLargeValues(t *testing.T) {
	t.Parallel()
	o := newPythonObjective(t, "f", `
from rush_plugin import serve
serve(objectives={"f": lambda xs, task: {"y": 1.0, "back": xs["there"]}})`)
	for _, mib := range []int{32, 100} {
		there := bytes.Repeat([]byte{1, 2, 3, 4}, mib<<18)
		ys, err := o.call(rush.Values{"there": there})
		if back, ok := ys["back"].([]byte); err != nil || !ok || !bytes.Equal(back, there) {
			t.Errorf("%d MiB: found other values, error %v", mib, err)
		}
	}
	if left, err := os.ReadDir(o.scratch); err != nil || len(left) > 0 {
		t.Errorf("in the directory of the worker's files is %v, %v; expected nothing", left, err)
	}
}
