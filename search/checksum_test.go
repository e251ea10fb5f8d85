package search_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/search"
)

func sumOf(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(b))
}

// replaceBy puts another program in place of one that may run.
func replaceBy(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", text, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// Programs that stay may have a checksum, whatever they are: another one is refused
// where the file names it, by who starts workers, and at each start.
func TestChecksumsOfCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "s.sh")
	replaceBy(t, script, []byte(`while read -r line; do echo '{"ys":{"y":1}}'; done`))
	sum := sumOf(t, script)
	parse := func(rest, sum string) (*search.File, error) {
		text := "space: {x: {type: dbl, lower: 0, upper: 1}}\ncodomain: {y: minimize}\nterminate: {evals: 3}\n" + fmt.Sprintf(rest, sum)
		return search.Parse(filepath.Join(dir, "search.yaml"), []byte(text))
	}
	const (
		objective = "objective: {command: [sh, s.sh], keep: true, sha256: %s}"
		loop      = "objective: {builtin: sphere}\nloop: {command: [sh, s.sh], sha256: %s}"
	)
	for _, rest := range []string{objective, loop} {
		if _, err := parse(rest, strings.Repeat("a", 64)); err == nil || !strings.Contains(err.Error(), "sha256: "+script+" is not the program that was meant") {
			t.Errorf("%s: found %v", rest, err)
		}
		if _, err := parse(rest, "abc"); err == nil || !strings.Contains(err.Error(), "expected a SHA-256 checksum") {
			t.Errorf("%s: found %v", rest, err)
		}
		file, err := parse(rest, sum)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Definition.VerifyPlugins(); err != nil {
			t.Error(err)
		}
	}
	if _, err := parse("objective: {command: [sh, s.sh], sha256: %s}", sum); err == nil || !strings.Contains(err.Error(), "add keep: true") {
		t.Errorf("found %v", err)
	}
	kept, err := parse(objective, sum)
	if err != nil {
		t.Fatal(err)
	}
	loops, err := parse(loop, sum)
	if err != nil {
		t.Fatal(err)
	}
	replaceBy(t, script, []byte("exit 3"))
	for _, file := range []*search.File{kept, loops} {
		if err := file.Definition.VerifyPlugins(); err == nil || !strings.Contains(err.Error(), "is not the program that was meant") {
			t.Errorf("found %v", err)
		}
	}
}

func TestACommandWithItsChecksum(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		script := filepath.Join(t.TempDir(), "s.sh")
		replaceBy(t, script, []byte(`while read -r line; do echo '{"ys":{"y":1}}'; done`))
		def := s.parse(guestSearch + "objective: {command: [sh, " + script + "], keep: true, sha256: " + sumOf(t, script) + "}")
		s.run(def, search.StartOptions{}, 1)
		if c := s.counts(); c.Finished != 5 {
			t.Errorf("found %+v, expected 5 finished", c)
		}
	})
}

// A kept command that is another one by the time of its first start is not started,
// and the task is not lost.
func TestACommandThatWasReplaced(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		dir := t.TempDir()
		script := filepath.Join(dir, "s.sh")
		replaceBy(t, script, []byte("first"))
		def := s.parse("space: {x: {type: dbl, lower: 0, upper: 1}}\nloop: queue\nobjective: {command: [sh, " + script + "], keep: true, sha256: " + sumOf(t, script) + "}")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.net.StartWorkers(ctx, def.Workers(1)); err != nil {
			t.Fatal(err)
		}
		replaceBy(t, script, []byte("touch "+dir+"/started"))
		if _, err := s.net.Push(ctx, rush.Values{"x": 0.5}); err != nil {
			t.Fatal(err)
		}
		s.awaitEnd(ctx)
		if c := s.counts(); c.Queued != 1 || c.Total() != 1 {
			t.Errorf("found %+v, expected the task to be queued", c)
		}
		s.wantEnds("the objective cannot be started: " + script + " is not the program that was meant")
		if _, err := os.Stat(dir + "/started"); err == nil {
			t.Error("it was started")
		}
	})
}

func (s *site) awaitEnd(ctx context.Context) {
	s.t.Helper()
	select {
	case <-s.net.LocalDone():
	case <-ctx.Done():
		s.t.Fatal("the workers do not end")
	}
}

// A worker process that died is not followed by another program.
func TestAWorkersProgramThatWasReplaced(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		program := filepath.Join(t.TempDir(), "program")
		text, err := os.ReadFile(self(t))
		if err != nil {
			t.Fatal(err)
		}
		replaceBy(t, program, text)
		def := s.parse(guestSearch + "objective: {function: square}\nloop: {plugin: [" + program + "], name: corner, env: {" + guest + ": 1}, sha256: " + sumOf(t, program) + "}")
		def.Terminate.Evals = 0 // it does not end by itself
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := def.CheckPlugins(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		w := def.Workers(1)
		w.Restart = true
		if _, err := s.net.StartWorkers(ctx, w); err != nil {
			t.Fatal(err)
		}
		replaceBy(t, program, append(bytes.Clone(text), 'x')) // it runs as well
		workers, err := s.net.Workers(ctx)
		if err != nil {
			t.Fatal(err)
		}
		process, err := os.FindProcess(workers[0].PID)
		if err != nil {
			t.Fatal(err)
		}
		if err := process.Kill(); err != nil {
			t.Fatal(err)
		}
		s.awaitEnd(ctx)
		if workers, err := s.net.Workers(ctx); err != nil || len(workers) != 1 || workers[0].State != rush.WorkerLost {
			t.Errorf("found %+v, %v; expected the lost worker alone", workers, err)
		}
		w.IDs = nil
		if _, err := s.net.StartWorkers(ctx, w); err == nil || !strings.Contains(err.Error(), "is not the program that was meant") {
			t.Errorf("found %v", err)
		}
	})
}
