package examples_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/seeds"
)

// handed is what one task saves and the next one is given.
type handed struct{ from, saved []byte }

func (h *handed) SaveCheckpoint(_ context.Context, r io.Reader) (err error) {
	h.saved, err = io.ReadAll(r)
	return err
}

func (h *handed) Checkpoint(context.Context) (io.ReadCloser, error) {
	if h.from == nil {
		return nil, loops.ErrNoCheckpoint
	}
	return io.NopCloser(bytes.NewReader(h.from)), nil
}

// Programs that count how many epochs they know of, which are in the checkpoint.
var continuing = map[string]struct {
	command []string
	code    string
}{
	"py": {python, `
import sys
sys.path.insert(0, "ADAPTERS")
from rush_objective import serve
def f(xs, task):
    model = task.load() or {"epochs": []}
    model["epochs"] += range(len(model["epochs"]), xs["epochs"])
    task.save(model)
    return {"n": len(model["epochs"]), "began": task.load() is None}
serve(f)`},
	"R": {rscript, `
source("ADAPTERS/rush_objective.R")
rush_serve(function(xs, task) {
  model <- task$load()
  began <- is.null(model)
  if (began) model <- list(epochs = integer())
  model$epochs <- c(model$epochs, seq(length(model$epochs) + 1, xs$epochs))
  task$save(model)
  list(n = length(model$epochs), began = began)
})`},
	"js": {[]string{"node"}, `
const { serve } = require("ADAPTERS/rush_objective.js")
serve(({ epochs }, task) => {
  const model = task.load() ?? { seen: new Set() }
  for (let i = model.seen.size; i < epochs; i++) model.seen.add(i)
  task.save(model)
  return { n: model.seen.size, began: task.load() === undefined }
})`},
	"sh": {[]string{"sh"}, `
. ADAPTERS/rush_objective.sh
objective() {
	n=0 began=true
	if [ -n "$rush_checkpoint_from" ]; then read -r n <"$rush_checkpoint_from"; began=false; fi
	while [ "$n" -lt "$(rush_x epochs)" ]; do n=$((n + 1)); done
	[ -z "$rush_checkpoint" ] || echo "$n" >"$rush_checkpoint"
	rush_answer n=$n began=$began
}
rush_serve`},
}

// goesOn evaluates with a budget of 1, then 3 from its checkpoint, then without any.
func goesOn(t *testing.T, evaluate func(*loops.Evaluation) (rush.Values, error)) {
	t.Helper()
	call := func(key rush.TaskKey, epochs int64, c loops.Checkpointer) rush.Values {
		ys, err := evaluate(&loops.Evaluation{
			XS: rush.Values{"epochs": epochs}, Task: key, Stream: seeds.New(42).Task(int64(key)).Objective(), Checkpointer: c,
			Scratch: t.TempDir(), Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		return ys
	}
	var first handed
	got := []rush.Values{call(0, 1, &first)}
	got = append(got, call(1, 3, &handed{from: first.saved}), call(2, 2, nil))
	want := []rush.Values{{"n": int64(1), "began": true}, {"n": int64(3), "began": false}, {"n": int64(2), "began": true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAdaptersHandCheckpointsOn(t *testing.T) {
	t.Parallel()
	for language, p := range continuing {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			goesOn(t, keptObjective(t, p.command, p.code))
		})
	}
	t.Run("python over gRPC", func(t *testing.T) {
		t.Parallel()
		o, err := plugins.NewObjective(pythonPlugin(t, `
from rush_plugin import serve
def f(xs, task):
    model = task.load() or {"epochs": []}
    model["epochs"] += range(len(model["epochs"]), xs["epochs"])
    task.save(model)
    return {"n": len(model["epochs"]), "began": task.load() is None}
serve(objectives={"f": f})`), "f")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = o.Close() })
		goesOn(t, func(e *loops.Evaluation) (rush.Values, error) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			e.Attempt, e.Network, e.Worker = 1, "net", "w"
			return o.Evaluate(ctx, e)
		})
	})
}
