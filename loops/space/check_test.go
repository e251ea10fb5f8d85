package space_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

// model is the space of the tables below.
var model = space.MustNew(
	space.Param{Name: "lr", Type: space.Dbl, Lower: 1e-5, Upper: 1, Log: true},
	space.Param{Name: "layers", Type: space.Int, Lower: 1, Upper: 8},
	space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"rbf", "linear", nil}},
	space.Param{Name: "size", Type: space.Fct, Levels: []any{int64(3), 0.5, []any{int64(8), int64(8)}, true, "3.5"}},
	space.Param{Name: "bias", Type: space.Lgl},
)

// point returns a point of model with some values replaced.
func point(changes rush.Values) rush.Values {
	p := rush.Values{"lr": 0.1, "layers": int64(2), "kernel": "rbf", "size": int64(3), "bias": true}
	for name, v := range changes {
		p[name] = v
	}
	return p
}

func TestCheckAcceptsPoints(t *testing.T) {
	t.Parallel()
	for _, changes := range []rush.Values{
		nil,
		{"lr": 1e-5}, {"lr": 1.0}, {"lr": 1}, {"lr": float32(0.5)},
		{"layers": 1}, {"layers": int32(8)}, {"layers": uint64(8)},
		{"kernel": nil}, {"kernel": "linear"},
		{"size": 3.0}, {"size": 0.5}, {"size": []any{8, 8.0}}, {"size": []int{8, 8}}, {"size": true}, {"size": "3.5"},
		{"bias": false},
	} {
		if err := model.Check(point(changes)); err != nil {
			t.Errorf("%v: %v", changes, err)
		}
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		point rush.Values
		want  string
	}{
		{nil, "lr: it has no value in this point; expected a number from 1e-05 to 1"},
		{rush.Values{"lr": 0.1, "layers": 1}, `kernel: it has no value in this point; expected one of "rbf", "linear", null`},
		{point(rush.Values{"layer": 1}), "layer: the space has no such parameter; did you mean layers?"},
		{rush.Values{"LR": 0.1}, "LR: the space has no such parameter; did you mean lr?"},
		{point(rush.Values{"momentum": 1}), "momentum: the space has no such parameter; there are lr, layers, kernel, size, bias"},
		{point(rush.Values{"lr": 2.0}), "lr: expected a number from 1e-05 to 1, found 2.0"},
		{point(rush.Values{"lr": math.NaN()}), "lr: expected a number from 1e-05 to 1, found NaN, which is not a number"},
		{point(rush.Values{"lr": math.Inf(-1)}), "lr: expected a number from 1e-05 to 1, found -Inf"},
		{point(rush.Values{"lr": "0.1"}), `lr: expected a number from 1e-05 to 1, found the text "0.1"`},
		{point(rush.Values{"lr": nil}), "lr: expected a number from 1e-05 to 1, found null"},
		{point(rush.Values{"lr": true}), "lr: expected a number from 1e-05 to 1, found true"},
		{point(rush.Values{"layers": 0}), "layers: expected an integer from 1 to 8, found 0"},
		{point(rush.Values{"layers": 3.0}), "layers: expected an integer from 1 to 8, found 3.0"},
		{point(rush.Values{"layers": []any{1}}), "layers: expected an integer from 1 to 8, found [1] ([]interface {})"},
		{point(rush.Values{"kernel": "Linaer"}), `kernel: expected one of "rbf", "linear", null, found the text "Linaer"; did you mean linear?`},
		{point(rush.Values{"size": "3"}), `size: expected one of 3, 0.5, [8,8], true, "3.5", found the text "3"`},
		{point(rush.Values{"size": []any{8}}), `size: expected one of 3, 0.5, [8,8], true, "3.5", found [8] ([]interface {})`},
		{point(rush.Values{"bias": 1}), "bias: expected true or false, found 1"},
	} {
		if err := model.Check(tc.point); err == nil || err.Error() != tc.want {
			t.Errorf("%v:\n\tgot  %v\n\twant %s", tc.point, err, tc.want)
		}
	}
}

func TestCoerceReadsWhatFilesHold(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want rush.Values }{
		{nil, nil},
		{rush.Values{"lr": "0.25"}, rush.Values{"lr": 0.25}},
		{rush.Values{"lr": " 1e-3 "}, rush.Values{"lr": 0.001}},
		{rush.Values{"lr": "1"}, rush.Values{"lr": 1.0}},
		{rush.Values{"lr": int64(1)}, rush.Values{"lr": 1.0}},
		{rush.Values{"lr": json.Number("0.5")}, rush.Values{"lr": 0.5}},
		{rush.Values{"layers": 3.0}, rush.Values{"layers": int64(3)}},
		{rush.Values{"layers": "3"}, rush.Values{"layers": int64(3)}},
		{rush.Values{"layers": "3.0"}, rush.Values{"layers": int64(3)}},
		{rush.Values{"layers": "0.8e1"}, rush.Values{"layers": int64(8)}},
		{rush.Values{"layers": json.Number("4.0")}, rush.Values{"layers": int64(4)}},
		{rush.Values{"kernel": "linear"}, rush.Values{"kernel": "linear"}},
		{rush.Values{"kernel": " linear "}, rush.Values{"kernel": "linear"}},
		{rush.Values{"kernel": "null"}, rush.Values{"kernel": nil}},
		{rush.Values{"kernel": nil}, rush.Values{"kernel": nil}},
		{rush.Values{"size": "3"}, rush.Values{"size": int64(3)}},
		{rush.Values{"size": "3.00"}, rush.Values{"size": int64(3)}},
		{rush.Values{"size": 3.0}, rush.Values{"size": int64(3)}},
		{rush.Values{"size": "3.5"}, rush.Values{"size": "3.5"}}, // a level as it is
		{rush.Values{"size": "5e-1"}, rush.Values{"size": 0.5}},
		{rush.Values{"size": "[8, 8.0]"}, rush.Values{"size": []any{int64(8), int64(8)}}},
		{rush.Values{"size": []any{8.0, 8.0}}, rush.Values{"size": []any{int64(8), int64(8)}}},
		{rush.Values{"size": "TRUE"}, rush.Values{"size": true}},
		{rush.Values{"bias": "TRUE"}, rush.Values{"bias": true}},
		{rush.Values{"bias": "False"}, rush.Values{"bias": false}},
		{rush.Values{"bias": "f"}, rush.Values{"bias": false}},
		{rush.Values{"bias": 1}, rush.Values{"bias": true}},
		{rush.Values{"bias": 0.0}, rush.Values{"bias": false}},
		{rush.Values{"bias": "1"}, rush.Values{"bias": true}},
	} {
		in := point(tc.in)
		before := point(tc.in)
		got, err := model.Coerce(in)
		if err != nil {
			t.Errorf("%v: %v", tc.in, err)
			continue
		}
		if diff := cmp.Diff(point(tc.want), got); diff != "" {
			t.Errorf("%v: %s", tc.in, diff)
		}
		if !cmp.Equal(before, in) {
			t.Errorf("%v: the given point became %v", tc.in, in)
		}
		if err := model.Check(got); err != nil {
			t.Errorf("%v: the result is not in the space: %v", tc.in, err)
		}
	}
}

func TestCoerceSaysWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in   rush.Values
		want string
	}{
		{rush.Values{"lr": ""}, `lr: expected a number from 1e-05 to 1, found the text ""`},
		{rush.Values{"lr": "0,1"}, `lr: expected a number from 1e-05 to 1, found the text "0,1"`},
		{rush.Values{"lr": "2"}, "lr: expected a number from 1e-05 to 1, found 2"},
		{rush.Values{"lr": "NaN"}, "lr: expected a number from 1e-05 to 1, found NaN, which is not a number"},
		{rush.Values{"lr": nil}, "lr: expected a number from 1e-05 to 1, found null"},
		{rush.Values{"layers": "2.5"}, "layers: expected an integer from 1 to 8, found 2.5"},
		{rush.Values{"layers": 1e300}, "layers: expected an integer from 1 to 8, found 1e+300"},
		{rush.Values{"layers": true}, "layers: expected an integer from 1 to 8, found true"},
		{rush.Values{"kernel": "rbff"}, `kernel: expected one of "rbf", "linear", null, found the text "rbff"; did you mean rbf?`},
		{rush.Values{"size": "4"}, `size: expected one of 3, 0.5, [8,8], true, "3.5", found the text "4"`},
		{rush.Values{"size": "[8,"}, `size: expected one of 3, 0.5, [8,8], true, "3.5", found the text "[8,"`},
		{rush.Values{"size": nil}, `size: expected one of 3, 0.5, [8,8], true, "3.5", found null`},
		{rush.Values{"bias": "maybe"}, `bias: expected true or false, found the text "maybe"`},
		{rush.Values{"bias": 2}, "bias: expected true or false, found 2"},
	} {
		if got, err := model.Coerce(point(tc.in)); err == nil || err.Error() != tc.want {
			t.Errorf("%v: got %v and\n\t%v, want\n\t%s", tc.in, got, err, tc.want)
		}
	}
}

// Points survive a file: their JSON, and each value's JSON as text, read back
// as they were.
func TestCoerceUndoesFiles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anySpace().Draw(t, "space")
		want := s.FromUnit(rapid.SliceOfN(rapid.Float64Range(0, 1), s.Len(), s.Len()).Draw(t, "u"))
		text := rush.Values{}
		for name, v := range want {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatalf("%v", err)
			}
			if text[name] = string(b); v == "a" {
				text[name] = v // text is not quoted in CSV
			}
		}
		var decoded rush.Values
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if err := json.Unmarshal(b, &decoded); err != nil {
			t.Fatalf("%v", err)
		}
		for _, in := range []rush.Values{want, text, decoded} {
			got, err := s.Coerce(in)
			if err != nil {
				t.Fatalf("%v: %v", in, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%v: %s", in, diff)
			}
		}
	})
}
