package wire_test

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

func TestValuesComeBackAsTheyWentIn(t *testing.T) {
	in := rush.Values{
		"null": nil, "yes": true, "int": int64(-7), "big": int64(math.MaxInt64), "float": 3.0,
		"nan": math.NaN(), "inf": math.Inf(-1), "text": "håndværk", "bytes": []byte{0, 1, 255},
		"time": time.Date(2026, 2, 3, 4, 5, 6, 789, time.UTC), "old": time.Date(1815, 12, 10, 0, 0, 0, 0, time.UTC),
		"list": []any{int64(1), 2.5, "x", nil}, "map": map[string]any{"a": []any{}}, "": "empty name",
	}
	b, err := wire.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := wire.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, out, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("-in +out:\n%s", diff)
	}
}

// Nothing comes after the last value, which msgp.NextType took for a reason not
// to look at what a time is.
func TestATimeMayComeLast(t *testing.T) {
	for _, at := range []time.Time{time.Unix(0, 0).UTC(), time.Unix(1, 0).UTC(), time.Unix(1, 5).UTC(), time.Unix(-1, 5).UTC()} {
		in := rush.Values{"z": at}
		b, err := wire.Encode(in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := wire.Decode(b)
		if err != nil {
			t.Errorf("%v: %v", at, err)
		}
		if diff := cmp.Diff(in, out); diff != "" {
			t.Errorf("-in +out:\n%s", diff)
		}
	}
	if v, _, err := wire.ReadValue([]byte{0xd6, 0x01, 0, 0, 0, 0}); err == nil {
		t.Errorf("an extension that is no time was read as %v", v)
	}
}

func TestOtherTypesBecomeValues(t *testing.T) {
	type kernel string
	f := 2.5
	in := rush.Values{
		"int": 3, "u8": uint8(4), "f32": float32(0.5), "kernel": kernel("rbf"), "ints": []int{1, 2},
		"floats": [2]float64{1, 2}, "values": rush.Values{"a": 1}, "names": map[string]int{"b": 2}, "p": &f, "nilp": (*int)(nil),
	}
	want := rush.Values{
		"int": int64(3), "u8": int64(4), "f32": 0.5, "kernel": "rbf", "ints": []any{int64(1), int64(2)},
		"floats": []any{1.0, 2.0}, "values": map[string]any{"a": int64(1)}, "names": map[string]any{"b": int64(2)}, "p": 2.5, "nilp": nil,
	}
	b, err := wire.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := wire.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWhatIsNoValueIsRefusedByName(t *testing.T) {
	loop := map[string]any{}
	loop["again"] = loop
	for name, c := range map[string]struct {
		v    any
		says string
	}{
		"a channel":        {make(chan int), "chan int"},
		"a function":       {func() {}, "func()"},
		"a struct":         {struct{ A int }{}, "struct"},
		"int keys":         {map[int]int{1: 2}, "map[int]int"},
		"a large unsigned": {uint64(math.MaxUint64), "18446744073709551615"},
		"a cycle":          {loop, "nested more than"},
	} {
		_, err := wire.Encode(rush.Values{"outer": []any{1, c.v}})
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "outer: [1]") {
			t.Errorf("%s: found error %v; expected it to name outer: [1] and %q", name, err, c.says)
		}
	}
}

func TestTornBytesAreErrorsNotPanics(t *testing.T) {
	whole, err := wire.Encode(rush.Values{"a": []any{1, "two", 3.0}, "b": map[string]any{"c": time.Now()}})
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(whole); n++ {
		if _, err := wire.Decode(whole[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were read without an error", n, len(whole))
		}
	}
	if _, err := wire.Decode(append(bytes.Clone(whole), 0)); err == nil {
		t.Error("a byte too many was read without an error")
	}
	for _, huge := range [][]byte{{0xdf, 0xff, 0xff, 0xff, 0xff}, append([]byte{0x81, 0xa1, 'a'}, 0xdd, 0xff, 0xff, 0xff, 0xff)} {
		if _, err := wire.Decode(huge); err == nil {
			t.Errorf("% x: a count beyond the bytes was believed", huge)
		}
	}
}

func FuzzDecode(f *testing.F) {
	seed, _ := wire.Encode(rush.Values{"a": []any{1, "two", 3.0, nil, []byte("b")}, "t": time.Unix(1, 2)})
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := wire.Decode(b)
		if err != nil || v == nil {
			return
		}
		again, err := wire.Encode(v)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		back, err := wire.Decode(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(v, back, cmpopts.EquateNaNs()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestConditionsComeBack(t *testing.T) {
	code := 3
	for _, c := range []*rush.Condition{
		nil, {Class: rush.ClassError, Message: "boom"},
		{Class: rush.ClassCrashed, Message: "it died", ExitCode: &code, Signal: "killed", Stderr: "Traceback", Trace: "main.go:3"},
	} {
		b, err := wire.EncodeCondition(c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := wire.DecodeCondition(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestJSON(t *testing.T) {
	for in, want := range map[string]any{
		`1`: int64(1), `1.0`: 1.0, `1e-3`: 0.001, `-0.5`: -0.5, `9007199254740993`: int64(9007199254740993),
		`"a\u00e9"`: "aé", `null`: nil, `[1,2.5,"NaN"]`: []any{int64(1), 2.5, "NaN"},
		`{"y": NaN, "z": [-Infinity, Infinity], "s": "NaN \" NaN"}`: map[string]any{
			"y": math.NaN(), "z": []any{math.Inf(-1), math.Inf(1)}, "s": `NaN " NaN`},
	} {
		got, err := wire.ParseJSON([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", in, diff)
		}
	}
	for _, bad := range []string{``, `{`, `1 2`, `12345678901234567890`, `1e999`, `nan`, `{"a": -NaN}`} {
		if v, err := wire.ParseJSON([]byte(bad)); err == nil {
			t.Errorf("%s was read as %v", bad, v)
		}
	}
}

func TestNumbersSurviveJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(rapid.Float64().AsAny(), rapid.Int64().AsAny(), rapid.String().AsAny()).Draw(t, "v")
		b, err := wire.AppendJSON(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		got, err := wire.ParseJSON(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if f, ok := v.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
			v = strings.Trim(string(b), `"`)
		}
		if diff := cmp.Diff(v, got); diff != "" {
			t.Errorf("%s: %s", b, diff)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	v := rush.Values{"x1": 1.25, "x2": -3.5}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = wire.AppendMap(buf[:0], v)
	}
}

func BenchmarkDecode(b *testing.B) {
	buf, _ := wire.Encode(rush.Values{"x1": 1.25, "x2": -3.5})
	b.ReportAllocs()
	for b.Loop() {
		_, _ = wire.Decode(buf)
	}
}
