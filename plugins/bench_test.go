//go:build unix

package plugins_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/command"
)

// lines, set in the environment, makes the test binary a program that answers a JSON
// line with a JSON line.
const lines = "RUSH_PLUGINS_TEST_LINES"

func beLines() {
	in, out := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(os.Stdout)
	for {
		var task struct{ XS map[string]any }
		if in.Decode(&task) != nil {
			return
		}
		if out.Encode(map[string]any{"ys": map[string]any{"y": task.XS["x"]}}) != nil {
			return
		}
	}
}

// What a call of an objective costs: of one in this process, in a program over gRPC,
// and in a kept program over JSON lines.
func BenchmarkCall(b *testing.B) {
	here := loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		return rush.Values{"y": e.XS["x"]}, nil
	})
	overGRPC, err := plugins.NewObjective(self(b, misbehavior), "nothing")
	if err != nil {
		b.Fatal(err)
	}
	defer overGRPC.Close()
	spec := self(b, lines)
	overLines, err := command.New(command.Spec{Keep: true, Command: spec.Command, Env: spec.Env}, b.TempDir(), loops.Codomain{{Name: "y", Goal: loops.Minimize}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer overLines.Close()
	for _, one := range []struct {
		name      string
		objective loops.Objective
	}{{"in process", here}, {"gRPC", overGRPC}, {"JSON lines", overLines}} {
		problem := loops.Problem{Objective: one.objective}
		b.Run(one.name, func(b *testing.B) {
			e := *point(rush.Values{"x": 1.5})
			b.ReportAllocs()
			for b.Loop() {
				if r := problem.Try(b.Context(), e); r.Condition != nil || r.YS["y"] != 1.5 {
					b.Fatal(r)
				}
			}
		})
	}
}
