package space_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

func dbl(lower, upper float64) space.Param {
	return space.Param{Name: "x", Type: space.Dbl, Lower: lower, Upper: upper}
}

func integer(lower, upper float64) space.Param {
	return space.Param{Name: "x", Type: space.Int, Lower: lower, Upper: upper}
}

func fct(levels ...any) space.Param {
	return space.Param{Name: "x", Type: space.Fct, Levels: levels}
}

type change func(*space.Param)

func log(p *space.Param)     { p.Log = true }
func by(step float64) change { return func(p *space.Param) { p.By = step } }
func values(v ...any) change { return func(p *space.Param) { p.Values = v } }
func with(p space.Param, c change) space.Param {
	c(&p)
	return p
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	self := []any{nil}
	self[0] = self
	for _, tc := range []struct {
		name  string
		param space.Param
		field string
		want  string
	}{
		{"no name", space.Param{Type: space.Dbl, Upper: 1}, "name", "parameter 1 has no name; expected a name such as x1 or svm.kernel"},
		{"blanks", space.Param{Name: " x", Type: space.Lgl}, "name", `parameter 1 is named " x", with blanks around it; expected a name such as x1 or svm.kernel`},
		{"control", space.Param{Name: "x\x00y", Type: space.Lgl}, "name", `parameter 1 is named "x\x00y", with a control character in it; expected a name such as x1 or svm.kernel`},
		{"not UTF-8", space.Param{Name: "\xff", Type: space.Lgl}, "name", "parameter 1 has a name that is not UTF-8; expected a name such as x1 or svm.kernel"},
		{"no type", space.Param{Name: "x"}, "type", `x: expected a type (dbl, int, fct or lgl), found ""; there are dbl, double, float, int, integer, fct, factor, categorical, lgl, logical, bool`},
		{"a wrong type", space.Param{Name: "x", Type: "catgorical"}, "type", `x: expected a type (dbl, int, fct or lgl), found "catgorical"; did you mean categorical?`},
		{"crossed bounds", dbl(2, 1), "lower", "x: expected lower to be at most upper, found lower 2 and upper 1; exchange them"},
		{"infinite bound", dbl(0, math.Inf(1)), "upper", "x: expected upper to be a finite number, found +Inf; give a bound that the search need not leave"},
		{"NaN bound", dbl(math.NaN(), 1), "lower", "x: expected lower to be a finite number, found NaN; give a bound that the search need not leave"},
		{"too wide", dbl(-1e308, 1e308), "upper", "x: the range from -1e+308 to 1e+308 is wider than a float64 can say; narrow it"},
		{"log of zero", with(dbl(0, 1), log), "lower", "x: expected lower above 0 on a log scale, found 0; raise it, or remove log"},
		{"log of an int", with(integer(-1, 1), log), "lower", "x: expected lower above 0 on a log scale, found -1; raise it, or remove log"},
		{"a fraction", integer(0.5, 1), "lower", "x: expected lower of an int to be an integer, found 0.5; round it, or make the type dbl"},
		{"a large int", integer(0, 1<<53+2), "upper", "x: expected upper of an int to be within -2^53 and 2^53, found 9.007199254740994e+15; narrow the range"},
		{"infinite int", integer(math.Inf(-1), 1), "lower", "x: expected lower to be a finite number, found -Inf; give a bound that the search need not leave"},
		{"levels of a dbl", space.Param{Name: "x", Type: space.Dbl, Levels: []any{1}}, "levels", "x: a parameter of type dbl has no levels; remove them, or make the type fct"},
		{"levels of a lgl", space.Param{Name: "x", Type: space.Lgl, Levels: []any{true}}, "levels", "x: a parameter of type lgl has no levels; remove them, or make the type fct"},
		{"bounds of a fct", space.Param{Name: "x", Type: space.Fct, Levels: []any{"a"}, Upper: 1}, "upper", "x: a parameter of type fct has no upper; remove it, or make the type dbl or int"},
		{"log of a lgl", space.Param{Name: "x", Type: space.Lgl, Log: true}, "log", "x: a parameter of type lgl has no log; remove it, or make the type dbl or int"},
		{"by of a fct", with(fct("a"), by(1)), "by", "x: a parameter of type fct has no by; remove it, or make the type dbl or int"},
		{"no levels", fct(), "levels", "x: a parameter of type fct needs at least one level, such as levels: [a, b]"},
		{"a level twice", fct("a", "b", "a"), "levels", `x: "a" is there twice, at 1 and 3; remove one`},
		{"a number twice", fct(1, 2, 1.0), "levels", "x: 1.0 is there twice, at 1 and 3; remove one"},
		{"a list twice", fct([]any{1, "b"}, []any{1.0, "b"}), "levels", `x: [1.0,"b"] is there twice, at 1 and 2; remove one`},
		{"a level that is no value", fct("a", struct{}{}), "levels", "x: level 2: expected null, a bool, a number, a string, a list or a map, found a struct {}"},
		{"bytes as level", fct([]byte("a")), "levels", "x: level 1: expected null, a bool, a number, a string, a list or a map, found a []uint8"},
		{"NaN within a level", fct([]any{math.NaN()}), "levels", "x: level 1: expected a finite number, found NaN"},
		{"a level in itself", fct(self), "levels", "x: level 1: lists and maps are nested more than 100 deep"},
		{"a negative step", with(dbl(0, 1), by(-0.1)), "by", "x: expected a step above 0, found -0.1"},
		{"an infinite step", with(dbl(0, 1), by(math.Inf(1))), "by", "x: expected a step above 0, found +Inf"},
		{"a fraction as step", with(integer(0, 1), by(0.5)), "by", "x: expected the step of an int to be an integer, found 0.5; round it, or make the type dbl"},
		{"step and values", with(with(dbl(0, 1), by(0.5)), values(1)), "by", "x: both by and values are given, and each says what the grid holds; remove one"},
		{"values outside", with(dbl(0, 1), values(0.5, 2)), "values", "x: value 2: expected a number from 0 to 1, found 2"},
		{"text in values", with(dbl(0, 1), values("0.5")), "values", `x: value 1: expected a number from 0 to 1, found the text "0.5"`},
		{"a fraction in values", with(integer(0, 9), values(1, 2.5)), "values", "x: value 2: expected an integer from 0 to 9, found 2.5"},
		{"a fraction without bounds", with(integer(0, 0), values(1, 2.5)), "values", "x: value 2: expected an integer, found 2.5; round it, or make the type dbl"},
		{"text without bounds", with(dbl(0, 0), values(1, "a")), "values", `x: value 2: expected a finite number, found the text "a"`},
		{"values twice", with(dbl(0, 9), values(3, 1, 3.0)), "values", "x: 3.0 is there twice, at 1 and 3; remove one"},
		{"values that are no levels", with(fct("a", "b"), values("a", "c")), "values", `x: value 2: expected one of "a", "b", found the text "c"`},
		{"values of a lgl", with(space.Param{Name: "x", Type: space.Lgl}, values(1)), "values", "x: value 1: expected true or false, found 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := space.New(tc.param)
			var about *space.ParamError
			if !errors.As(err, &about) || about.Error() != tc.want || about.Field != tc.field || about.Param != tc.param.Name && tc.field != "name" {
				t.Errorf("got %v\nof %+v, want %s\nof field %s", err, about, tc.want, tc.field)
			}
		})
	}
}

func TestNewRefusesANameThatIsThereTwice(t *testing.T) {
	t.Parallel()
	_, err := space.New(dbl(0, 1), space.Param{Name: "y", Type: space.Lgl}, integer(1, 2))
	if want := "x: parameters 1 and 3 have the same name; give each a name of its own"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestNewBringsParametersIntoOneForm(t *testing.T) {
	t.Parallel()
	type word string
	s := space.MustNew(
		space.Param{Name: "a", Type: "Float", Upper: 1, Values: []any{1, float32(0.5), json.Number("0.25")}},
		space.Param{Name: "b", Type: "integer", Upper: 9, Values: []any{uint8(7), int64(3)}},
		space.Param{Name: "c", Type: "factor", Levels: []any{uint64(1), float32(2), word("w"), []int{1, 2}, map[string]bool{"k": true}, nil}, Values: []any{2, "w"}},
		space.Param{Name: "d", Type: "logical", Values: []any{}},
		space.Param{Name: "e", Type: "dbl", Values: []any{3, -1, 2}},
	)
	want := []space.Param{
		{Name: "a", Type: space.Dbl, Upper: 1, Values: []any{1.0, 0.5, 0.25}},
		{Name: "b", Type: space.Int, Upper: 9, Values: []any{int64(7), int64(3)}},
		{Name: "c", Type: space.Fct, Levels: []any{int64(1), 2.0, "w", []any{int64(1), int64(2)}, map[string]any{"k": true}, nil}, Values: []any{2.0, "w"}},
		{Name: "d", Type: space.Lgl},
		{Name: "e", Type: space.Dbl, Lower: -1, Upper: 3, Values: []any{3.0, -1.0, 2.0}},
	}
	if diff := cmp.Diff(want, s.Params()); diff != "" {
		t.Error(diff)
	}
}

func TestEveryNameOfATypeIsKnown(t *testing.T) {
	t.Parallel()
	for want, names := range map[space.Type]string{
		space.Dbl: "dbl double float DBL", space.Int: "int integer", space.Fct: "fct factor categorical", space.Lgl: "lgl logical bool",
	} {
		for _, name := range strings.Fields(names) {
			if got, err := space.ParseType(name); err != nil || got != want {
				t.Errorf("ParseType(%q) = %q, %v; want %q", name, got, err, want)
			}
		}
	}
}

func TestASpaceCannotBeChangedFromOutside(t *testing.T) {
	t.Parallel()
	levels, vals := []any{"a", "b"}, []any{"b"}
	s := space.MustNew(space.Param{Name: "x", Type: space.Fct, Levels: levels, Values: vals})
	levels[0], vals[0] = "z", "z"
	s.Params()[0].Levels[0] = "y"
	p, ok := s.Param("x")
	p.Levels[1], p.Values[0] = "y", "y"
	again, _ := s.Param("x")
	if want := (space.Param{Name: "x", Type: space.Fct, Levels: []any{"a", "b"}, Values: []any{"b"}}); !ok || !cmp.Equal(again, want) {
		t.Errorf("the parameter became %+v", again)
	}
	if _, ok := s.Param("y"); ok {
		t.Error("there is a parameter y")
	}
}

func TestTheZeroSpaceHasNoParameters(t *testing.T) {
	t.Parallel()
	var s space.Space
	if s.Len() != 0 || len(s.Names()) != 0 || len(s.FromUnit(nil)) != 0 || s.Check(nil) != nil || s.String() != "" {
		t.Errorf("the zero space is %+v", s)
	}
	err := s.Check(rush.Values{"x": 1.0})
	if want := "x: the space has no such parameter; there are none"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestMustNewPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if r, _ := recover().(string); !strings.HasPrefix(r, "space: x: expected lower") {
			t.Errorf("got the panic %q", r)
		}
	}()
	space.MustNew(dbl(1, 0))
}
