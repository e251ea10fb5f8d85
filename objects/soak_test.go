package objects_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/objects"
)

// large is how many bytes the object of the soak has: above what one value of
// Redis, one of SQLite and one of 32 bits can have.
const large = 3 << 30

// generated reads n bytes that no file system can keep as less.
func generated(n int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{1}), n)
}

func putLarge(s *objects.Store, _ string) error {
	info, err := s.Put(context.Background(), "large", generated(large))
	fmt.Println(info.Hash, peak())
	return err
}

// putLoudly says when a gibibyte was read.
func putLoudly(s *objects.Store, _ string) error {
	first := generated(1 << 30)
	said := readerFunc(func([]byte) (int, error) { fmt.Println("a gibibyte"); return 0, io.EOF })
	_, err := s.Put(context.Background(), "cut short", io.MultiReader(first, said, generated(large)))
	return err
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func getLarge(s *objects.Store, hash string) error {
	r, err := s.Get(context.Background(), hash)
	if err != nil {
		return err
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, r)
	fmt.Println(n, peak())
	return err
}

// putLargeValue has the value in memory, as who made it has.
func putLargeValue(s *objects.Store, _ string) error {
	value := make([]byte, large)
	for i := 0; i < len(value); i += 8 {
		binary.LittleEndian.PutUint64(value[i:], uint64(i))
	}
	hashes, err := s.PutValues(context.Background(), "value", value)
	fmt.Println(strings.Join(hashes, " "), peak())
	return err
}

func getLargeValue(s *objects.Store, hash string) error {
	values, err := s.Values(context.Background(), hash)
	if err != nil {
		return err
	}
	value := values[0].([]byte)
	for i := 0; i < len(value); i += 8 {
		if got := binary.LittleEndian.Uint64(value[i:]); got != uint64(i) {
			return fmt.Errorf("at %d there is %d", i, got)
		}
	}
	fmt.Println(len(value), peak())
	return nil
}

// peak is the most memory that this process had, in bytes; Linux only.
func peak() int64 {
	status, err := os.ReadFile("/proc/self/status")
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if err != nil || found == nil {
		return -1
	}
	kib, err := strconv.ParseInt(string(found[1]), 10, 64)
	if err != nil {
		return -1
	}
	return kib << 10
}

// measured has a child do something, and returns what it printed. It expects
// that its memory did not exceed most bytes.
func (f *fixture) measured(what, arg string, most int64) string {
	f.Helper()
	began := time.Now()
	out, err := f.child(what, arg).CombinedOutput()
	said, used, ok := strings.Cut(strings.TrimSpace(string(out)), " ")
	bytes, err2 := strconv.ParseInt(used, 10, 64)
	if err != nil || !ok || err2 != nil {
		f.Fatalf("%s: %v: %s", what, err, out)
	}
	f.Logf("%-9s in %v, at most %d MiB of memory", what, time.Since(began).Round(time.Millisecond), bytes>>20)
	if bytes > most {
		f.Errorf("%s took %d MiB of memory; expected at most %d", what, bytes>>20, most>>20)
	}
	return said
}

// An object of 3 GB goes to the disk and comes back as a stream; a value of
// that size, which is in memory already, is not there a second time. What a
// kill -9 in the middle leaves is collected. One after the other: each has 3 GB.
func TestSoakAnObjectOfThreeGigabytes(t *testing.T) {
	if os.Getenv("RUSH_SOAK") != "1" {
		return
	}
	for name, url := range map[string]string{"embedded": filepath.Join(t.TempDir(), "rush.db"), "redis": redistest.URL(t)} {
		for _, inline := range []int64{1 << 20, objects.DefaultInline} {
			t.Run(fmt.Sprintf("%s with %d MiB inline", name, inline>>20), func(t *testing.T) {
				f := fixtureOn(t, url)
				f.limit(inline)
				f.largeObject(inline)
			})
		}
	}
}

func (f *fixture) largeObject(inline int64) {
	const little = 96 << 20 // a Go program with a store, and its buffers
	hash := f.measured("put", "", little+inline)
	if got := f.measured("get", hash, little); got != fmt.Sprint(int64(large)) {
		f.Errorf("read %s bytes, not %d", got, int64(large))
	}
	f.cutShort()
	if list, err := f.List(f.Context()); err != nil || len(list) != 1 || list[0].Hash != hash || len(f.files()) != 1 {
		f.Errorf("there are %v, %v, in %q; want the one that a tag holds", list, err, f.files())
	}
	f.emptied("large")
	hash = f.measured("put value", "", large+little+inline)
	f.measured("get value", hash, large+little)
	f.emptied("value")
}

// cutShort kills who puts an object, and has what is left collected.
func (f *fixture) cutShort() {
	f.Helper()
	cmd := f.child("put loudly", "")
	out, err := cmd.StdoutPipe()
	f.check(err)
	f.check(cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	f.check(cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	if err != nil || len(f.files()) != 2 {
		f.Fatalf("got %q, %v, and there are %q; want the file that was cut short", line, err, f.files())
	}
	said, err := f.Collect(f.Context(), 0)
	if err != nil || len(said) != 1 {
		f.Errorf("collected %q, %v; want a file that belonged to nothing", said, err)
	}
}

// emptied drops a tag, and expects that nothing is left.
func (f *fixture) emptied(tag string) {
	f.Helper()
	if _, err := f.Drop(f.Context(), tag); err != nil || len(f.files()) > 0 {
		f.Errorf("drop: %v, and there are %q; want nothing", err, f.files())
	}
}
