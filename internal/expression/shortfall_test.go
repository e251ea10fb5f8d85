package expression

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// By hand, for a = 3, b = 5, and c that is not there.
func TestShortfall(t *testing.T) {
	t.Parallel()
	values := map[string]any{"a": int64(3), "b": 5.0, "k": "x"}
	names := map[string]Kind{"a": Integer, "b": Number, "c": Number, "k": Text}
	for text, want := range map[string]float64{
		"a < b": 0, "a > b": 2, "a >= 3 * b": 12, "a == 4": 1, "b < 5": least, `k == "y"`: 1, `k in ["y", "z"]`: 1,
		"a > b and b > 9": 6, "a > b or b > 9": 2, "a < b and b > 9": 4, "not (a < b)": 2, "not (a < b or b < 6)": 3, "not (a < b and b < 6)": 1,
		"c > 4": 0, "c > 4 and a > b": 2, "not (a != 4)": 1, "not (a != 3)": 0,
	} {
		p, err := Compile(text, names, Bool)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Shortfall(values); math.Abs(got-want) > 1e-15 {
			t.Errorf("%s: %v, expected %v", text, got, want)
		}
	}
}

// It is 0 exactly where the condition is not false.
func TestShortfallAgreesWithTheTruth(t *testing.T) {
	t.Parallel()
	names := map[string]Kind{"a": Integer, "b": Integer, "c": Integer}
	leaf := rapid.SampledFrom([]string{"a < b", "a <= 1", "b == c", "c > a", "b >= 2", "a != c", "c in [1, 2]"})
	var condition func(depth int) *rapid.Generator[string]
	condition = func(depth int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			if depth == 0 {
				return leaf.Draw(t, "leaf")
			}
			below := condition(depth - 1)
			switch rapid.IntRange(0, 3).Draw(t, "operator") {
			case 0:
				return "(" + below.Draw(t, "left") + ") and (" + below.Draw(t, "right") + ")"
			case 1:
				return "(" + below.Draw(t, "left") + ") or (" + below.Draw(t, "right") + ")"
			case 2:
				return "not (" + below.Draw(t, "part") + ")"
			}
			return leaf.Draw(t, "leaf")
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		text := condition(3).Draw(t, "condition")
		values := map[string]any{}
		for _, name := range []string{"a", "b", "c"} {
			if rapid.Bool().Draw(t, name+" is there") {
				values[name] = int64(rapid.IntRange(0, 3).Draw(t, name))
			}
		}
		p, err := Compile(text, names, Bool)
		if err != nil {
			t.Fatal(err)
		}
		truth, err := p.Truth(values)
		if short := p.Shortfall(values); err != nil || (short == 0) != (truth != False) || short < 0 {
			t.Fatalf("%s of %v is %v, and lacks %v", text, values, truth, short)
		}
	})
}
