//go:build unix

package command_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/command"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	regex := func(pairs ...string) *command.Answer {
		a := &command.Answer{Regex: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			a.Regex[pairs[i]] = pairs[i+1]
		}
		return a
	}
	for _, tc := range []struct {
		name, script string
		answer       *command.Answer
		want         rush.Values
	}{
		{"the last line that is not empty", `echo '{"y":0}'; echo noise; echo '{"y": 1.5, "n": 3, "tags": ["a"]}'; echo; echo '  '`, nil, rush.Values{"y": 1.5, "n": int64(3), "tags": []any{"a"}}},
		{"a line without its end", `printf '{"y": 1}'`, nil, rush.Values{"y": int64(1)}},
		{"a number alone", "echo 2", nil, rush.Values{"y": int64(2)}},
		{"a float alone", "echo ' -2.5e-3 '", nil, rush.Values{"y": -0.0025}},
		{"Fortran's number alone", "echo 0.25D+02", nil, rush.Values{"y": 25.0}},
		{"a NaN", `echo '{"y": NaN, "z": -Infinity}'`, nil, rush.Values{"y": math.NaN(), "z": math.Inf(-1)}},
		{"a NaN alone, as Python prints it", "echo nan", nil, rush.Values{"y": math.NaN()}},
		{"no name of the codomain is the caller's business", `echo '{}'`, nil, rush.Values{}},

		{"a file", `printf '{\n "y": 4,\n "note": "größer"\n}\n' > out.json; echo noise`, &command.Answer{File: "out.json"}, rush.Values{"y": int64(4), "note": "größer"}},
		{"a file with a number alone", "echo 4.5 > out-$RUSH_TASK", &command.Answer{File: "out-{{rush.task}}"}, rush.Values{"y": 4.5}},

		{"the last match", "echo energy = 1; echo energy = 2.5; echo end", regex("y", `energy = (\S+)`), rush.Values{"y": 2.5}},
		{"a match at the beginning of a line", "echo my energy 1; echo energy 2; echo no energy 3", regex("y", `^energy (\S+)$`), rush.Values{"y": int64(2)}},
		{"texts and what is not there", "echo 'y=1d-2 status ok'", regex("y", `y=(\S+)`, "status", `status (\w+)`, "other", `other (\w+)`), rush.Values{"y": 0.01, "status": "ok"}},
		{"a group that took no part", "echo a 1; echo b", regex("y", `a (\d)|b`), rush.Values{"y": int64(1)}},
		{"a match in a file", "echo y=3 > log; echo y=4", &command.Answer{File: "log", Regex: map[string]string{"y": "y=(.*)"}}, rush.Values{"y": int64(3)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			spec := sh(tc.script)
			spec.Answer = tc.answer
			got, err := evaluate(t, spec, task(nil))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, script string
		answer       *command.Answer
		want         string
	}{
		{"nothing", "echo; echo why >&2", nil, "there is no answer: stdout is empty; expected a JSON object or a number"},
		{"a word", "echo done", nil, `the last line of stdout is no answer: expected a JSON object or a number, found "done": `},
		{"Python's way to show a dict", `echo "{'y': 1}"`, nil, "JSON has double quotes (in Python, print(json.dumps(...)))"},
		{"a list", "echo '[1]'", nil, `found "[1]": expected a JSON object, found a list`},
		{"a long line", "printf %01000d 0; echo x", nil, `000"... (1001 bytes): `},
		{"a long line with a character at the cut", "printf '%0199dä and more' 0", nil, `00"... (210 bytes): `},
		{"no match, with a character at the cut", "printf 'xä%0199d' 0", &command.Answer{Regex: map[string]string{"y": "y=(.)"}}, `which ends with "0`},
		{"no file", "echo 1", &command.Answer{File: "out.json"}, "there is no answer: the process did not write /"},
		{"an empty file", ": > out.json", &command.Answer{File: "out.json"}, "out.json is empty"},
		{"an ill-formed file", "echo '{' > out.json", &command.Answer{File: "out.json"}, `out.json is no answer: expected a JSON object or a number, found "{": `},
		{"a directory for a file", "mkdir out.json", &command.Answer{File: "out.json"}, "read the answer: "},
		{"no match", "echo energy is low", &command.Answer{Regex: map[string]string{"y": `energy = (\S+)`}}, `there is no answer: energy = (\S+) matches nothing on stdout, which ends with "energy is low\n"`},
		{"no match in nothing", ":", &command.Answer{Regex: map[string]string{"y": "(.)"}}, "ends with nothing: it is empty"},
		{"a match in no file", "echo y=1", &command.Answer{File: "log", Regex: map[string]string{"y": "y=(.)"}}, "there is no answer: the process did not write /"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			spec := sh(tc.script + "; echo why >&2")
			spec.Answer = tc.answer
			_, err := evaluate(t, spec, task(nil))
			c := conditionOf(t, err)
			if c.Class != rush.ClassError || !strings.Contains(c.Message, tc.want) {
				t.Errorf("got class %s: %s\nwant error: ...%s", c.Class, c.Message, tc.want)
			}
			if c.ExitCode == nil || *c.ExitCode != 0 || !strings.HasSuffix(c.Stderr, "why") {
				t.Errorf("got exit code %v and stderr %q, want 0 and why", c.ExitCode, c.Stderr)
			}
		})
	}
}

func TestANumberAloneNeedsOneName(t *testing.T) {
	t.Parallel()
	for _, codomain := range []loops.Codomain{nil, {{Name: "a"}, {Name: "b"}}} {
		o, err := command.New(sh("echo 1"), t.TempDir(), codomain, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.Evaluate(t.Context(), task(nil))
		want := `the last line of stdout is no answer: expected a JSON object, found "1": expected a JSON object, found a number`
		if got := conditionOf(t, err).Message; got != want {
			t.Errorf("codomain of %d: got %s, want %s", len(codomain), got, want)
		}
	}
}

func TestWithoutACodomainEveryExpressionHasToMatch(t *testing.T) {
	t.Parallel()
	spec := sh("echo a=1")
	spec.Answer = &command.Answer{Regex: map[string]string{"a": "a=(.)", "b": "b=(.)"}}
	o, err := command.New(spec, t.TempDir(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.Evaluate(t.Context(), task(nil)); err == nil {
		t.Errorf("got %v, want an error about b", got)
	}
}

func TestAStaleFileIsNoAnswer(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	write(t, base, "out.json", `{"y": 1}`, 0o600)
	spec := sh(`test "$RUSH_X_x" = 1 && echo '{"y": 2}' > out.json; exit 0`)
	spec.Answer = &command.Answer{File: "out.json"}
	o := newIn(t, base, spec, &command.Options{Workers: 1})
	for x, want := range []string{"error: there is no answer", "map[y:2]", "error: there is no answer"} {
		got, err := o.Evaluate(t.Context(), task(rush.Values{"x": x}))
		if shown := fmt.Sprint(got); err == nil && shown != want || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("x = %d: got %s, %v, want %s", x, shown, err, want)
		}
	}
}

func TestLongLinesAndMuchOfThem(t *testing.T) {
	t.Parallel()
	// A megabyte on a line, then the answer of a megabyte; a megabyte comes in.
	script := `import json, sys
xs = json.load(sys.stdin)
print("x" * (1 << 20))
print(json.dumps({"y": len(xs["blob"]), "back": xs["blob"]}))`
	blob := strings.Repeat("ab\"\n", 1<<18)
	got, err := evaluate(t, command.Spec{Command: []string{"python3", "-c", script}}, task(rush.Values{"blob": blob}))
	if err != nil {
		t.Fatal(err)
	}
	if got["y"] != int64(len(blob)) || got["back"] != blob {
		t.Errorf("got y = %v, want %d and the same text", got["y"], len(blob))
	}
}

func TestTooMuchOutput(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]*command.Answer{
		"line":   nil,
		"output": {Regex: map[string]string{"y": "(.)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := sh("trap '' PIPE; while :; do cat /dev/zero; done")
			spec.Answer = answer
			_, err := evaluate(t, spec, task(nil))
			c := conditionOf(t, err)
			if want := "read stdout: too much output: the " + name + " has more than 67108864 bytes"; c.Class != rush.ClassError || c.Message != want {
				t.Errorf("got %v, want error: %s", c, want)
			}
		})
	}
}
