package examples_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/command"
	"github.com/rushnet/rush/seeds"
)

func TestObjectivesOfEveryLanguageStay(t *testing.T) {
	for _, language := range []string{"py", "R", "js", "sh"} {
		t.Run(language, func(t *testing.T) {
			u := newUser(t)
			u.run("rush", "run", "jsonlines/branin-"+language+".yaml")
			tasks := u.export()
			if n := len(tasks["y"]); n != 20 {
				t.Fatalf("%d tasks finished, expected 20", n)
			}
			for i, text := range tasks["y"] {
				x1, x2 := number(t, tasks["x1"][i]), number(t, tasks["x2"][i])
				a := x2 - 5.1/(4*math.Pi*math.Pi)*x1*x1 + 5/math.Pi*x1 - 6
				want := a*a + 10*(1-1/(8*math.Pi))*math.Cos(x1) + 10
				if y := number(t, text); math.Abs(y-want) > 1e-9*math.Abs(want) {
					t.Errorf("y of task %s is %v, expected %v", tasks["number"][i], y, want)
				}
			}
		})
	}
}

// keptPrograms does the same in every language: x is 1 for a failure, 2 for
// numbers that JSON has none for, else reports until it is told to stop.
var keptPrograms = map[string]struct {
	command []string
	code    string
}{
	"py": {python, `
import sys
sys.path.insert(0, "ADAPTERS")
from rush_objective import serve
def f(xs, task):
    if xs["x"] == 1: raise ValueError("x is \"1\"")
    if xs["x"] == 2: return {"y": float("nan"), "z": float("-inf")}
    step = 1
    while not task.report(step, {"y": 0.1}) and not task.should_stop(): step += 1
    task.log("stopped", "warn", step=step)
    return {"y": 0.1 + 0.2, "step": step}
serve(f)`},
	"R": {rscript, `
source("ADAPTERS/rush_objective.R")
rush_serve(function(xs, task) {
  if (xs$x == 1) stop("x is \"1\"")
  if (xs$x == 2) return(list(y = NaN, z = -Inf))
  step <- 1L
  while (!task$report(step, list(y = 0.1)) && !task$should_stop()) step <- step + 1L
  task$log("stopped", "warn", step = step)
  list(y = 0.1 + 0.2, step = step)
})`},
	"js": {[]string{"node"}, `
const { serve } = require("ADAPTERS/rush_objective.js")
serve(async ({ x }, task) => {
  if (x === 1) throw new Error("x is \"1\"")
  if (x === 2) return { y: NaN, z: -Infinity }
  let step = 1
  while (!await task.report(step, { y: 0.1 }) && !await task.shouldStop()) step++
  task.log("stopped", "warn", { step })
  return { y: 0.1 + 0.2, step }
})`},
	"sh": {[]string{"sh"}, `
. ADAPTERS/rush_objective.sh
objective() {
	case $(rush_x x) in
	1) rush_fail 'x is "1"'; return ;;
	2) rush_answer y=NaN z=-Infinity; return ;;
	esac
	step=1
	while rush_report $step y=0.1 && ! rush_should_stop; do step=$((step + 1)); done
	rush_log warn stopped
	rush_answer y=0.30000000000000004 step=$step
}
rush_serve`},
}

// stopAt says that the objective is to stop: to a report of the step, or to a
// question after it.
type stopAt struct {
	step  int64
	asked bool  // only a question is told
	last  int64 // that was reported
}

func (s *stopAt) Report(_ context.Context, step int64, ys rush.Values) (bool, error) {
	s.last = step
	return step >= s.step && !s.asked || ys["y"] != 0.1, nil
}

func (s *stopAt) ShouldStop(context.Context) (bool, error) { return s.asked && s.last >= s.step, nil }

// keptObjective makes an objective of a program that uses an adapter.
func keptObjective(t *testing.T, interpreter []string, code string) func(*loops.Evaluation) (rush.Values, error) {
	t.Helper()
	adapters, err := filepath.Abs("jsonlines")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(program, []byte(strings.ReplaceAll(code, "ADAPTERS", adapters)), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := command.New(command.Spec{Command: append(interpreter[:len(interpreter):len(interpreter)], program), Keep: true}, "", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return func(e *loops.Evaluation) (rush.Values, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		e.Attempt, e.Network, e.Worker = 1, "net", "w"
		return o.Evaluate(ctx, e)
	}
}

func TestAdaptersTellEverything(t *testing.T) {
	t.Parallel()
	for language, p := range keptPrograms {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			evaluate := keptObjective(t, p.command, p.code)
			var log strings.Builder
			call := func(x int64) (rush.Values, error) {
				return evaluate(&loops.Evaluation{
					XS: rush.Values{"x": x}, Task: rush.TaskKey(x), Stream: seeds.New(42).Task(x), Reporter: &stopAt{step: 3, asked: x == 4},
					Log: slog.New(slog.NewTextHandler(&log, nil)),
				})
			}
			if _, err := call(1); err == nil || !strings.Contains(err.Error(), `x is "1"`) {
				t.Errorf("found the error %v", err)
			}
			ys, err := call(2)
			if diff := cmp.Diff(rush.Values{"y": math.NaN(), "z": math.Inf(-1)}, ys, cmpopts.EquateNaNs()); diff != "" || err != nil {
				t.Errorf("error %v, (-want +got):\n%s", err, diff)
			}
			for _, x := range []int64{3, 4} {
				ys, err = call(x)
				if diff := cmp.Diff(rush.Values{"y": 0.30000000000000004, "step": int64(3)}, ys); diff != "" || err != nil {
					t.Errorf("x is %d: error %v, (-want +got):\n%s", x, err, diff)
				}
			}
			if !strings.Contains(log.String(), "level=WARN msg=stopped") {
				t.Errorf("the log is %q", &log)
			}
		})
	}
}

// R's generator is set to the task's stream, the one that R itself has there.
func TestRDrawsFromTheTasksStream(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../seeds/testdata/lecuyer_r422_seed42.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Seeds map[string]struct {
			Streams []struct {
				Runif5 []string `json:"runif5"`
			} `json:"streams"`
		} `json:"seeds"`
	}
	if err := json.Unmarshal(b, &golden); err != nil {
		t.Fatal(err)
	}
	evaluate := keptObjective(t, rscript, `
source("ADAPTERS/rush_objective.R")
rush_serve(function(xs, task) list(u = runif(3)))`)
	for i := range int64(3) {
		ys, err := evaluate(&loops.Evaluation{Task: rush.TaskKey(i), Stream: seeds.New(42).Task(i).Objective(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		var want []any
		for _, text := range golden.Seeds["42"].Streams[i].Runif5[:3] {
			u, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, u)
		}
		if diff := cmp.Diff(want, ys["u"]); diff != "" {
			t.Errorf("runif(3) of task %d (-want +got):\n%s", i, diff)
		}
	}
}
