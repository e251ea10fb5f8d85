package table_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/table"
)

func TestTypesAreInferredForTheColumn(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 3, 4, 5, 6, 789_012_345, time.UTC)
	cut := at.Truncate(time.Microsecond)
	type m = map[string]any
	type l = []any
	for name, tc := range map[string]struct {
		in   []any
		want string
		out  []any
	}{
		"nothing":                  {[]any{nil, nil}, "null", []any{nil, nil}},
		"bools":                    {[]any{nil, true}, "bool", []any{nil, true}},
		"integers":                 {[]any{1, nil, math.MaxInt64}, "int64", []any{int64(1), nil, int64(math.MaxInt64)}},
		"floats":                   {[]any{1.5, math.Inf(-1)}, "float64", []any{1.5, math.Inf(-1)}},
		"integers and floats":      {[]any{1, 0.5, 1 << 53}, "float64", []any{1.0, 0.5, float64(1 << 53)}},
		"a large one and floats":   {[]any{0.5, 2.0, 1<<53 + 1}, "utf8", []any{"0.5", "2", "9007199254740993"}},
		"floats after a large one": {[]any{-1<<53 - 1, 0.5}, "utf8", []any{"-9007199254740993", "0.5"}},
		"strings":                  {[]any{"", "ä", nil}, "utf8", []any{"", "ä", nil}},
		"no UTF-8":                 {[]any{"a\xffb"}, "utf8", []any{"a\uFFFDb"}},
		"bytes":                    {[]any{[]byte{0, 255}, []byte{}}, "binary", []any{[]byte{0, 255}, []byte{}}},
		"times":                    {[]any{at, nil}, "timestamp[us, tz=UTC]", []any{cut, nil}},
		"everything and strings":   {[]any{"a", 1, 2.0, 2.5, true, nil, []byte("a")}, "utf8", []any{"a", "1", "2", "2.5", "true", nil, "YQ=="}},
		"times and others":         {[]any{at, math.NaN(), "Inf"}, "utf8", []any{"2026-02-03T04:05:06.789012Z", "NaN", "Inf"}},
		"bools and integers":       {[]any{true, 1}, "utf8", []any{"true", "1"}},
		"lists":                    {[]any{l{1, 2}, l{}, nil, l{3}}, "list<item: int64, nullable>", []any{l{int64(1), int64(2)}, l{}, nil, l{int64(3)}}},
		"lists of numbers":         {[]any{l{1, nil}, l{0.5}}, "list<item: float64, nullable>", []any{l{1.0, nil}, l{0.5}}},
		"lists of nothing":         {[]any{l{}, l{nil}}, "list<item: null, nullable>", []any{l{}, l{nil}}},
		"mixed lists":              {[]any{l{1, "a"}, l{2.0}}, "utf8", []any{`[1,"a"]`, `[2]`}},
		"lists that do not agree":  {[]any{l{1}, l{"a"}}, "utf8", []any{`[1]`, `["a"]`}},
		"lists and numbers":        {[]any{l{1}, 1, "a"}, "utf8", []any{`[1]`, `1`, `a`}},
		"lists of lists":           {[]any{l{l{1}, l{}}, l{l{2.5}, nil}}, "list<item: list<item: float64, nullable>, nullable>", []any{l{l{1.0}, l{}}, l{l{2.5}, nil}}},
		"maps":                     {[]any{m{"a": 1}, m{"b": "x", "a": nil}}, "struct<a: int64, b: utf8>", []any{m{"a": int64(1)}, m{"b": "x"}}},
		"maps with numbers":        {[]any{m{"a": 1}, m{"a": 1.5}}, "struct<a: float64>", []any{m{"a": 1.0}, m{"a": 1.5}}},
		"maps that do not agree":   {[]any{m{"a": 1, "b": nil}, m{"a": "x"}}, "utf8", []any{`{"a":1}`, `{"a":"x"}`}},
		"empty maps":               {[]any{m{}, nil}, "struct<>", []any{m{}, nil}},
		"lists of maps":            {[]any{l{m{"a": 1}}, l{m{"b": 2}}}, "list<item: struct<a: int64, b: int64>, nullable>", []any{l{m{"a": int64(1)}}, l{m{"b": int64(2)}}}},
		"a time inside":            {[]any{l{at}, 1}, "utf8", []any{`["2026-02-03T04:05:06.789012Z"]`, "1"}},
		"NaN inside":               {[]any{l{math.NaN()}, "a"}, "utf8", []any{`["NaN"]`, "a"}},
		"minus zero":               {[]any{math.Copysign(0, -1), "a"}, "utf8", []any{"-0", "a"}},
		"names that are not UTF-8": {[]any{m{"\xff": 1}}, `struct<\xff: int64>`, []any{m{`\xff`: int64(1)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, page := range []int{0, 1} {
				f := newFake()
				f.page = page
				for _, v := range tc.in {
					f.finished(t, x(v), nil)
				}
				tbl := finished(t, newCache(t, f, checked(t)))
				if got := typeOf(t, tbl, "x"); got != tc.want {
					t.Errorf("type %s, want %s", got, tc.want)
				}
				if diff := cmp.Diff(tc.out, column(t, tbl, "x"), cmpopts.EquateNaNs()); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		})
	}
}

func TestDeepAndWideValuesAreText(t *testing.T) {
	t.Parallel()
	deep := any(1)
	for range 20 {
		deep = []any{deep}
	}
	wide := map[string]any{}
	for i := range 1001 {
		wide[strings.Repeat("a", i+1)] = i
	}
	for name, v := range map[string]any{"deep": deep, "wide": wide} {
		f := newFake()
		f.finished(t, x(v), nil)
		tbl := finished(t, newCache(t, f, checked(t)))
		want, err := wire.AppendJSON(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		if got := column(t, tbl, "x")[0]; got != string(want) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestMoreColumnsThanATableCanHoldIsAnError(t *testing.T) {
	t.Parallel()
	f := newFake()
	xs := rush.Values{}
	for i := range 10_001 {
		xs[strings.Repeat("x", i%100)+string(rune('a'+i%7))+time.Duration(i).String()] = i
	}
	f.finished(t, xs, nil)
	if _, err := newCache(t, f, nil).Finished(context.Background()); err == nil || !strings.Contains(err.Error(), "10000 names") {
		t.Errorf("got %v", err)
	}
}

// TestCellsAreTheValues is the rule of the package's comment, written down a
// second time: whatever the values are, and however they are cut into pages.
func TestCellsAreTheValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		values := anyColumn().Draw(rt, "values")
		page := rapid.IntRange(0, 4).Draw(rt, "page")
		f := newFake()
		f.page = page
		for _, v := range values {
			f.finished(t, x(v), nil)
		}
		mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
		c, err := table.NewCache(f, &table.Options{Allocator: mem})
		if err != nil {
			rt.Fatal(err)
		}
		tbl, err := c.Finished(context.Background())
		if err != nil {
			rt.Fatal(err)
		}
		want := newOracle(values)
		got := column(t, tbl, "x")
		for i, v := range values {
			if diff := cmp.Diff(want.cell(v), got[i], cmpopts.EquateNaNs()); diff != "" {
				rt.Errorf("row %d of type %s: -want +got:\n%s", i, typeOf(t, tbl, "x"), diff)
			}
		}
		tbl.Release()
		c.Reset()
		mem.AssertSize(rt, 0)
	})
}

// anyColumn generates a column's values: of one or two kinds, or of any.
func anyColumn() *rapid.Generator[[]any] {
	return rapid.Custom(func(t *rapid.T) []any {
		kinds := anyKind(3)
		if n := rapid.IntRange(0, 2).Draw(t, "kinds"); n > 0 {
			kinds = []*rapid.Generator[any]{rapid.Just[any](nil), rapid.SampledFrom(kinds).Draw(t, "kind"), rapid.SampledFrom(kinds).Draw(t, "kind")}[:n+1]
		}
		return rapid.SliceOfN(rapid.OneOf(kinds...), 1, 12).Draw(t, "values")
	})
}

// anyKind returns a generator for each kind of value.
func anyKind(depth int) []*rapid.Generator[any] {
	kinds := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Int64().AsAny(), rapid.Int64Range(-5, 5).AsAny(),
		rapid.Float64().AsAny(), rapid.SampledFrom([]float64{1, -0.5, 1e300, math.NaN(), math.Inf(1)}).AsAny(),
		rapid.String().AsAny(), rapid.SliceOf(rapid.Byte()).AsAny(), anyTime().AsAny(),
	}
	if depth == 0 {
		return kinds
	}
	inner := anyKind(depth - 1)
	same := rapid.Custom(func(t *rapid.T) *rapid.Generator[any] { return rapid.SampledFrom(inner).Draw(t, "of") })
	names := rapid.SampledFrom([]string{"a", "b", "c"})
	return append(kinds,
		rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(same.Draw(t, "list"), 0, 3).Draw(t, "values") }),
		rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(inner[3], 0, 3).Draw(t, "values") }),
		rapid.Custom(func(t *rapid.T) any { return rapid.MapOfN(names, rapid.OneOf(inner...), 0, 3).Draw(t, "map") }),
		rapid.Custom(func(t *rapid.T) any { return rapid.MapOfN(names, inner[3], 0, 3).Draw(t, "map") }),
	)
}

func anyTime() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-1e10, 1e10).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
	})
}

// An oracle knows what a column of values looks like.
type oracle struct{ kinds map[string]bool }

func newOracle(values []any) oracle {
	o := oracle{map[string]bool{}}
	o.note("", values)
	return o
}

// note collects the kinds at each path of lists and maps.
func (o oracle) note(path string, values []any) {
	for _, v := range values {
		switch v := v.(type) {
		case nil:
		case []any:
			o.kinds[path+" list"] = true
			o.note(path+"[]", v)
		case map[string]any:
			o.kinds[path+" map"] = true
			for name, e := range v {
				o.note(path+"."+name, []any{e})
			}
		case int64:
			o.kinds[path+" int"] = true
			if v > 1<<53 || v < -1<<53 {
				o.kinds[path+" big"] = true
			}
		case float64:
			o.kinds[path+" float"] = true
		default:
			o.kinds[path+" "+kindName(v)] = true
		}
	}
}

func kindName(v any) string {
	switch v.(type) {
	case bool:
		return "bool"
	case string:
		return "string"
	case []byte:
		return "bytes"
	}
	return "time"
}

// at returns the kinds at a path, int and float taken together if they can be.
func (o oracle) at(path string) []string {
	var out []string
	for k := range o.kinds {
		if p, kind, _ := strings.Cut(k, " "); p == path {
			out = append(out, kind)
		}
	}
	if has := func(k string) bool { return slices.Contains(out, k) }; has("int") && has("float") && !has("big") {
		out = slices.DeleteFunc(out, func(k string) bool { return k == "int" })
	} else if has("big") {
		out = slices.DeleteFunc(out, func(k string) bool { return k == "big" })
	}
	return out
}

func (o oracle) mixed() bool {
	paths := map[string]bool{}
	for k := range o.kinds {
		p, _, _ := strings.Cut(k, " ")
		paths[p] = true
	}
	for p := range paths {
		if len(o.at(p)) > 1 {
			return true
		}
	}
	return false
}

func (o oracle) cell(v any) any {
	if v == nil {
		return nil
	}
	if !o.mixed() {
		return o.typed("", v)
	}
	if s, ok := v.(string); ok {
		return s
	}
	return strings.Trim(text(v), `"`)
}

func (o oracle) typed(path string, v any) any {
	switch v := v.(type) {
	case int64:
		if slices.Contains(o.at(path), "float") {
			return float64(v)
		}
	case time.Time:
		return v.Truncate(time.Microsecond)
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, o.typed(path+"[]", e))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, e := range v {
			if e != nil {
				out[name] = o.typed(path+"."+name, e)
			}
		}
		return out
	}
	return v
}

// text is the JSON text of a value in a column of several kinds.
func text(v any) string {
	switch v := v.(type) {
	case float64:
		b, _ := wire.AppendJSON(nil, v)
		return string(bytes.TrimSuffix(b, []byte(".0")))
	case []byte:
		return `"` + base64.StdEncoding.EncodeToString(v) + `"`
	case time.Time:
		return `"` + v.Truncate(time.Microsecond).Format(time.RFC3339Nano) + `"`
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, text(e))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case map[string]any:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if v[name] != nil {
				parts = append(parts, text(name)+":"+text(v[name]))
			}
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	b, _ := wire.AppendJSON(nil, v)
	return string(b)
}
