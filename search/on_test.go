package search_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/search"
)

// told is what a command was told.
type told struct {
	Stage, Network, Worker, State, Status, Reason string
	Task                                          *int64
	XS, YS                                        map[string]float64
	Variable                                      string // RUSH_STAGE and RUSH_TASK
}

// readTold reads what the commands of noting wrote, in the order of the calls.
func readTold(t *testing.T, path string) (all []told) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		variable, text, _ := strings.Cut(line, " ")
		var e told
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		e.Variable = variable
		all = append(all, e)
	}
	return all
}

// noting is a search whose commands append what they are told to a file.
func noting(t *testing.T, stages string, more string) (text, file string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the commands are shell commands")
	}
	file = filepath.Join(t.TempDir(), "told")
	var b strings.Builder
	b.WriteString("seed: 1\nobjective: {builtin: branin}\nterminate: {evals: 3}\n" + more + "\non:\n")
	for stage := range strings.FieldsSeq(stages) {
		b.WriteString("  " + stage + `: [sh, -c, 'read -r line; echo "$RUSH_STAGE,$RUSH_TASK $line" >> ` + file + `']` + "\n")
	}
	return b.String(), file
}

const allStages = `optimization_begin worker_begin optimizer_before_eval optimizer_after_eval
	optimizer_queue_before_eval optimizer_queue_after_eval worker_end result_begin result_end on_optimization_end`

// Every stage is come to, by the manager or by the worker, in its order, and
// knows what there is to know.
func TestCommandsAtAllStages(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		text, file := noting(t, allStages, "")
		s, ctx := open(t, url), t.Context()
		def := s.parse(text)
		if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := def.Begin(ctx, s.net, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := s.net.Push(ctx, rush.Values{"x1": 1.0, "x2": 2.0}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.net.StartWorkers(ctx, def.Workers(1)); err != nil {
			t.Fatal(err)
		}
		<-s.net.LocalDone()
		if run, err := def.End(ctx, s.net, rush.RunDone, "enough", nil); err != nil || run.Status != rush.RunDone {
			t.Fatalf("%+v, %v", run, err)
		}
		var got []string
		for _, e := range readTold(t, file) {
			got = append(got, e.Variable)
			stage, task, _ := strings.Cut(e.Variable, ",")
			manager := strings.HasPrefix(stage, "result") || strings.HasPrefix(stage, "optimization")
			if e.Stage != stage || e.Network != string(s.net.ID()) || (e.Worker == "") != manager || (e.Task != nil) != (task != "") {
				t.Errorf("%s was told %+v", e.Variable, e)
			}
			if strings.HasSuffix(stage, "after_eval") && (e.State != "finished" || len(e.XS) != 2 || len(e.YS) != 1) {
				t.Errorf("%s was told %+v", e.Variable, e)
			}
			if (stage == "result_end" || stage == "optimization_end") && (e.Status != "done" || e.Reason != "enough") {
				t.Errorf("%s was told %+v", e.Variable, e)
			}
		}
		want := []string{
			"optimization_begin,", "worker_begin,", "optimizer_queue_before_eval,0", "optimizer_queue_after_eval,0",
			"optimizer_before_eval,1", "optimizer_after_eval,1", "optimizer_before_eval,2", "optimizer_after_eval,2", "worker_end,",
			"result_begin,", "result_end,", "optimization_end,",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// A command that fails, cannot be started or takes too long is no reason to end the
// run, unless it is required.
func TestCommandsThatFail(t *testing.T) {
	t.Parallel()
	const hooks = `
on:
  worker_begin: [sh, -c, 'echo no luck >&2; exit 3']
  optimizer_before_eval: {command: [sleep, 100], timeout: 10ms}
`
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		s.run(s.parse("objective: {builtin: branin}\nterminate: {evals: 3}"+hooks), search.StartOptions{}, 1)
		if c := s.counts(); c.Finished != 3 {
			t.Errorf("got %+v, expected 3 finished tasks", c)
		}
	})
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		s.run(s.parse(`objective: {builtin: branin}
terminate: {evals: 30}
on: {optimizer_after_eval: {command: [sh, -c, 'echo no luck >&2; test $RUSH_TASK -lt 2'], required: true}}`), search.StartOptions{}, 1)
		run, err := s.net.Run(t.Context())
		if c := s.counts(); err != nil || c.Finished != 3 || run.Status != rush.RunFailed || !strings.Contains(run.Reason, "no luck") {
			t.Errorf("got %+v, %+v, %v; expected 3 finished tasks and a failed run", c, run, err)
		}
	})
}

// The manager's required commands end the run, too.
func TestARequiredCommandOfTheManagerThatFails(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		def := s.parse("objective: {builtin: branin}\nterminate: {evals: 3}\non: {result_begin: {command: ['false'], required: true}}")
		if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := def.Begin(ctx, s.net, nil); err != nil {
			t.Error(err)
		}
		run, err := def.End(ctx, s.net, rush.RunDone, "enough", nil)
		if err == nil || run.Status != rush.RunFailed || !strings.Contains(run.Reason, "result_begin") {
			t.Errorf("got %+v, %v", run, err)
		}
	})
}

func TestMistakesInStages(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"on: {optimisation_end: [true]}":           "did you mean optimization_end?",
		"on: {worker_begin: []}":                   "the list is empty",
		"on: {worker_begin: {timeout: 3s}}":        "the command is missing",
		"on: {worker_begin: [no-such-program-42]}": "no-such-program-42",
		"on: {worker_begin: notify-send}":          "expected a list of the program and its arguments",
	} {
		_, err := search.Parse(filepath.Join(t.TempDir(), "search.yaml"), []byte("objective: {builtin: branin}\nterminate: {evals: 3}\n"+text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, expected %s", text, err, want)
		}
	}
}
