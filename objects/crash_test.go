package objects_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/objects"
)

// lossy loses replies: the verb may have been carried out or not.
type lossy struct {
	store.Network
	before, after bool
}

var errLost = errors.New("the reply was lost")

func (l *lossy) PutObjects(ctx context.Context, tag string, list []store.Object) ([]store.Object, error) {
	if l.before {
		return nil, errLost
	}
	stored, err := l.Network.PutObjects(ctx, tag, list)
	if l.after {
		return nil, errLost
	}
	return stored, err
}

func (l *lossy) EmptyObjectTrash(ctx context.Context, paths []string) error {
	if l.before {
		return errLost
	}
	return l.Network.EmptyObjectTrash(ctx, paths)
}

// What is left of a put that was cut short is collected when it is old, and a
// put whose reply was lost has happened.
func TestPutsThatWereCutShort(t *testing.T) {
	each(t, func(f *fixture) {
		f.limit(1)
		cut := &lossy{Network: f.net, before: true}
		if _, err := objects.New(cut).Put(f.Context(), "a", strings.NewReader("never recorded")); !errors.Is(err, errLost) {
			f.Fatalf("got error %v", err)
		}
		f.put("", "held by nothing")
		cut.before, cut.after = false, true
		if _, err := objects.New(cut).Put(f.Context(), "a", strings.NewReader("recorded")); !errors.Is(err, errLost) {
			f.Fatalf("got error %v", err)
		}
		again := f.put("a", "recorded")

		said, err := f.Collect(f.Context(), time.Hour)
		if err != nil || len(said) > 0 {
			f.Errorf("collected while it is young: %q, %v", said, err)
		}
		said, err = f.Collect(f.Context(), 0)
		if err != nil || len(said) != 2 {
			f.Errorf("collected: got %q, %v, want an object and a file", said, err)
		}
		list, err := f.List(f.Context())
		if err != nil || len(list) != 1 || list[0].Hash != again.Hash || len(f.files()) != 1 {
			f.Errorf("there are %v, %v, in %q; want the one that a tag holds", list, err, f.files())
		}
		said, err = f.Collect(f.Context(), 0)
		if err != nil || len(said) > 0 {
			f.Errorf("collected again: %q, %v", said, err)
		}
	})
}

// Files of deleted objects are removed by the next, if the one who deleted
// them died.
func TestRemovingThatWasCutShort(t *testing.T) {
	each(t, func(f *fixture) {
		f.limit(1)
		f.put("a", "one")
		f.put("b", "two")
		if _, err := f.net.DropObjectTags(f.Context(), []string{"a"}); err != nil {
			f.Fatal(err)
		}
		cut := objects.New(&lossy{Network: f.net, before: true})
		if err := cut.EmptyTrash(f.Context()); !errors.Is(err, errLost) {
			f.Errorf("got error %v", err)
		}
		if _, err := f.Drop(f.Context(), "b"); err != nil {
			f.Fatal(err)
		}
		if trash, err := f.net.ObjectTrash(f.Context()); err != nil || len(trash) > 0 || len(f.files()) > 0 {
			f.Errorf("the trash has %q, %v, and there are %q", trash, err, f.files())
		}
	})
}

// putForever puts and drops objects until the process is killed, and prints a
// line for each round.
func putForever(s *objects.Store, _ string) error {
	for i := 0; ; i++ {
		text := strings.Repeat(fmt.Sprint(i%50), 2_000)
		for _, tag := range []string{"kept", fmt.Sprint("tag ", i%7), ""} {
			if _, err := s.Put(context.Background(), tag, strings.NewReader(tag+text)); err != nil {
				return err
			}
		}
		if _, err := s.Drop(context.Background(), fmt.Sprint("tag ", (i+3)%7)); err != nil {
			return err
		}
		fmt.Println(i)
	}
}

// Reference counts survive a kill -9: whatever a tag holds can be read, and
// what nothing holds is collected.
func TestKilledWhilePutting(t *testing.T) {
	each(t, func(f *fixture) {
		f.limit(1_000)
		for rounds := range 4 {
			f.killAfter(5 + 7*rounds)
		}
		said, err := f.Collect(f.Context(), 0)
		if err != nil || len(said) == 0 {
			f.Errorf("collected %q, %v, want what no tag holds", said, err)
		}
		list, err := f.List(f.Context())
		f.check(err)
		named := map[string]bool{}
		for _, o := range list {
			if len(o.Tags) == 0 {
				f.Errorf("no tag holds %+v", o)
			}
			if _, err := f.Bytes(f.Context(), o.Hash); err != nil {
				f.Error(err)
			}
			named[o.Path] = true
		}
		for _, path := range f.files() {
			if !named[path] {
				f.Errorf("the file %s belongs to nothing", filepath.Base(path))
			}
		}
	})
}

// killAfter starts a process that puts and drops, and kills it after some
// rounds.
func (f *fixture) killAfter(rounds int) {
	f.Helper()
	cmd := f.child("put forever", "")
	out, err := cmd.StdoutPipe()
	f.check(err)
	f.check(cmd.Start())
	lines := bufio.NewScanner(out)
	for i := 0; i < rounds && lines.Scan(); i++ {
		if strings.HasPrefix(lines.Text(), "error") {
			f.Error(lines.Text())
		}
	}
	f.check(cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
}
