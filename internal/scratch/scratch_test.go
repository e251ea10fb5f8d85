package scratch_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rushnet/rush/internal/scratch"
)

// childVariable names the directory in which the test binary is to make one of
// its own, and to wait.
const childVariable = "SCRATCH_TEST_PARENT"

func TestMain(m *testing.M) {
	if parent := os.Getenv(childVariable); parent != "" {
		d, err := scratch.New(parent)
		fmt.Println(d.Path(), err)
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func newDir(t *testing.T, parent string) *scratch.Dir {
	t.Helper()
	d, err := scratch.New(parent)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.Path(), "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestADirectoryIsRemovedWithAllThatIsInIt(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	d := newDir(t, parent)
	if err := d.Remove(); err != nil {
		t.Error(err)
	}
	var none *scratch.Dir
	if err := none.Remove(); err != nil || none.Path() != "" {
		t.Errorf("no directory: got %q, %v", none.Path(), err)
	}
	if left := names(t, parent); len(left) > 0 {
		t.Errorf("there are %q; expected nothing", left)
	}
	if _, err := scratch.New(filepath.Join(parent, "missing")); err == nil {
		t.Error("a directory was made in one that is not there")
	}
}

// What a process that was killed left is removed; what others use, and what is
// not of this package, stays.
func TestSweepRemovesWhatTheDeadLeft(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+parent)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	theirs := strings.TrimSuffix(strings.TrimSpace(line), " <nil>")
	mine := newDir(t, parent)
	for _, name := range []string{"rush-other", "other"} {
		if err := os.Mkdir(filepath.Join(parent, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if removed := scratch.Sweep(parent); len(removed) > 0 {
		t.Errorf("removed %q while its process lives", removed)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if removed := scratch.Sweep(parent); !slices.Equal(removed, []string{theirs}) {
		t.Errorf("removed %q; expected %q", removed, theirs)
	}
	want := []string{"other", filepath.Base(mine.Path()), filepath.Base(mine.Path()) + ".lock", "rush-other"}
	slices.Sort(want)
	if left := names(t, parent); !slices.Equal(left, want) {
		t.Errorf("there are %q; expected %q", left, want)
	}
	if removed := scratch.Sweep(filepath.Join(parent, "missing")); len(removed) > 0 {
		t.Errorf("removed %q", removed)
	}
}

// Directories that are made while others sweep are whole.
func TestMakingWhileOthersSweep(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	done := make(chan struct{})
	var sweeping sync.WaitGroup
	sweeping.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				scratch.Sweep(parent)
			}
		}
	})
	for range 300 {
		d := newDir(t, parent)
		if left := names(t, d.Path()); len(left) != 1 {
			t.Errorf("there are %q in the directory", left)
		}
		if err := d.Remove(); err != nil {
			t.Error(err)
		}
	}
	close(done)
	sweeping.Wait()
	if left := names(t, parent); len(left) > 0 {
		t.Errorf("there are %q; expected nothing", left)
	}
}
