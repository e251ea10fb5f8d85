package objects_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/objects"
)

func TestObjectsGoWhereTheirSizeSays(t *testing.T) {
	each(t, func(f *fixture) {
		f.limit(10)
		small, large := f.put("a", "0123456789"), f.put("a", "0123456789+")
		if small.Place != objects.Inline || small.Path != "" || small.Size != 10 {
			f.Errorf("an object at the limit: got %+v, want it in the store", small)
		}
		if large.Place != objects.Directory || filepath.Dir(filepath.Dir(large.Path)) != f.dir {
			f.Errorf("an object above the limit: got %+v, want it in %s", large, f.dir)
		}
		if want := "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"; small.Hash != want {
			f.Errorf("got the hash %s, want the SHA-256 %s", small.Hash, want)
		}
		all, err := f.Bytes(f.Context(), large.Hash, small.Hash, large.Hash)
		f.check(err)
		want := [][]byte{[]byte("0123456789+"), []byte("0123456789"), []byte("0123456789+")}
		if diff := cmp.Diff(want, all); diff != "" {
			f.Errorf("read (-want +got):\n%s", diff)
		}
		places, err := f.Locate(f.Context(), large.Hash, small.Hash)
		f.check(err)
		if diff := cmp.Diff([]objects.Info{large, small}, places, cmpopts.IgnoreFields(objects.Info{}, "Put")); diff != "" {
			f.Errorf("locations (-want +got):\n%s", diff)
		}
		found, err := f.Check(f.Context())
		if err != nil || len(found) > 0 {
			f.Errorf("check: got %q, %v, want nothing", found, err)
		}
	})
}

func TestOneValueIsOneFile(t *testing.T) {
	each(t, func(f *fixture) {
		f.limit(1)
		first, second := f.put("a", "the same"), f.put("b", "the same")
		if first.Path != second.Path || len(f.files()) != 1 {
			f.Errorf("got %+v, %+v and the files %q, want one", first, second, f.files())
		}
		dropped, err := f.Drop(f.Context(), "a")
		if err != nil || len(dropped) > 0 || len(f.files()) != 1 {
			f.Errorf("dropped %q, %v, and there are %q; want the other tag to hold it", dropped, err, f.files())
		}
		dropped, err = f.Drop(f.Context(), "b", "unknown")
		if err != nil || !cmp.Equal(dropped, []string{first.Hash}) || len(f.files()) != 0 {
			f.Errorf("dropped %q, %v, and there are %q; want it to be gone", dropped, err, f.files())
		}
		_, err = f.Get(f.Context(), first.Hash)
		var about *rush.ObjectError
		if !errors.Is(err, rush.ErrNoObject) || !errors.As(err, &about) || about.Hash != first.Hash {
			f.Errorf("get: got error %v, want that there is no such object", err)
		}
	})
}

func TestAboveTheLimitWithoutAPlaceNothingIsWritten(t *testing.T) {
	each(t, func(f *fixture) {
		f.check(f.SetLimits(f.Context(), objects.Limits{Inline: 4}))
		_, err := f.PutBytes(f.Context(), "a", []byte("fits"), []byte("does not"))
		if err == nil || !strings.Contains(err.Error(), "object 2 of 2") || !strings.Contains(err.Error(), "no directory") {
			f.Errorf("got error %v, want one that names the object and the missing directory", err)
		}
		list, err := f.List(f.Context())
		if err != nil || len(list) > 0 {
			f.Errorf("there are %v, %v; want nothing", list, err)
		}
	})
}

func TestLimitsAreSetOnce(t *testing.T) {
	each(t, func(f *fixture) {
		limits := objects.Limits{Inline: 100, Values: 10, Directory: f.dir}
		other := objects.New(f.st.Network(f.net.ID()))
		f.check(f.SetLimits(f.Context(), limits))
		f.check(other.SetLimits(f.Context(), limits))
		limits.Inline = 200
		if err := other.SetLimits(f.Context(), limits); !errors.Is(err, rush.ErrChanged) {
			f.Errorf("other limits: got error %v, want that they are refused", err)
		}
		if got, err := other.Limits(f.Context()); err != nil || got.Inline != 100 {
			f.Errorf("got %+v, %v", got, err)
		}
		for _, wrong := range []objects.Limits{{}, {Inline: -1}, {Directory: f.dir}, {Inline: 1 << 40, Directory: f.dir}} {
			if err := other.SetLimits(f.Context(), wrong); err == nil || errors.Is(err, rush.ErrChanged) {
				f.Errorf("%+v: got error %v, want one that says what is wrong", wrong, err)
			}
		}
	})
}

func TestReferencesStayTheCallers(t *testing.T) {
	each(t, func(f *fixture) {
		path := filepath.Join(f.TempDir(), "mine.txt")
		f.check(os.WriteFile(path, []byte("my data"), 0o600))
		mine, err := f.PutFile(f.Context(), "a", path)
		f.check(err)
		theirs, err := f.PutIn(f.Context(), "a", f.TempDir(), strings.NewReader("their data"))
		f.check(err)
		if mine.Place != objects.Reference || mine.Path != path || filepath.Base(theirs.Path) != theirs.Hash {
			f.Errorf("got %+v and %+v, want references", mine, theirs)
		}
		got, err := f.Bytes(f.Context(), mine.Hash, theirs.Hash)
		if err != nil || string(bytes.Join(got, nil)) != "my datatheir data" {
			f.Errorf("got %q, %v", got, err)
		}
		if _, err := f.Drop(f.Context(), "a"); err != nil {
			f.Error(err)
		}
		for _, p := range []string{mine.Path, theirs.Path} {
			if _, err := os.Stat(p); err != nil {
				f.Errorf("after the tag was dropped: %v, want the file to stay", err)
			}
		}
	})
}

func TestWhatWasChangedIsAnError(t *testing.T) {
	each(t, func(f *fixture) {
		for name, spoil := range map[string]string{"other bytes": "my DATA", "shorter": "my", "longer": "my data and more"} {
			path := filepath.Join(f.TempDir(), "mine.txt")
			f.check(os.WriteFile(path, []byte("my data"), 0o600))
			info, err := f.PutFile(f.Context(), "a", path)
			f.check(err)
			f.check(os.WriteFile(path, []byte(spoil), 0o600))
			r, err := f.Get(f.Context(), info.Hash)
			f.check(err)
			_, err = io.ReadAll(r)
			if err == nil || !strings.Contains(err.Error(), "was changed") || !strings.Contains(err.Error(), path) {
				f.Errorf("%s: got error %v, want one that says that the file was changed", name, err)
			}
			f.check(r.Close())
			_, err = f.Drop(f.Context(), "a")
			f.check(err)
		}
	})
}

func TestAMissingFileIsFound(t *testing.T) {
	each(t, func(f *fixture) {
		f.limit(1)
		info := f.put("a", "large")
		f.check(os.Remove(info.Path))
		if _, err := f.Get(f.Context(), info.Hash); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), info.Hash) {
			f.Errorf("get: got error %v, want one that names the object", err)
		}
		found, err := f.Check(f.Context())
		if err != nil || len(found) != 1 || !strings.Contains(found[0], info.Hash) {
			f.Errorf("check: got %q, %v, want the object", found, err)
		}
		if _, err := f.Drop(f.Context(), "a"); err != nil {
			f.Errorf("drop: %v", err)
		}
		if trash, err := f.net.ObjectTrash(f.Context()); err != nil || len(trash) > 0 {
			f.Errorf("the trash has %q, %v", trash, err)
		}
	})
}

// zeros reads as many bytes as it counts down.
type zeros int

func (z *zeros) Read(p []byte) (int, error) {
	if *z == 0 {
		return 0, io.EOF
	}
	n := min(len(p), int(*z))
	*z -= zeros(n)
	return n, nil
}

// A large object passes through a small buffer on its way to and from the disk.
func TestLargeObjectsAreStreams(t *testing.T) {
	const size = 192 << 20
	dir := t.TempDir()
	f := &fixture{T: t, dir: dir}
	f.Store = objects.New(&memory{})
	f.limit(1 << 10)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	source := zeros(size)
	info, err := f.Put(t.Context(), "a", &source)
	f.check(err)
	r, err := f.Get(t.Context(), info.Hash)
	f.check(err)
	n, err := io.Copy(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r})
	f.check(errors.Join(err, r.Close()))
	runtime.ReadMemStats(&after)
	if n != size || info.Size != size {
		t.Errorf("put %d and got %d bytes, want %d", info.Size, n, size)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > size/8 {
		t.Errorf("%d bytes of memory were used for %d", used, size)
	}
}

func TestValues(t *testing.T) {
	each(t, func(f *fixture) {
		f.limit(100)
		long := strings.Repeat("long", 100)
		want := []any{int64(1), "text", long, []byte(long), []any{2.5, nil}, map[string]any{"long": long}}
		hashes, err := f.PutValues(f.Context(), "a", want...)
		f.check(err)
		got, err := f.Values(f.Context(), hashes...)
		f.check(err)
		if diff := cmp.Diff(want, got); diff != "" {
			f.Errorf("values (-want +got):\n%s", diff)
		}
		if _, err := f.PutValues(f.Context(), "a", 1, make(chan int)); err == nil || !strings.Contains(err.Error(), "value 2 of 2") {
			f.Errorf("what is no value: got error %v, want one that names it", err)
		}
		tags, err := f.Tags(f.Context())
		if err != nil || !cmp.Equal(tags, []string{"a"}) {
			f.Errorf("tags: got %q, %v", tags, err)
		}
		f.check(f.Destroy(f.Context()))
		list, err := f.List(f.Context())
		if err != nil || len(list) > 0 || len(f.files()) > 0 {
			f.Errorf("after the end: got %v, %v, %q", list, err, f.files())
		}
	})
}

func TestManyObjectsAtOnce(t *testing.T) {
	each(t, func(f *fixture) {
		values := make([][]byte, 300)
		for i := range values {
			values[i] = bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 50_000)
		}
		hashes, err := f.PutBytes(f.Context(), "a", values...)
		f.check(err)
		got, err := f.Bytes(f.Context(), hashes...)
		f.check(err)
		if !slices.EqualFunc(values, got, bytes.Equal) {
			f.Error("the objects are not those that were put")
		}
	})
}

func TestTheTagOfATaskGoesWithIt(t *testing.T) {
	each(t, func(f *fixture) {
		f.limit(1)
		keys, err := f.net.Create(f.Context(), make([]store.NewTask, 1), "nonce")
		f.check(err)
		f.put(objects.TaskTag(keys[0]), "of the task")
		if _, err := f.Put(f.Context(), objects.TaskTag(99), strings.NewReader("of no task")); !errors.Is(err, rush.ErrNoTask) {
			f.Errorf("the tag of no task: got error %v", err)
		}
		if len(f.files()) != 1 {
			f.Errorf("there are %q, want one file", f.files())
		}
		_, err = f.net.Delete(f.Context(), keys)
		f.check(err)
		f.check(f.EmptyTrash(f.Context()))
		if len(f.files()) != 0 {
			f.Errorf("after the task was deleted there are %q", f.files())
		}
	})
}
