package objects_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/objects"
)

// childVariable has what a test's child is to do, the store and the network,
// and what else it has to know.
const childVariable = "OBJECTS_TEST_CHILD"

// children are what a child can do.
var children = map[string]func(s *objects.Store, arg string) error{
	"put forever": putForever,
	"put":         putLarge,
	"put loudly":  putLoudly,
	"get":         getLarge,
	"put value":   putLargeValue,
	"get value":   getLargeValue,
}

func TestMain(m *testing.M) {
	if args := os.Getenv(childVariable); args != "" {
		if err := child(args); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(redistest.Main(m))
}

// child does what a child is to do.
func child(args string) error {
	words := strings.Split(args, "|")
	st, err := dial.Open(context.Background(), words[1], nil)
	if err != nil {
		return err
	}
	defer st.Close()
	return children[words[0]](objects.New(st.Network(rush.NetworkID(words[2]))), words[3])
}

// child is the command that does something in a process of its own.
func (f *fixture) child(what, arg string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%s|%s|%s", childVariable, what, f.url, f.net.ID(), arg))
	return cmd
}

// A fixture is a network's object store, and what is behind it.
type fixture struct {
	*testing.T
	*objects.Store
	url string
	st  store.Store
	net store.Network
	dir string
}

// each runs a test on the object store of a new network, on each kind of
// store.
func each(t *testing.T, test func(f *fixture)) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) { test(fixtureOn(t, url)) })
}

// fixtureOn makes a network on a store.
func fixtureOn(t *testing.T, url string) *fixture {
	t.Helper()
	st, err := dial.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	net := st.Network(rush.NetworkID("objects-" + uuid.NewString()[:8]))
	if _, err := net.Define(t.Context(), store.Definition{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Destroy(context.WithoutCancel(t.Context()), net.ID()); err != nil {
			t.Error(err)
		}
		st.Close()
	})
	return &fixture{T: t, Store: objects.New(net), url: url, st: st, net: net, dir: filepath.Join(t.TempDir(), "large")}
}

// limit sets an inline limit of bytes, and the directory.
func (f *fixture) limit(inline int64) {
	f.Helper()
	f.check(f.SetLimits(f.Context(), objects.Limits{Inline: inline, Directory: f.dir}))
}

func (f *fixture) check(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// put stores a text and returns what is known of it.
func (f *fixture) put(tag, text string) objects.Info {
	f.Helper()
	info, err := f.Put(f.Context(), tag, strings.NewReader(text))
	f.check(err)
	return info
}

// files lists the files of the directory, at any depth.
func (f *fixture) files() (paths []string) {
	f.Helper()
	err := filepath.WalkDir(f.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return nil
	})
	f.check(err)
	return paths
}
