package space_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/space"
)

func TestJSONOfASpace(t *testing.T) {
	t.Parallel()
	s := space.MustNew(
		space.Param{Name: "x1", Type: space.Dbl, Lower: -5, Upper: 0, By: 0.5},
		space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 1e6, Log: true, Values: []any{1, 1000}},
		space.Param{Name: "k<", Type: space.Fct, Levels: []any{1, 1.5, 2.0, 1e300, "<a>", nil, true, []any{3.0}, map[string]any{"z": 1, "a": 1e-7}}},
		space.Param{Name: "f", Type: space.Lgl},
	)
	got, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"params":[` +
		`{"name":"x1","type":"dbl","lower":-5,"upper":0,"by":0.5},` +
		`{"name":"n","type":"int","lower":1,"upper":1000000,"log":true,"values":[1,1000]},` +
		`{"name":"k\u003c","type":"fct","levels":[1,1.5,2.0,1e+300,"\u003ca\u003e",null,true,[3.0],{"a":1e-07,"z":1}]},` +
		`{"name":"f","type":"lgl"}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestASpaceSurvivesItsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := struct {
			Network string      `json:"network"`
			Space   space.Space `json:"space"`
		}{"branin", anySpace().Draw(t, "space")}
		got := want
		got.Space = space.Space{}
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Space.Params(), got.Space.Params()); diff != "" {
			t.Fatal(diff)
		}
		if !got.Space.Equal(want.Space) {
			t.Fatal(space.Diff(want.Space, got.Space))
		}
	})
}

func TestJSONThatIsNoSpace(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"params":[{"name":"x","type":"dbl","lower":1,"upper":0}]}`:      "read a search space: x: expected lower to be at most upper, found lower 1 and upper 0; exchange them",
		`{"params":[{"name":"x","type":"dbl","upper":1,"prior":"10^x"}]}`: `read a search space: json: unknown field "prior"`,
		`{"params":[],"constraint":"x < 1"}`:                              `read a search space: json: unknown field "constraint"`,
		`{"params":[{"name":"x","type":"dbll"}]}`:                         `read a search space: expected a type (dbl, int, fct or lgl), found "dbll"; did you mean dbl?`,
		`{"params":[{"name":"x","type":"fct","levels":[1e999]}]}`:         "read a search space: the levels of x: expected a number that a float64 can hold, found 1e999",
	} {
		var s space.Space
		if err := json.Unmarshal([]byte(text), &s); err == nil || err.Error() != want {
			t.Errorf("%s:\n\tgot  %v\n\twant %s", text, err, want)
		}
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	a := space.MustNew(
		space.Param{Name: "x1", Type: space.Dbl, Lower: 1, Upper: 10},
		space.Param{Name: "x2", Type: space.Int, Lower: 1, Upper: 10},
		space.Param{Name: "k", Type: space.Fct, Levels: []any{"a", 1}},
		space.Param{Name: "f", Type: space.Lgl},
	)
	for _, tc := range []struct {
		name string
		b    []space.Param
		want []string
	}{
		{"equal", a.Params(), nil},
		{"bounds, scale and step", append([]space.Param{{Name: "x1", Type: space.Dbl, Lower: 0.5, Upper: 1e6, Log: true, By: 0.5}}, a.Params()[1:]...), []string{
			"x1: its lower bound was 1 and is 0.5",
			"x1: its upper bound was 10 and is 1000000",
			"x1: its scale was linear and is logarithmic",
			"x1: its step was absent and is 0.5",
		}},
		{"type", append([]space.Param{{Name: "x1", Type: space.Int, Lower: 1, Upper: 10}}, a.Params()[1:]...), []string{"x1: its type was dbl and is int"}},
		{"levels", []space.Param{a.Params()[0], a.Params()[1], {Name: "k", Type: space.Fct, Levels: []any{"a", 1.0}, Values: []any{"a"}}, a.Params()[3]}, []string{
			`k: its list of levels was ["a", 1] and is ["a", 1.0]`,
			`k: its list of grid values was absent and is ["a"]`,
		}},
		{"names", append([]space.Param{{Name: "x0", Type: space.Lgl}}, a.Params()[:3]...), []string{"parameter f was removed", "parameter x0 was added"}},
		{"order", []space.Param{a.Params()[1], a.Params()[0], a.Params()[2], a.Params()[3]}, []string{"the order of the parameters was x1, x2, k, f and is x2, x1, k, f"}},
	} {
		b := space.MustNew(tc.b...)
		if diff := cmp.Diff(tc.want, space.Diff(a, b)); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
		if a.Equal(b) != (tc.want == nil) || b.Equal(a) != (tc.want == nil) {
			t.Errorf("%s: Equal disagrees with Diff", tc.name)
		}
	}
}
