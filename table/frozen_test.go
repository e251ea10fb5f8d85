package table_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/table"
)

// archiveFormats are those that hold all there is.
var archiveFormats = map[table.FileFormat]string{table.Arrow: "x.arrow", table.ArrowStream: "x.arrows", table.Parquet: "x.parquet"}

func about() *table.About {
	return &table.About{
		Network: "branin", Version: 3, Limit: 50, Reserved: 2, Taken: 7, Deleted: 1,
		Definition: json.RawMessage(`{"seed":[10407,1,2,3,4,5,6]}`),
		Run:        table.AboutRun{Status: rush.RunDone, Reason: "evals", Elapsed: 1500 * time.Millisecond, Started: time.Unix(1, 0).UTC()},
	}
}

// frozen exports what the source has and opens the file.
func frozen(t testing.TB, f *fake, format table.FileFormat, opts table.ExportOptions) *table.Frozen {
	t.Helper()
	opts.Format = format
	return openBytes(t, "x."+string(format), export(t, f, opts), nil)
}

func openBytes(t testing.TB, name string, b []byte, opts *table.FrozenOptions) *table.Frozen {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := table.OpenFrozen(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t testing.TB, file *table.Frozen) *table.FrozenTasks {
	t.Helper()
	tasks, err := file.Read()
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

// equal compares records; no bytes are as good as empty ones.
var equal = []cmp.Option{cmpopts.EquateEmpty()}

func (f *fake) records() []rush.Record {
	var all []rush.Record
	for _, r := range f.tasks {
		if r != nil {
			all = append(all, *r)
		}
	}
	return all
}

// busy has tasks of which everything is set that a store can hold.
func busy(t testing.TB) *fake {
	f := newFake()
	f.finished(t, rush.Values{"x": 1, "name": "a", "gone": nil}, rush.Values{"y": 1, "z": math.NaN()})
	f.finished(t, rush.Values{"x": 0.5, "list": []any{1, 2.5, nil}, "map": map[string]any{"a": nil, "b": []any{}}},
		rush.Values{"y": math.Inf(-1), "big": int64(1<<60 + 1), "bytes": []byte("\x00\xff")})
	f.finished(t, rush.Values{"x": true, "when": time.Unix(12, 345).UTC(), "bad": "\xff", "empty": "", "none": map[string]any{}}, rush.Values{})
	failed := f.push(t, rush.Running, rush.Values{"x": 2})
	code := 3
	f.fail(t, failed, &rush.Condition{Class: rush.ClassError, Message: "a: b", ExitCode: &code, Stderr: "boom\n", Trace: "here"})
	f.fail(t, f.push(t, rush.Running, nil), &rush.Condition{Class: rush.ClassLost})
	retried := f.finished(t, rush.Values{"x": 3}, rush.Values{"y": 2})
	f.retry(retried)
	f.run(retried)
	f.finish(t, retried, rush.Values{"y": 3})
	f.push(t, rush.Queued, rush.Values{"x": 4})
	f.push(t, rush.Running, rush.Values{"x": 5})
	f.push(t, rush.Deferred, rush.Values{"x": 6})
	r := f.tasks[retried]
	r.Progress, r.Reports = pack(t, rush.Values{"epoch": 1}), []rush.ReportRecord{{Step: 0, YS: pack(t, rush.Values{"y": 9})}, {Step: 1 << 53}}
	r.Late = []rush.LateRecord{{Attempt: 1, Worker: "w2", YS: pack(t, rush.Values{"y": 1}), At: 77}}
	r.Attempts[0].Reports = slices.Clone(r.Reports)
	r.Spent = rush.Spent{Proposing: 1, Waiting: 1e9 + 1, Evaluating: time.Hour * 24 * 365 * 3, Storing: 123456789}
	r.XSExtra, r.YSExtra = pack(t, rush.Values{"x": "extra"}), pack(t, rush.Values{"y": 1.5})
	r.Options = rush.Options{Queue: "high", Function: "f", Seed: []int32{10407, 1, 2, 3, 4, 5, -6}, Timeout: time.Second, Stall: 2, MaxRetries: 3, Memory: 1 << 40, Isolate: true}
	f.tasks[len(f.tasks)-1].DependsOn = []rush.TaskKey{0, 7}
	return f
}

func TestAFrozenFileHasTheRecordsThatThereWere(t *testing.T) {
	t.Parallel()
	for format := range archiveFormats {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			f := busy(t)
			file := frozen(t, f, format, table.ExportOptions{About: about()})
			want := about()
			want.Format = 1
			if diff := cmp.Diff(want, file.About); diff != "" {
				t.Errorf("about (-want +got)\n%s", diff)
			}
			got := read(t, file)
			if diff := cmp.Diff(f.records(), got.Records, equal...); diff != "" {
				t.Errorf("records (-want +got)\n%s", diff)
			}
			if !got.Whole {
				t.Error("it is not whole")
			}
		})
	}
}

// values draws everything that a task can hold.
func values(t *rapid.T, name string) rush.Values {
	var value *rapid.Generator[any]
	value = rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 11).Draw(t, "kind") {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(t, "bool")
		case 2:
			return rapid.Int64().Draw(t, "int")
		case 3:
			return rapid.Float64().Draw(t, "float")
		case 4:
			return rapid.SampledFrom([]any{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 2.0, int64(2), "2", ""}).Draw(t, "special")
		case 5:
			return rapid.String().Draw(t, "text")
		case 6:
			return rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		case 7:
			return string(rapid.SliceOf(rapid.Byte()).Draw(t, "no text"))
		case 8:
			return time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(t, "s"), rapid.Int64Range(0, 1e9-1).Draw(t, "ns")).UTC()
		case 9:
			list := make([]any, rapid.IntRange(0, 3).Draw(t, "n"))
			for i := range list {
				list[i] = value.Draw(t, "element")
			}
			return list
		case 10:
			m := map[string]any{}
			for range rapid.IntRange(0, 2).Draw(t, "n") {
				m[rapid.SampledFrom([]string{"a", "b", "", "\xff"}).Draw(t, "name")] = value.Draw(t, "member")
			}
			return m
		}
		return int64(rapid.IntRange(-3, 3).Draw(t, "small"))
	})
	if rapid.IntRange(0, 4).Draw(t, name+" is nil") == 0 {
		return nil
	}
	v := rush.Values{}
	for range rapid.IntRange(0, 4).Draw(t, name) {
		v[rapid.SampledFrom([]string{"x", "y", "number", "state", "_rush", "", "xs.x", "\xff", "\\xff"}).Draw(t, "name")] = value.Draw(t, "value")
	}
	return v
}

func TestAFrozenFileHasWhateverATaskHolds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		f := newFake()
		for range rapid.IntRange(0, 6).Draw(rt, "tasks") {
			state := rapid.SampledFrom(rush.States()).Draw(rt, "state")
			k := f.push(t, state, nil)
			if state.Ended() {
				f.logLocked(rush.Ending{Key: k, State: state})
			}
			r := f.tasks[k]
			for _, to := range []*[]byte{&r.XS, &r.YS, &r.XSExtra, &r.YSExtra} {
				*to = pack(t, values(rt, "values"))
			}
			if state == rush.Failed {
				r.Condition, _ = wire.EncodeCondition(&rush.Condition{
					Class: rapid.SampledFrom([]rush.Class{"error", "", "lost"}).Draw(rt, "class"), Message: rapid.String().Draw(rt, "message"),
				})
			}
			r.Finished = rapid.Int64Range(0, 3).Draw(rt, "finished")
		}
		shuffled := rapid.Permutation(f.log).Draw(rt, "log")
		f.log = shuffled
		format := rapid.SampledFrom([]table.FileFormat{table.Arrow, table.ArrowStream, table.Parquet}).Draw(rt, "format")
		path := filepath.Join(dir, archiveFormats[format])
		b := export(t, f, table.ExportOptions{Format: format, About: about()})
		if err := os.WriteFile(path, b, 0o600); err != nil {
			rt.Fatal(err)
		}
		file, err := table.OpenFrozen(path, nil)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := file.Read()
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(f.records(), got.Records, equal...); diff != "" {
			rt.Fatalf("%s: records (-want +got)\n%s", format, diff)
		}
		var order []rush.TaskKey
		for _, i := range got.Ended {
			order = append(order, got.Records[i].Key)
		}
		var log []rush.TaskKey
		for _, e := range f.log {
			log = append(log, e.Key)
		}
		if diff := cmp.Diff(log, order, equal...); diff != "" {
			rt.Fatalf("the order of the endings (-want +got)\n%s", diff)
		}
	})
}

func TestCellsThatSomebodyChangedCount(t *testing.T) {
	t.Parallel()
	f := busy(t)
	b := export(t, f, table.ExportOptions{Format: table.ArrowStream, About: about()})
	tasks := read(t, openBytes(t, "x.arrows", b, nil))
	if n := strings.Count(string(b), "boom"); n == 0 {
		t.Fatal("the file should have stderr as it is")
	}
	// The message of task 3, of the same length: the column counts, and not what the
	// file had kept of the condition beside it.
	changed := bytes.Replace(b, []byte("error: a: b"), []byte("error: a: c"), 1)
	got := read(t, openBytes(t, "x.arrows", changed, nil))
	c, err := wire.DecodeCondition(got.Records[3].Condition)
	if err != nil || c.Message != "a: c" {
		t.Errorf("got %v, %v; want the changed message", c, err)
	}
	if diff := cmp.Diff(tasks.Records[5], got.Records[5], equal...); diff != "" {
		t.Errorf("another task changed (-want +got)\n%s", diff)
	}
}

func TestFilesOfOtherKindsHaveWhatTheirColumnsSay(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.finished(t, rush.Values{"x": 1, "name": "a"}, rush.Values{"y": 0.5})
	f.finished(t, rush.Values{"x": 2, "name": "b"}, rush.Values{"y": math.NaN()})
	f.fail(t, f.push(t, rush.Running, rush.Values{"x": 3}), &rush.Condition{Class: rush.ClassError, Message: "no"})
	want := f.records()
	for i := range want {
		want[i].Spent = f.tasks[i].Spent
	}
	for _, format := range []table.FileFormat{table.CSV, table.JSONLines, table.Parquet} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			b := export(t, f, table.ExportOptions{Format: format})
			got := read(t, openBytes(t, "x."+string(format), b, &table.FrozenOptions{Outputs: []string{"y"}}))
			if diff := cmp.Diff(want, got.Records, equal...); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got.Whole {
				t.Error("it should not be whole")
			}
		})
	}
}

func TestATableWithoutNumbersHasFinishedTasks(t *testing.T) {
	t.Parallel()
	got := read(t, openBytes(t, "x.csv", []byte("\xef\xbb\xbflr,seed,acc\n0.5,1,0.9\n1,2,\n"), &table.FrozenOptions{Outputs: []string{"acc"}}))
	want := []rush.Record{
		{Key: 0, State: rush.Finished, XS: pack(t, rush.Values{"lr": 0.5, "seed": 1}), YS: pack(t, rush.Values{"acc": 0.9})},
		{Key: 1, State: rush.Finished, XS: pack(t, rush.Values{"lr": 1.0, "seed": 2}), YS: pack(t, rush.Values{})},
	}
	if diff := cmp.Diff(want, got.Records, equal...); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFilesThatCannotBeReadSaySo(t *testing.T) {
	t.Parallel()
	whole := map[string][]byte{}
	for format, name := range archiveFormats {
		whole[name] = export(t, busy(t), table.ExportOptions{Format: format, About: about()})
	}
	for _, tc := range []struct {
		name, file string
		b          []byte
		want       string
	}{
		{"an empty file", "x.parquet", nil, "it is empty"},
		{"an empty CSV file", "x.csv", nil, "it is empty"},
		{"a text", "x.parquet", []byte("hello, world\n"), "expected a Parquet file"},
		{"a short text", "x.arrow", []byte("abc"), "expected an Arrow file"},
		{"a text", "x.arrow", []byte("hello, world\n"), "expected an Arrow file"},
		{"a Parquet file that was cut", "x.parquet", whole["x.parquet"][:len(whole["x.parquet"])/2], "expected a Parquet file"},
		{"an Arrow file that was cut", "x.arrow", whole["x.arrow"][:len(whole["x.arrow"])/2], "expected an Arrow file"},
		{"lines that do not agree", "x.csv", []byte("a,b\n1\n"), "wrong number of fields"},
		{"a name that occurs twice", "x.csv", []byte("a,a\n1,2\n"), "no other column has"},
		{"lines that are not JSON", "x.jsonl", []byte("{\"a\":1}\nx\n"), "line 2"},
		{"a state that there is not", "x.jsonl", []byte(`{"number":1,"state":"lazy"}`), "column state: found lazy"},
		{"a task that occurs twice", "x.csv", []byte("number,state,x\n1,finished,2\n1,finished,3\n"), "two rows have the number 1"},
	} {
		t.Run(tc.name+" as "+tc.file, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), tc.file)
			if err := os.WriteFile(path, tc.b, 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := table.OpenFrozen(path, nil)
			if err == nil {
				_, err = f.Read()
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v; want it to say %q and to name the file", err, tc.want)
			}
		})
	}
	if _, err := table.OpenFrozen(filepath.Join(t.TempDir(), "no.parquet"), nil); err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("got %v", err)
	}
}

// Wherever a file is cut it is an error, and no panic.
func TestFilesThatWereCutAreAnError(t *testing.T) {
	t.Parallel()
	for format, name := range archiveFormats {
		whole := export(t, busy(t), table.ExportOptions{Format: format, About: about()})
		path := filepath.Join(t.TempDir(), name)
		for n := 1; n < len(whole); n += 1 + len(whole)/300 {
			if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := table.OpenFrozen(path, nil)
			if err == nil {
				_, err = f.Read()
			}
			if err == nil {
				t.Fatalf("%s: the first %d of %d bytes were read", format, n, len(whole))
			}
		}
	}
}

func TestAFileOfANewerRushIsRefused(t *testing.T) {
	t.Parallel()
	b := export(t, busy(t), table.ExportOptions{Format: table.ArrowStream, About: about()})
	path := filepath.Join(t.TempDir(), "x.arrows")
	b = bytes.Replace(b, []byte(`{"format":1,"network"`), []byte(`{"format":9,"network"`), 1)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := table.OpenFrozen(path, nil); !errors.Is(err, rush.ErrSchema) {
		t.Errorf("got %v; want rush.ErrSchema", err)
	}
}
