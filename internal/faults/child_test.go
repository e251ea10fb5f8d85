package faults_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/rushworker"
)

// limit bounds what a test waits for; only a failure takes that long.
const limit = 2 * time.Minute

// A scene is a network that child processes work on.
type scene struct {
	t     *testing.T
	url   string
	id    rush.NetworkID
	calls string // the file with the boundaries
	kills string // the file with those who were killed
	evals string // the file with the evaluations

	opened store.Store
}

func newScene(t *testing.T, url string) *scene {
	t.Helper()
	dir := t.TempDir()
	return &scene{
		t: t, url: url, id: rush.NetworkID("faults-" + uuid.NewString()),
		calls: filepath.Join(dir, "calls"), kills: filepath.Join(dir, "kills"), evals: filepath.Join(dir, "evals"),
	}
}

// play has a child process play a part to its end.
func (s *scene) play(part string, more ...string) {
	s.t.Helper()
	if out, err := s.child(part, more...); err != nil {
		s.t.Fatalf("%s: %v\n%s", part, err, out)
	}
}

// playUntil has a child play a part while the role is to be killed at a point,
// and reports whether it came to that.
func (s *scene) playUntil(part, role, point string) bool {
	s.t.Helper()
	env := map[string]string{"manager": envManager, "worker": envWorker}[role]
	out, err := s.child(part, env+"="+point)
	kills, readErr := readLines(s.kills)
	if readErr != nil {
		s.t.Fatal(readErr)
	}
	if err != nil && len(kills) == 0 {
		s.t.Fatalf("%s: %v\n%s", part, err, out)
	}
	return len(kills) > 0
}

// child runs a child process with more in its environment and returns what it
// printed.
func (s *scene) child(part string, more ...string) (out []byte, err error) {
	s.t.Helper()
	self, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), limit)
	defer cancel()
	c := exec.CommandContext(ctx, self)
	c.Env = append(os.Environ(), envPart+"="+part, envStore+"="+s.url, envNetwork+"="+string(s.id), envEvals+"="+s.evals, envKilled+"="+s.kills)
	c.Env = append(c.Env, more...)
	c.WaitDelay = time.Second // workers of a killed manager hold its output for a moment
	out, err = c.CombinedOutput()
	if ctx.Err() != nil {
		s.t.Fatalf("%s with %q did not end\n%s", part, more, out)
	}
	return out, err
}

// sound expects the invariants to hold, if there is a network by now.
func (s *scene) sound() {
	s.t.Helper()
	a, err := s.store().Network(s.id).Audit(s.t.Context())
	if errors.Is(err, rush.ErrNoNetwork) {
		return
	}
	if err != nil {
		s.t.Fatal(err)
	}
	for _, v := range store.Check(a) {
		s.t.Errorf("network %s is not sound: %v", s.id, v)
	}
}

// store opens the scene's store, once.
func (s *scene) store() store.Store {
	s.t.Helper()
	if s.opened != nil {
		return s.opened
	}
	var err error
	if s.opened, err = dial.Open(s.t.Context(), s.url, nil); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := s.opened.Close(); err != nil {
			s.t.Error(err)
		}
	})
	return s.opened
}

// archive reads the scene's network.
func (s *scene) archive() *rushworker.Archive {
	return rushworker.NewArchive(s.store().Network(s.id), nil)
}

// readLines reads a file of lines; one that does not exist has none.
func readLines(path string) ([]string, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n"), err
}

// stores returns a URL of each kind of store.
func stores(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{"embedded": filepath.Join(t.TempDir(), "rush.db"), "redis": redistest.URL(t)}
}
