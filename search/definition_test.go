package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/plugins/command"
	"github.com/rushnet/rush/seeds"
)

func mustSpace(t *testing.T, builtin string) space.Space {
	t.Helper()
	f, ok := functions.ByName(builtin)
	if !ok {
		t.Fatalf("there is no function %s", builtin)
	}
	return f.Space
}

// roundTrip writes a definition and reads it again, twice.
func roundTrip(t interface {
	Helper()
	Fatalf(string, ...any)
}, d *Definition) {
	t.Helper()
	body, err := json.Marshal(d)
	if err != nil {
		t.Fatalf("write: %v", err)
	}
	got, err := ParseDefinition(body)
	if err != nil {
		t.Fatalf("read %s: %v", body, err)
	}
	if diff := cmp.Diff(d, got, sameDefinition); diff != "" {
		t.Fatalf("what was read differs (-want +got):\n%s", diff)
	}
	again, err := json.Marshal(got)
	if err != nil || string(again) != string(body) {
		t.Fatalf("written again it is %s, was %s: %v", again, body, err)
	}
}

func TestDefinitionSurvivesJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, drawDefinition(t)) })
}

func drawDefinition(t *rapid.T) *Definition {
	seed := seeds.New(rapid.Int32().Draw(t, "seed"))
	d := &Definition{
		Format:            Format,
		Version:           drawText(t, "version"),
		Seed:              rapid.SampledFrom([]*seeds.Stream{nil, &seed}).Draw(t, "has seed"),
		Objective:         drawObjective(t),
		Space:             drawSpace(t),
		Codomain:          drawCodomain(t),
		Constants:         rapid.SampledFrom([]rush.Values{nil, {}, drawMap(t, 3)}).Draw(t, "constants"),
		Loop:              drawLoop(t),
		StopAfterFailures: rapid.IntRange(0, 9).Draw(t, "stop"),
		Dir:               drawText(t, "dir"),
		Source:            drawText(t, "source"),
	}
	d.Terminate = Terminate{Evals: rapid.Int64Range(0, math.MaxInt64).Draw(t, "evals"), RunTime: drawDuration(t)}
	if rapid.Bool().Draw(t, "stagnates") {
		iters := rapid.IntRange(1, 100).Draw(t, "iters")
		d.Terminate.Stagnation = &Stagnation{Iters: iters, Threshold: rapid.Float64Range(0, 1).Draw(t, "threshold")}
		d.Terminate.ClockTime = time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "moment"), 0).UTC()
		d.Terminate.All = []Terminate{{Evals: int64(iters)}, {Any: []Terminate{{RunTime: 1}, {ExpectedImprovement: &Stagnation{Iters: iters}}}}}
	}
	for _, target := range d.Codomain {
		if d.Terminate.PerfReached == nil {
			d.Terminate.PerfReached = map[string]float64{}
		}
		d.Terminate.PerfReached[target.Name] = rapid.Float64().Draw(t, "reach")
	}
	d.Task = Task{Timeout: drawDuration(t), MaxRetries: rapid.IntRange(0, 5).Draw(t, "retries"), Replicates: rapid.IntRange(0, 5).Draw(t, "replicates"),
		Crashes: rapid.IntRange(0, 5).Draw(t, "crashes")}
	if len(d.Codomain) > 0 && rapid.Bool().Draw(t, "stops early") {
		d.EarlyStopping.Median = &MedianStopping{
			Output: d.Codomain[0].Name, Grace: rapid.Int64Range(0, math.MaxInt64).Draw(t, "grace"), Enough: rapid.IntRange(0, 9).Draw(t, "enough"),
		}
	}
	if rapid.Bool().Draw(t, "has sets") {
		d.Sets = []string{drawText(t, "set")}
	}
	return d
}

func drawText(t *rapid.T, label string) string { return rapid.String().Draw(t, label) }

func drawDuration(t *rapid.T) Duration {
	return Duration(rapid.Int64Range(0, math.MaxInt64).Draw(t, "duration"))
}

func drawObjective(t *rapid.T) Objective {
	switch rapid.IntRange(0, 2).Draw(t, "objective") {
	case 0:
		return Objective{Builtin: rapid.SampledFrom(functions.Names()).Draw(t, "builtin")}
	case 1:
		return Objective{Function: drawText(t, "function") + "f"}
	}
	o := Objective{Command: &command.Spec{Command: rapid.SliceOfN(rapid.String(), 1, 3).Draw(t, "command")}}
	if rapid.Bool().Draw(t, "more") {
		o.Command.Dir = &command.Dir{Path: drawText(t, "path"), Keep: command.KeepNever}
		o.Command.Env = map[string]string{drawText(t, "name"): drawText(t, "value")}
		o.Command.Template = command.Templates{{In: drawText(t, "in"), Out: drawText(t, "out")}}
		o.Command.Answer = &command.Answer{File: drawText(t, "file"), Regex: map[string]string{"y": drawText(t, "regex")}}
	}
	return o
}

func drawSpace(t *rapid.T) space.Space {
	n := rapid.IntRange(0, 4).Draw(t, "parameters")
	if n == 0 {
		return space.Space{}
	}
	params := make([]space.Param, n)
	for i := range params {
		p := &params[i]
		p.Name = fmt.Sprintf("x%d.é", i)
		switch p.Type = rapid.SampledFrom([]space.Type{space.Dbl, space.Int, space.Fct, space.Lgl}).Draw(t, "type"); p.Type {
		case space.Dbl:
			p.Lower = rapid.Float64Range(-1e300, 1e300).Draw(t, "lower")
			p.Upper = rapid.Float64Range(p.Lower, 1e300).Draw(t, "upper")
			p.Log = p.Lower > 0
		case space.Int:
			p.Lower = float64(rapid.IntRange(-1000, 1000).Draw(t, "lower"))
			p.Upper = p.Lower + float64(rapid.IntRange(0, 1000).Draw(t, "width"))
			p.By = float64(rapid.IntRange(0, 5).Draw(t, "by"))
		case space.Fct:
			p.Levels = []any{int64(1), 1.5, drawText(t, "level"), nil, true}
			p.Values = []any{int64(1), 1.5}
		}
	}
	return space.MustNew(params...)
}

func drawCodomain(t *rapid.T) loops.Codomain {
	var c loops.Codomain
	for i := range rapid.IntRange(0, 3).Draw(t, "targets") {
		goal := rapid.SampledFrom([]loops.Goal{loops.Minimize, loops.Maximize}).Draw(t, "goal")
		c = append(c, loops.Target{Name: fmt.Sprintf("y%d", 3-i), Goal: goal})
	}
	return c
}

func drawLoop(t *rapid.T) Loop {
	switch name := rapid.SampledFrom(loopNames()).Draw(t, "loop"); name {
	case GridSearch:
		return Loop{Name: name, Resolution: &space.Resolution{Each: rapid.IntRange(1, 9).Draw(t, "each"), Of: map[string]int{"a": 3}}}
	case DesignPoints:
		return Loop{Name: name, Design: &Design{File: drawText(t, "design"), Points: rapid.Int64Min(0).Draw(t, "points"), Names: []string{"a"}, Digest: "sha256:0"}}
	default:
		return Loop{Name: name}
	}
}

// drawMap draws values of every kind that there is.
func drawMap(t *rapid.T, depth int) map[string]any {
	m := map[string]any{}
	for range rapid.IntRange(0, 4).Draw(t, "size") {
		m[rapid.SampledFrom([]string{"", "$", "$$"}).Draw(t, "prefix")+drawText(t, "name")] = drawValue(t, depth-1)
	}
	return m
}

func drawValue(t *rapid.T, depth int) any {
	kinds := 9
	if depth <= 0 {
		kinds = 7
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return rapid.Bool().Draw(t, "bool")
	case 1:
		return rapid.Int64().Draw(t, "int")
	case 2:
		return rapid.Float64().Draw(t, "float")
	case 3:
		return rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 1, 0}).Draw(t, "special")
	case 4:
		return drawText(t, "text")
	case 5:
		return rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "bytes")
	case 6:
		return time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "time"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
	case 7:
		return []any{drawValue(t, depth-1), nil}
	}
	return drawMap(t, depth-1)
}

func TestParseDefinitionRefuses(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``:                                    "not made from a search file",
		`{"seed":[10407,1,2,3,4,5,6]}`:        "not made from a search file",
		`{"format":2}`:                        "has format 2; expected 1",
		`{"format":1,"speed":3}`:              `unknown field "speed"`,
		`{"format":1,"seed":[1,2,3,4,5,6,7]}`: "not an L'Ecuyer-CMRG stream",
		`{"format":1,"space":{"params":[{"name":"x","type":"dbl","lower":1,"upper":0}]}}`: "expected lower to be at most upper",
		`{"format":1,"constants":{"a":{"$color":"red"}}}`:                                 "$color is no kind of value",
		`{"format":`: "read the network's definition",
	} {
		if _, err := ParseDefinition([]byte(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q in it", body, err, want)
		}
	}
	if _, err := ParseDefinition(nil); !errors.Is(err, ErrNoSearch) {
		t.Errorf("got %v, want ErrNoSearch", err)
	}
	if _, err := ParseDefinition([]byte(`{"format":2}`)); !errors.Is(err, rush.ErrSchema) {
		t.Errorf("got %v, want rush.ErrSchema", err)
	}
}
