package loops_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

type point struct {
	LearnRate float64 `help:"of the first epoch"`
	XGBDepth  int32
	Kernel    string `rush:"kernel.name"`
	Warm      bool
	Layers    []int
	Momentum  *float64
	Rest      any
	Ignored   int `rush:"-"`
	_         int
}

type score struct {
	Loss   float32
	Steps  uint8
	Note   *string
	Curve  []float64
	ByFold map[string]int
}

func fit(_ context.Context, e *loops.Evaluation, p point) (score, error) {
	if p.Warm {
		return score{}, errors.New("too warm")
	}
	s := score{Loss: float32(p.LearnRate), Steps: uint8(p.XGBDepth), Curve: []float64{1, 0.5}, ByFold: map[string]int{p.Kernel: p.Layers[1]}}
	if p.Momentum != nil {
		s.Loss, s.Note = float32(*p.Momentum), &p.Kernel
	}
	return s, nil
}

func TestAFunctionOfStructsIsAnObjective(t *testing.T) {
	t.Parallel()
	o := loops.Func(fit)
	xs := func(more ...any) rush.Values {
		v := rush.Values{"learn_rate": int64(2), "xgb_depth": 3.0, "kernel.name": "rbf", "warm": false, "layers": []any{int64(1), 7.0}}
		for i := 0; i < len(more); i += 2 {
			v[more[i].(string)] = more[i+1]
		}
		return v
	}
	for name, c := range map[string]struct {
		xs   rush.Values
		want rush.Values
		err  string
	}{
		"all that is needed": {xs(), rush.Values{
			"loss": 2.0, "steps": int64(3), "curve": []any{1.0, 0.5}, "by_fold": map[string]any{"rbf": int64(7)},
		}, ""},
		"what may be missing": {xs("momentum", 0.5, "rest", []any{true}), rush.Values{
			"loss": 0.5, "steps": int64(3), "note": "rbf", "curve": []any{1.0, 0.5}, "by_fold": map[string]any{"rbf": int64(7)},
		}, ""},
		"null for what may be missing": {xs("momentum", nil, "rest", nil), rush.Values{
			"loss": 2.0, "steps": int64(3), "curve": []any{1.0, 0.5}, "by_fold": map[string]any{"rbf": int64(7)},
		}, ""},
		"an error":           {xs("warm", true), nil, "too warm"},
		"a missing input":    {xs("warm", nil), nil, "argument warm: it is missing; expected true or false"},
		"an unknown input":   {xs("momentun", 0.5), nil, "argument momentun: there is no such argument; did you mean momentum?"},
		"an ill-typed input": {xs("xgb_depth", 2.5), nil, "argument xgb_depth: expected an integer, found 2.5"},
		"one that is large":  {xs("xgb_depth", int64(1)<<40), nil, "argument xgb_depth: expected an integer that a int32 holds"},
		"a list of others":   {xs("layers", []any{int64(1), "two"}), nil, `argument layers: element 1: expected an integer, found "two"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := o.Evaluate(t.Context(), &loops.Evaluation{XS: c.xs})
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("found error %v, expected %q", err, c.err)
				}
			} else if diff := cmp.Diff(c.want, out); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestAFunctionOfStructsDeclaresThem(t *testing.T) {
	t.Parallel()
	d := loops.Func(fit).(loops.Declared).Declaration()
	want := loops.Declaration{
		Arguments: []loops.Argument{
			{Name: "learn_rate", Type: loops.Number, Required: true, Help: "of the first epoch"},
			{Name: "xgb_depth", Type: loops.Integer, Required: true}, {Name: "kernel.name", Type: loops.Text, Required: true},
			{Name: "warm", Type: loops.Boolean, Required: true}, {Name: "layers", Type: loops.List, Required: true},
			{Name: "momentum", Type: loops.Number}, {Name: "rest", Type: loops.Any},
		},
		Outputs: []string{"loss", "steps", "note", "curve", "by_fold"},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAFunctionOfMapsTakesAnything(t *testing.T) {
	t.Parallel()
	o := loops.Func(func(_ context.Context, _ *loops.Evaluation, in map[string]any) (rush.Values, error) {
		return rush.Values{"y": in["x"]}, nil
	})
	out, err := o.Evaluate(t.Context(), &loops.Evaluation{XS: rush.Values{"x": "any"}})
	if diff := cmp.Diff(rush.Values{"y": "any"}, out); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if d := o.(loops.Declared).Declaration(); d.Arguments != nil || d.Outputs != nil {
		t.Errorf("it declares %+v", d)
	}
}

func TestAFunctionOfWhatIsNoValueIsAMistake(t *testing.T) {
	t.Parallel()
	defer func() {
		if p, ok := recover().(string); !ok || !strings.Contains(p, "field At is a chan int; expected a number") {
			t.Errorf("found %v", p)
		}
	}()
	loops.Func(func(context.Context, *loops.Evaluation, struct{ At chan int }) (map[string]any, error) {
		return nil, nil
	})
}
