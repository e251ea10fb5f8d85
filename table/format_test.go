package table_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

func TestFormatIsForPeople(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.finished(t, rush.Values{"kernel": "rbf", "cost": 0.123456789, "degree": 3}, y(12345678.9))
	f.finished(t, rush.Values{"kernel": strings.Repeat("long ", 20), "cost": 2.0, "degree": nil}, y(-1.0))
	f.finished(t, rush.Values{"kernel": "\x1b[31mred\nline", "cost": 1e-9, "degree": 10}, y(nil))
	f.finished(t, rush.Values{"kernel": "", "l": []any{1, 2.5}, "m": map[string]any{"a": 1}}, nil)
	tbl := must(t)(table.States(context.Background(), f, nil, &table.Options{Fields: rush.FieldXS | rush.FieldYS}))
	for name, tc := range map[string]struct {
		opts *table.FormatOptions
		want string
	}{
		"by default": {nil, `
number  state         cost  degree  kernel                            l        m                  y  attempt
     0  finished  0.123457       3  rbf                               -        -        1.23457e+07        1
     1  finished         2       -  long long long long long long l…  -        -                 -1        1
     2  finished     1e-09      10  \x1b[31mred\nline                 -        -                  -        1
     3  finished         -       -                                    [1,2.5]  {"a":1}            -        1
`},
		"cut": {&table.FormatOptions{Rows: 1, Digits: 3, Width: 5, Columns: []string{"y", "kernel", "cost"}}, `
    y  kern…   cost
1.23…  rbf    0.123
and 3 more rows
`},
		"on a narrow terminal": {&table.FormatOptions{Rows: 3, Line: 30}, `
number  state         cost  l
     0  finished  0.123457  -
     1  finished         2  -
     2  finished     1e-09  -
and 1 more row
columns not shown: degree, kernel, m, y, attempt
`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := table.Format(&out, tbl, tc.opts); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimPrefix(tc.want, "\n"), out.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
				t.Errorf("byte %d is one that a terminal obeys", i)
			}
		})
	}
	if err := table.Format(&bytes.Buffer{}, tbl, &table.FormatOptions{Columns: []string{"nope"}}); err == nil {
		t.Error("a column that does not exist was printed")
	}
}
