package loops_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

var declared = []loops.Argument{
	{Name: "rate", Type: loops.Number, Default: 0.5, Range: loops.Range{Lower: 0, Upper: 1}},
	{Name: "epochs", Type: loops.Integer, Required: true, Range: loops.AtLeast(1)},
	{Name: "rule", Type: loops.Text, Choices: []string{"median", "mean"}},
	{Name: "warm", Type: loops.Boolean},
	{Name: "steps", Type: loops.List},
	{Name: "of", Type: loops.Map},
	{Name: "free", Type: loops.Any},
}

func TestCheckArguments(t *testing.T) {
	t.Parallel()
	list, object := []any{int64(1)}, map[string]any{"a": 1.5}
	for _, tc := range []struct {
		name        string
		given, want rush.Values
	}{
		{"defaults are filled in", rush.Values{"epochs": int64(3)}, rush.Values{"rate": 0.5, "epochs": int64(3)}},
		{"numbers get their type", rush.Values{"epochs": 3.0, "rate": int64(1)}, rush.Values{"rate": 1.0, "epochs": int64(3)}},
		{"an int of Go's", rush.Values{"epochs": 7}, rush.Values{"rate": 0.5, "epochs": int64(7)}},
		{"null is left out", rush.Values{"epochs": int64(1), "rule": nil, "rate": nil}, rush.Values{"rate": 0.5, "epochs": int64(1)}},
		{"every type", rush.Values{"epochs": int64(1), "rule": "mean", "warm": true, "steps": list, "of": object, "free": "x"},
			rush.Values{"rate": 0.5, "epochs": int64(1), "rule": "mean", "warm": true, "steps": list, "of": object, "free": "x"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := loops.CheckArguments(declared, tc.given)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckArgumentsRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		value any
		want  string
	}{
		{"epochs", nil, "argument epochs: it is missing; expected an integer of at least 1"},
		{"epochs", "3", `argument epochs: expected an integer of at least 1, found "3"`},
		{"epochs", 2.5, "argument epochs: expected an integer of at least 1, found 2.5"},
		{"epochs", int64(0), "argument epochs: expected an integer of at least 1, found 0"},
		{"rate", 1.5, "argument rate: expected a number between 0 and 1, found 1.5"},
		{"rate", math.NaN(), "argument rate: expected a number between 0 and 1, found NaN"},
		{"rule", "modus", `argument rule: expected one of median, mean, found "modus"`},
		{"warm", int64(1), "argument warm: expected true or false, found 1"},
		{"steps", "a", `argument steps: expected a list, found "a"`},
		{"of", true, "argument of: expected a map, found true"},
		{"epoch", int64(1), "argument epoch: there is no such argument; did you mean epochs?"},
	} {
		t.Run(fmt.Sprint(tc.name, tc.value), func(t *testing.T) {
			t.Parallel()
			given := rush.Values{"epochs": int64(1)}
			given[tc.name] = tc.value
			_, err := loops.CheckArguments(declared, given)
			if err == nil || err.Error() != tc.want {
				t.Errorf("found %v\nexpected %s", err, tc.want)
			}
			if _, ok := errors.AsType[*loops.ArgumentError](err); !ok {
				t.Errorf("found a %T, expected an *ArgumentError", err)
			}
		})
	}
}

// All that is wrong is told at once, and what was given is not changed.
func TestCheckArgumentsTellsAll(t *testing.T) {
	t.Parallel()
	given := rush.Values{"rate": 2.0, "nosuch": 1.0}
	_, err := loops.CheckArguments(declared, given)
	for _, name := range []string{"rate", "epochs", "nosuch"} {
		if err == nil || !strings.Contains(err.Error(), "argument "+name+":") {
			t.Errorf("%v says nothing of %s", err, name)
		}
	}
	if diff := cmp.Diff(rush.Values{"rate": 2.0, "nosuch": 1.0}, given); diff != "" {
		t.Error(diff)
	}
}

func ExampleCheckArguments() {
	declared := []loops.Argument{
		{Name: "epochs", Type: loops.Integer, Default: int64(20), Range: loops.AtLeast(1)},
		{Name: "rule", Type: loops.Text, Default: "median", Choices: []string{"median", "mean"}},
	}
	args, err := loops.CheckArguments(declared, rush.Values{"rule": "mean"})
	fmt.Println(args["epochs"], args["rule"], err)
	_, err = loops.CheckArguments(declared, rush.Values{"epoch": int64(5)})
	fmt.Println(err)
	// Output:
	// 20 mean <nil>
	// argument epoch: there is no such argument; did you mean epochs?
}
