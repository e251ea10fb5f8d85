package search

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
)

// TestCoreSchema reads scalars through the YAML parser, in a block, in a flow
// list, and at a line's end before a comment: it reads some of them differently
// there.
func TestCoreSchema(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		"~": nil, "null": nil, "Null": nil, "NULL": nil,
		"true": true, "True": true, "TRUE": true, "false": false, "False": false, "FALSE": false,
		"0": int64(0), "-0": int64(0), "+12": int64(12), "-19": int64(-19), "0777": int64(777), "0o17": int64(15),
		"0x1F": int64(31), "0xabcdef": int64(11259375), "9223372036854775807": int64(math.MaxInt64),
		"1e3": 1e3, "1e-3": 1e-3, "-1e-3": -1e-3, "+1E+5": 1e5, "1.": 1.0, ".5": .5, "-.5": -.5, "1.e3": 1e3, "6.02E23": 6.02e23,
		"0.1": 0.1, "12e03": 12e3, "-2E+05": -2e5,
		".inf": math.Inf(1), "+.Inf": math.Inf(1), "-.INF": math.Inf(-1), ".nan": math.NaN(), ".NaN": math.NaN(), ".NAN": math.NaN(),
		"1_000": "1_000", "0b11": "0b11", "-0x1F": "-0x1F", "0o8": "0o8", "12:30": "12:30", "190:20:30": "190:20:30",
		"yes": "yes", "no": "no", "on": "on", "off": "off", "y": "y", "N": "N", "tRUE": "tRUE", "nULL": "nULL",
		"inf": "inf", "nan": "nan", ".Nan": ".Nan", "--1": "--1", "+-.inf": "+-.inf", "1e": "1e", "e3": "e3", "1.2.3": "1.2.3",
		"2001-01-01": "2001-01-01", "1e-3s": "1e-3s", "_1": "_1", "0x": "0x",
		`"1e3"`: "1e3", `'5'`: "5", `"~"`: "~", `"true"`: "true", `""`: "", `''`: "",
		"!!str 5": "5", "!!float 3": 3.0, "!!int 3": int64(3), "!!float 1e3": 1e3, "!!str true": "true", `!!bool true`: true, "!!null ~": nil,
	} {
		for _, in := range []string{"v: " + text, "v: " + text + " # note", "v: [" + text + "]", "v: [0, " + text + ", 1]", "{v: " + text + "}", "v:\n- " + text + "\n"} {
			m := &mistakes{}
			n := parseYAML([]byte(in), "", "", m).get("v")
			if err := m.err("test"); err != nil {
				t.Fatalf("%q: %v", in, err)
			}
			if n.kind == list {
				n = n.items[len(n.items)/2]
			}
			if diff := cmp.Diff(want, n.plain(), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("%q (-want +got):\n%s", in, diff)
			}
		}
	}
}

// TestBlocks reads texts of more than one line, anchors and tags.
func TestBlocks(t *testing.T) {
	t.Parallel()
	in := "a: |\n  1e3\n  x\nb: >-\n  1\n  2\nc: one\n  two\nd: &d {x: 1e-3}\ne: *d\nf: [*d, &g 5, *g]\n? h\n: !!map {y: 1}\n1: one\ntrue: yes\nnull: 0\ni: {j}\n"
	m := &mistakes{}
	got := parseYAML([]byte(in), "", "", m).plain()
	if err := m.err("test"); err != nil {
		t.Fatal(err)
	}
	d := map[string]any{"x": 1e-3}
	want := map[string]any{
		"a": "1e3\nx\n", "b": "1 2", "c": "one two", "d": d, "e": d, "f": []any{d, int64(5), int64(5)},
		"h": map[string]any{"y": int64(1)}, "1": "one", "true": "yes", "null": int64(0), "i": map[string]any{"j": nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLineEndingsAndMarks(t *testing.T) {
	t.Parallel()
	f, err := Parse("search.yaml", []byte("\ufeffobjective: {builtin: branin}\r\nconstants: {a: x,\r\n  b: 1e-3}\r\nterminate: none\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rush.Values{"a": "x", "b": 1e-3}, f.Definition.Constants); diff != "" {
		t.Errorf("constants (-want +got):\n%s", diff)
	}
}

func TestAliasesCannotExplode(t *testing.T) {
	t.Parallel()
	in := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'k'; c++ {
		p := "*" + string(c-1) + ", "
		in += string(c) + ": &" + string(c) + " [" + p + p + p + p + p + p + p + p + p + "*" + string(c-1) + "]\n"
	}
	m := &mistakes{}
	n := parseYAML([]byte(in), "", "", m)
	if len(m.found) == 0 {
		t.Errorf("ten to the eleventh values were accepted: %v", n.get("k").size)
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "10m": 10 * time.Minute, "1h30m": 90 * time.Minute, "2d": 48 * time.Hour, "1d12h": 36 * time.Hour,
		"1.5h": 90 * time.Minute, "100ms": 100 * time.Millisecond, "90": 90 * time.Second, "0.5": 500 * time.Millisecond, "1e3": 1000 * time.Second,
	} {
		if got := readDuration(t, text); got != want {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"0", "-1s", "-5", "1d-2h", "10 m", "1w", ".nan", ".inf", "1e300", "99999999d", "true", "[1]", "''", "1e-12"} {
		if got := readDuration(t, text); got != 0 {
			t.Errorf("%s is %v, want an error", text, got)
		}
	}
}

// readDuration returns 0 when the text was refused.
func readDuration(t *testing.T, text string) time.Duration {
	t.Helper()
	m := &mistakes{}
	n := parseYAML([]byte("v: "+text), "", "", m).get("v")
	d, ok := (&reader{m}).duration(n)
	if ok != (len(m.found) == 0) {
		t.Errorf("%s: ok is %v and there are %d mistakes", text, ok, len(m.found))
	}
	return time.Duration(d)
}
