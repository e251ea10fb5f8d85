package expression

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var names = map[string]Kind{
	"x": Number, "n": Integer, "a": Number, "b": Number, "a-b": Number, "svm.kernel": Text, "svm": Text, "on": Bool,
	"in": Number, "max": Number, "learning rate": Number, "3d": Number, "any": Any,
}

var values = map[string]any{
	"x": 0.5, "n": int64(4), "a": 5.0, "b": 2.0, "a-b": 100.0, "svm.kernel": "rbf", "svm": "s", "on": true,
	"in": 7.0, "max": 8.0, "learning rate": 0.1, "3d": 9.0,
}

func TestValues(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]any{
		"10^x":                          3.1622776601683795,
		"2 ** n":                        16.0,
		"n % 3":                         1,
		"n / 8":                         0.5,
		"a-b":                           100.0, // a name is read as long as one fits
		"a - b":                         3.0,
		"a -b":                          3.0,
		"a-b - b":                       98.0,
		"max + 1":                       9.0,
		"max(a, b)":                     5.0,
		"min (max, b)":                  2.0,
		"learning rate * 10":            1.0,
		`$env["in"] + 1`:                8.0,
		`$env['3d']`:                    9.0,
		`$env["a-b"] - $env["a"]`:       95.0,
		"exp(0)":                        1.0,
		"log(n) == log(4)":              true,
		"log2(n)":                       2.0,
		"int(round(x * 3))":             2,
		`svm.kernel + "-svm.kernel"`:    "rbf-svm.kernel", // not in quotes
		`on ? "yes" : "no"`:             "yes",
		"x > 0.4 ? n : a":               int64(4),
		`svm.kernel in ["rbf", "poly"]`: true,
		"n in [3, 4]":                   true,
		"n in [3, 5]":                   false,
		"n == 4":                        true,
		"n == 4.0":                      true,
		`svm.kernel matches "^r"`:       true,
		"any ?? 3":                      3,
		"x // svm.kernel":               0.5,
	} {
		p, err := Compile(source, names, Any)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got, err := p.Value(values); err != nil || got != want {
			t.Errorf("%s is %v (%T, %v), want %v", source, got, got, err, want)
		}
	}
}

func TestTruthOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]Truth{
		"any > 1":                         Unknown,
		"not (any > 1)":                   Unknown,
		"any > 1 or x < 1":                True,
		"x < 1 or any > 1":                True,
		"any > 1 and x < 1":               Unknown,
		"any > 1 && x > 1":                False,
		"!(any > 1 and x > 1)":            True,
		"any == nil":                      True,
		"nil != any":                      False,
		"(any ?? 2) > 1":                  True,
		"(any ?? 2) > 1 and any < 9":      Unknown,
		`svm.kernel == "rbf" and x < 0.6`: True,
	} {
		p, err := Compile(source, names, Bool)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got, err := p.Truth(values); err != nil || got != want {
			t.Errorf("%s is %v (%v), want %v", source, got, err, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		source string
		want   Kind
		offset int
		text   string
	}{
		{"", Any, 0, "it is empty; expected an expression such as x > 1"},
		{"svm.kernel == kern", Bool, 14, "there is no parameter or function kern"},
		{`"ü" + svn.kernel`, Any, 6, "there is no parameter or function svn"},
		{"x + svm.kernel", Any, 2, "found a number and a text"},
		{"x > 1", Any, 0, ""},
		{"x + 1", Bool, 0, "expected a condition such as x > 1, found a number"},
		{"x +", Any, 2, "unexpected token EOF"},
		{"expp(x)", Any, 0, "did you mean exp?"},
		{"let y = 3; y", Any, 4, "let is not allowed"},
		{"all([1, 2], # > x)", Any, 12, "an expression cannot loop"},
		{"n in 1..5", Bool, 6, "an expression cannot have a range"},
		{"$env[svm.kernel]", Any, 0, "expected the name of a parameter in quotes"},
		{"now()", Any, 0, "there is no parameter or function now"},
		{strings.Repeat("x+", 1000) + "x", Any, 0, "expected at most 2000 characters, found 2001"},
		{strings.Repeat("!", 1999) + "on", Any, 0, "expected at most"},
	} {
		_, err := Compile(tc.source, names, tc.want)
		if tc.text == "" && err == nil {
			continue
		}
		e, ok := err.(*Error)
		if !ok || e.Offset != tc.offset || !strings.Contains(e.Message, tc.text) {
			t.Errorf("%.30s: got %+v, want %q at %d", tc.source, err, tc.text, tc.offset)
		}
	}
}

func TestComparisons(t *testing.T) {
	t.Parallel()
	p, err := Compile(`svm.kernel == "rbf" or n in [1, 2] or nil != any`, names, Bool)
	if err != nil {
		t.Fatal(err)
	}
	want := []Comparison{{"svm.kernel", "rbf", 14}, {"n", int64(1), 29}, {"n", int64(2), 32}, {"any", nil, 38}}
	if got := p.Compared(); len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i, c := range p.Compared() {
		if c != want[i] {
			t.Errorf("got %v, want %v", c, want[i])
		}
	}
	if got := strings.Join(p.Names(), " "); got != "any n svm.kernel" {
		t.Errorf("its names are %s", got)
	}
}

// Whatever somebody writes, and whatever the values are, nothing panics.
func TestNothingPanics(t *testing.T) {
	t.Parallel()
	words := []string{"x", "n", "svm.kernel", "on", "any", "a-b", "+", "-", "*", "/", "%", "^", "==", "<", "and", "or", "not", "in", "[", "]", "(", ")", "?", ":", "??",
		`"rbf"`, "1", "0", "nil", ",", "max", "exp", "len", "matches", ".", "..", "{", "}", "#", "|", "let", ";", "$env", "'", "`", "//", "ü"}
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 12).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "blank"))
		p, err := Compile(source, names, rapid.SampledFrom([]Kind{Any, Bool}).Draw(t, "want"))
		if err != nil {
			if e := err.(*Error); e.Offset < 0 || e.Offset > len(source) || e.Message == "" {
				t.Fatalf("%s: %+v", source, e)
			}
			return
		}
		_, _ = p.Value(values)
		_, _ = p.Truth(nil)
	})
}
