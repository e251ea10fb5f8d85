package search_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
)

// die ends its process, but for x above 1.
func die(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	if x := e.XS["x"].(float64); x > 1 {
		return rush.Values{"y": x}, nil
	}
	fmt.Fprintln(os.Stderr, "no license")
	os.Exit(7)
	return nil, nil
}

// seen returns what it finds in its environment, and its process.
func seen(context.Context, *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": 1.0, "seen": os.Getenv("SEEN"), "pid": os.Getpid()}, nil
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Whichever way the objective has processes of its own, so many crashes in a row
// end the worker, and the tasks have failed.
func TestTooManyCrashesEndAWorker(t *testing.T) {
	t.Parallel()
	for name, objective := range map[string]string{
		"a plugin":             "{plugin: [" + self(t) + "], name: die}",
		"an isolated function": "{function: die}",
		"a kept command":       "{command: [sh, -c, 'read -r line; echo no license >&2; exit 7'], keep: true}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachstore.Run(t, func(t *testing.T, url string) {
				s := open(t, url)
				isolate := "task: {crashes: 2}"
				if strings.Contains(objective, "function") {
					isolate = "task: {crashes: 2, isolate: true}"
				}
				def := s.parse(guestSearch+"stop_after_failures: 0\nobjective: "+objective+"\n"+isolate, "terminate.evals=50")
				s.run(def, search.StartOptions{}, 2)
				if c := s.counts(); c.Failed != 4 || c.Total() != 4 {
					t.Errorf("found %+v, expected two failed tasks for each of two workers", c)
				}
				s.wantEnds("the objective crashed 2 times in a row, the last time: crashed: ", "code 7", "no license")
			})
		})
	}
}

// wantEnds reports workers that did not end for this reason.
func (s *site) wantEnds(parts ...string) {
	s.t.Helper()
	workers, err := s.net.Workers(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, part := range parts {
		for _, w := range workers {
			if w.State != rush.WorkerTerminated || !strings.Contains(w.Reason, part) {
				s.t.Errorf("worker %s is %s: %s; expected terminated, %s", w.ID, w.State, w.Reason, part)
			}
		}
		if err := s.net.LocalError(); err == nil || !strings.Contains(err.Error(), part) {
			s.t.Errorf("found the workers' error %v, expected %s", err, part)
		}
	}
}

// Any task in between that does not crash begins the count anew.
func TestCrashesAtSomePoints(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.parse(`
seed: 1
space: {x: {type: fct, levels: [0.5, 0.25, 2.5, 0.75, 0.125, 3.5, 0.0625]}}
codomain: {y: minimize}
objective: {plugin: [` + self(t) + `], name: die}
loop: {name: grid_search}
stop_after_failures: 0
task: {crashes: 3}
`)
		s.run(def, search.StartOptions{}, 1)
		if c := s.counts(); c.Failed != 5 || c.Finished != 2 {
			t.Errorf("found %+v, expected 5 failed and 2 finished", c)
		}
		if err := s.net.LocalError(); err != nil {
			t.Errorf("found the workers' error %v", err)
		}
	})
}

// A loop of another language is told, and its task is another worker's.
func TestAHostedLoopWhoseObjectiveCannotBeStarted(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.commandSearch(shellLoop, "loop: {command: [sh, ./loop.sh], args: {by: 0.1}}")
		program := filepath.Join(def.Dir, "program")
		if err := os.WriteFile(program, []byte("#!/bin/sh\necho no license >&2\nexit 3\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		def.Objective = search.Objective{Plugin: &search.Plugin{}}
		def.Objective.Plugin.Command = []string{program}
		s.run(def, search.StartOptions{}, 2)
		if c := s.counts(); c.Queued == 0 || c.Total() != c.Queued {
			t.Errorf("found %+v, expected the tasks to be queued again", c)
		}
		s.wantEnds("the objective cannot be started: " + program)
		keys, err := s.net.Keys(t.Context(), rush.Queued)
		if err != nil {
			t.Fatal(err)
		}
		tasks, err := s.net.Tasks(t.Context(), keys...)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range tasks {
			if len(task.Attempts) == 0 || task.Attempts[0].Condition.Class != rush.ClassCrashed {
				t.Errorf("task %d has attempts %+v, expected what went wrong", task.Key, task.Attempts)
			}
		}
	})
}

// The processes that are kept get the network's new variables, like all others.
func TestARefreshRenewsProcesses(t *testing.T) {
	t.Parallel()
	for name, objective := range map[string]string{
		"a plugin":       "{plugin: [" + self(t) + "], name: seen}",
		"a kept command": `{command: [sh, -c, 'while read -r line; do echo "{\"ys\":{\"y\":1,\"seen\":\"$SEEN\",\"pid\":$$}}"; done'], keep: true}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachstore.Run(t, func(t *testing.T, url string) {
				s := open(t, url)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				def := s.parse("space: {x: {type: dbl, lower: 0, upper: 1}}\nloop: queue\nobjective: " + objective)
				s.setVariable(ctx, "first")
				if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
					t.Fatal(err)
				}
				if _, err := s.net.StartWorkers(ctx, def.Workers(1)); err != nil {
					t.Fatal(err)
				}
				first, again := s.evaluated(ctx), s.evaluated(ctx)
				if first["seen"] != "first" || first["pid"] != again["pid"] {
					t.Errorf("found %v, then %v; expected the first variable, and one process", first, again)
				}
				s.setVariable(ctx, "second")
				s.refresh(ctx)
				if got := s.evaluated(ctx); got["seen"] != "second" || got["pid"] == first["pid"] {
					t.Errorf("found %v after %v, expected the second variable in another process", got, first)
				}
				if _, err := s.net.StopWorkers(ctx, rush.SignalTerminate); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

func (s *site) setVariable(ctx context.Context, value string) {
	s.t.Helper()
	if err := s.net.SetEnvironment(ctx, rushworker.Environment{Variables: map[string]string{"SEEN": value}}); err != nil {
		s.t.Fatal(err)
	}
}

// evaluated has a task evaluated and returns its outputs.
func (s *site) evaluated(ctx context.Context) rush.Values {
	s.t.Helper()
	keys, err := s.net.Push(ctx, rush.Values{"x": 0.5})
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.net.Wait(ctx, keys...); err != nil {
		s.t.Fatal(err)
	}
	tasks, err := s.net.Tasks(ctx, keys...)
	if err != nil {
		s.t.Fatal(err)
	}
	return tasks[0].YS
}

// refresh has the workers read the network's environment.
func (s *site) refresh(ctx context.Context) {
	s.t.Helper()
	got, err := s.net.SendAndWait(ctx, time.Minute, rush.CommandRefresh, nil)
	if err != nil || len(got) != 1 || got[0].Err != nil {
		s.t.Fatalf("found the responses %v, %v; expected one", got, err)
	}
}
