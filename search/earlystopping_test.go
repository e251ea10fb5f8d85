package search_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/search"
)

// learn reports a loss that falls for five epochs, unless it is stopped, and
// returns nothing then.
func learn(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	for epoch := int64(1); epoch <= 5; epoch++ {
		stop, err := e.Report(ctx, epoch, rush.Values{"loss": e.XS["start"].(float64) / float64(epoch)})
		if stop || err != nil {
			return nil, err
		}
	}
	return rush.Values{"loss": e.XS["start"].(float64) / 5}, nil
}

// learnLines is learn as a kept command, which asks once more after each report.
const learnLines = `while IFS= read -r line; do
	start=${line#*'"start":'} start=${start%%[,\}]*} stop='{"stop":false}' epoch=0
	while [ "$stop" = '{"stop":false}' ] && [ $epoch -lt 5 ]; do
		epoch=$((epoch + 1))
		loss=$(awk "BEGIN { printf \"%.17g\", $start / $epoch }")
		echo "{\"report\":{\"step\":$epoch,\"ys\":{\"loss\":$loss}}}"; IFS= read -r stop
		echo '{"ask":"stop"}'; IFS= read -r again
		[ "$again" = "$stop" ] || echo '{"error":"asked again, it is told otherwise"}'
	done
	echo '{"ys":null}'
done
`

// takeAndEvaluate is a loop that evaluates what is in the queue.
const takeAndEvaluate = `
ask() { printf '%s\n' "$1"; IFS= read -r answer || exit 1; }
while ask '{"verb":"pop","wait":0}'; key=$(printf '%s\n' "$answer" | sed -n 's/.*"key":\([0-9]*\).*/\1/p'); [ -n "$key" ]; do
	ask "{\"verb\":\"evaluate\",\"key\":$key,\"finish\":true}"
done
`

// What a search file says of early stopping holds for objectives of every kind.
func TestEarlyStopping(t *testing.T) {
	t.Parallel()
	const kept = "{command: [sh, learn.sh], keep: true}"
	kinds := map[string]string{
		"a function":           "loop: {name: design_points, design: starts.csv}\nobjective: {function: learn}",
		"an isolated function": "loop: {name: design_points, design: starts.csv}\ntask: {isolate: true}\nobjective: {function: learn}",
		"a plugin":             "loop: {name: design_points, design: starts.csv}\nobjective: " + guestPlugin(t, "learn") + "}",
		"a kept command":       "loop: {name: design_points, design: starts.csv}\nobjective: " + kept,
		"a hosted loop":        "loop: {command: [sh, loop.sh], design: starts.csv}\nobjective: " + kept,
	}
	for kind, text := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			eachstore.Run(t, func(t *testing.T, url string) { testEarlyStopping(t, url, text) })
		})
	}
}

func testEarlyStopping(t *testing.T, url, text string) {
	s, dir := open(t, url), t.TempDir()
	for name, content := range map[string]string{
		"learn.sh": learnLines, "loop.sh": takeAndEvaluate, "starts.csv": "start\n1.0\n2.0\n3.0\n9.0\n1.5\n",
		"search.yaml": "space: {start: {type: dbl, lower: 0, upper: 10}}\ncodomain: {loss: minimize}\n" +
			"early_stopping: {median: {grace: 2, enough: 3}}\n" + text,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := search.Load(filepath.Join(dir, "search.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s.run(f.Definition, search.StartOptions{}, 1)
	tasks := s.finished()
	if len(tasks) != 5 {
		t.Fatalf("%d tasks finished, expected 5", len(tasks))
	}
	for i, task := range tasks {
		ys, extra := rush.Values{"loss": task.XS["start"].(float64) / 5}, rush.Values(nil)
		if i == 3 {
			ys, extra = rush.Values{"loss": 4.5}, rush.Values{"stopped_at": int64(2)}
		}
		if diff := cmp.Diff([]rush.Values{ys, extra}, []rush.Values{task.YS, task.YSExtra}); diff != "" {
			t.Errorf("task %d (-want +got):\n%s", i, diff)
		}
	}
}

// A resume may change the rule: what is evaluated stays comparable.
func TestEarlyStoppingMayChange(t *testing.T) {
	t.Parallel()
	s := &site{t: t}
	old := s.parse(guestSearch + "objective: {function: draw}\nearly_stopping: median")
	now := s.parse(guestSearch+"objective: {function: draw}", "early_stopping={median: {grace: 3, enough: 2}}")
	want := search.Changes{Allowed: []string{"early_stopping was a task whose y is worse than the median of 5 other tasks or more, from step 0 on " +
		"and is a task whose y is worse than the median of 2 other tasks or more, from step 3 on"}}
	now.Dir = old.Dir
	if diff := cmp.Diff(want, search.Diff(old, now)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
