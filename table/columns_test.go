package table_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

func names(t testing.TB, f *fake, opts *table.Options) string {
	t.Helper()
	var out []string
	for _, field := range must(t)(table.States(context.Background(), f, nil, opts)).Schema().Fields() {
		out = append(out, field.Name)
	}
	return strings.Join(out, " ")
}

func TestEveryTaskHasTheSameColumns(t *testing.T) {
	t.Parallel()
	f := newFake()
	const all = "number state condition condition_class worker_id attempt seed created started finished proposing waiting evaluating storing"
	if got := names(t, f, nil); got != all {
		t.Errorf("without a task: %s", got)
	}
	f.finished(t, x(1), y(1))
	if got := names(t, f, nil); got != strings.Replace(all, "state", "state x y", 1) {
		t.Errorf("with a task: %s", got)
	}
	if got := names(t, f, &table.Options{Fields: rush.FieldYS | rush.FieldWorker}); got != "number state x y worker_id attempt" {
		t.Errorf("with chosen fields: %s", got)
	}
}

func TestNamesInTwoRolesGetAPrefix(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		xs, ys rush.Values
		want   string
	}{
		"different":            {rush.Values{"b": 1, "a": 2}, rush.Values{"y": 1}, "a b y"},
		"the same":             {rush.Values{"v": 1, "a": 2}, rush.Values{"v": 1}, "a xs.v ys.v"},
		"a fixed one":          {rush.Values{"seed": 1}, rush.Values{"state": 1}, "xs.seed ys.state"},
		"empty":                {rush.Values{"": 1}, nil, "xs."},
		"the prefixed one too": {rush.Values{"v": 1, "xs.v": 2}, rush.Values{"v": 1}, "xs.v xs.xs.v ys.v"},
		"another's prefix":     {rush.Values{"v": 1}, rush.Values{"v": 1, "xs.v": 2}, "xs.v ys.v ys.xs.v"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake()
			f.finished(t, tc.xs, tc.ys)
			got := names(t, f, &table.Options{Fields: rush.FieldXS | rush.FieldYS})
			if want := "number state " + tc.want + " attempt"; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestFieldsSayTheirRole(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.finished(t, rush.Values{"v": 1, "mixed": 1}, y(1))
	k := f.push(t, rush.Running, rush.Values{"v": 1, "mixed": "a"})
	f.tasks[k].XSExtra, f.tasks[k].YSExtra = pack(t, rush.Values{"v": 1}), pack(t, rush.Values{"e": 1})
	schema := must(t)(table.States(context.Background(), f, nil, nil)).Schema()
	for name, want := range map[string]map[string]string{
		"number":     {table.MetaRole: "task"},
		"xs.v":       {table.MetaRole: "xs", table.MetaName: "v"},
		"mixed":      {table.MetaRole: "xs", table.MetaName: "mixed", table.MetaEncoding: "text"},
		"y":          {table.MetaRole: "ys", table.MetaName: "y"},
		"xs_extra.v": {table.MetaRole: "xs_extra", table.MetaName: "v"},
		"evaluating": {table.MetaRole: "task", table.MetaUnit: "s"},
	} {
		fields, ok := schema.FieldsByName(name)
		if !ok {
			t.Errorf("there is no column %s in %s", name, schema)
			continue
		}
		if diff := cmp.Diff(want, fields[0].Metadata.ToMap()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestDeclaredColumns(t *testing.T) {
	t.Parallel()
	opts := checked(t)
	opts.Fields = rush.FieldXS | rush.FieldYS
	opts.Schema = table.Schema{
		{Name: "z", Role: table.XS, Type: table.Float64}, {Name: "a", Role: table.XS, Type: table.String},
		{Name: "when", Role: table.YS, Type: table.Time}, {Name: "y", Role: table.YS},
	}
	f := newFake()
	if got := names(t, f, opts); got != "number state z a when y attempt" {
		t.Errorf("without a task: %s", got)
	}
	f.finished(t, rush.Values{"z": 1, "b": true}, rush.Values{"y": 2})
	tbl := must(t)(table.States(context.Background(), f, nil, opts))
	for name, want := range map[string]string{"z": "float64", "a": "utf8", "b": "bool", "when": "timestamp[us, tz=UTC]", "y": "int64"} {
		if got := typeOf(t, tbl, name); got != want {
			t.Errorf("%s has type %s, want %s", name, got, want)
		}
	}
	f.finished(t, rush.Values{"z": "does not fit"}, nil)
	tbl = must(t)(table.States(context.Background(), f, nil, opts))
	if diff := cmp.Diff([]any{"1", "does not fit"}, column(t, tbl, "z")); diff != "" {
		t.Error(diff)
	}
}

func TestASchemaThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for says, schema := range map[string]table.Schema{
		`the role "zs"`:         {{Name: "x", Role: "zs"}},
		`the type "complex128"`: {{Name: "x", Role: table.XS, Type: "complex128"}},
		`declared twice`:        {{Name: "x", Role: table.XS}, {Name: "x", Role: table.XS, Type: table.Bool}},
	} {
		opts := &table.Options{Schema: schema}
		if _, err := table.NewCache(newFake(), opts); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want an error that says %s", err, says)
		}
		if _, err := table.States(context.Background(), newFake(), nil, opts); err == nil {
			t.Errorf("States accepted a schema with %s", says)
		}
	}
}

func TestWhatATaskHasBesideItsValues(t *testing.T) {
	t.Parallel()
	f := newFake()
	k := f.push(t, rush.Queued, x(1))
	r := f.changeLocked(k)
	r.Seed = []int32{10407, 1, -2, 3, 4, 5, 6}
	r.Spent = rush.Spent{Proposing: time.Second, Waiting: 250 * time.Millisecond}
	f.finished(t, x(2), y(1))
	rows := table.Maps(must(t)(table.States(context.Background(), f, nil, checked(t))))
	at := func(us int64) time.Time { return time.UnixMicro(1_700_000_000_000_000 + us).UTC() }
	want := []rush.Values{{
		"number": int64(0), "state": "queued", "x": int64(1), "y": nil, "condition": nil, "condition_class": nil,
		"worker_id": nil, "attempt": int64(0),
		"seed":    []any{int64(10407), int64(1), int64(-2), int64(3), int64(4), int64(5), int64(6)},
		"created": at(1), "started": nil, "finished": nil,
		"proposing": 1.0, "waiting": 0.25, "evaluating": 0.0, "storing": 0.0,
	}, {
		"number": int64(1), "state": "finished", "x": int64(2), "y": int64(1), "condition": nil, "condition_class": nil,
		"worker_id": "w1", "attempt": int64(1), "seed": nil, "created": at(2), "started": at(3), "finished": at(4),
		"proposing": 0.0, "waiting": 0.0, "evaluating": 0.001, "storing": 0.0,
	}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWorkersAsColumns(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.finished(t, x(1), y(1))
	f.push(t, rush.Queued, x(2))
	opts := checked(t)
	tbl := must(t)(table.States(context.Background(), f, nil, opts))
	wide := must(t)(table.WithWorkers(tbl, []rush.Worker{{ID: "w1", PID: 77, Host: "lab"}}, opts.Allocator))
	if diff := cmp.Diff([]any{int64(77), nil}, column(t, wide, "worker_pid")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{"lab", nil}, column(t, wide, "worker_host")); diff != "" {
		t.Error(diff)
	}
	if _, err := table.WithWorkers(wide, nil, opts.Allocator); err == nil {
		t.Error("the columns could be added twice")
	}
}

func TestFloats(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.finished(t, x("a"), y(1))
	f.finished(t, x("b"), nil)
	tbl := must(t)(table.States(context.Background(), f, nil, nil))
	got, err := table.Floats(tbl, "y")
	if err != nil || len(got) != 2 || got[0] != 1 || got[1] == got[1] {
		t.Errorf("got %v, %v; want 1 and NaN", got, err)
	}
	if _, err := table.Floats(tbl, "x"); err == nil || !strings.Contains(err.Error(), "utf8") {
		t.Errorf("text as floats: %v", err)
	}
	if _, err := table.Floats(tbl, "nope"); err == nil || !strings.Contains(err.Error(), "number, state, x, y") {
		t.Errorf("no such column: %v", err)
	}
}
