package search_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/search"
)

// shellLoop is a loop that proposes multiples of its argument by, and has the
// search's objective score them.
const shellLoop = `
ask() { printf '%s\n' "$1"; IFS= read -r answer || exit 1; }
member() { printf '%s\n' "$answer" | sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p"; }
ask '{"verb":"hello"}'; by=$(member by)
while ask '{"verb":"take"}'; key=$(member key); [ -n "$key" ]; do
	x=0.$((key * ${by#0.}))
	ask "{\"verb\":\"start\",\"key\":$key,\"xs\":{\"x\":$x},\"extra\":{\"pid\":$$}}"
	echo "evaluating $key"
	ask "{\"verb\":\"evaluate\",\"key\":$key,\"finish\":true}"
done
`

// commandSearch parses a search whose loop is a shell script.
func (s *site) commandSearch(script, rest string) *search.Definition {
	s.t.Helper()
	dir := s.t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "loop.sh"), []byte(script), 0o600); err != nil {
		s.t.Fatal(err)
	}
	f, err := search.Parse(filepath.Join(dir, "search.yaml"), []byte(strings.ReplaceAll(guestSearch, "constants: {c: 10}", "")+"objective: {builtin: sphere}\n"+rest))
	if err != nil {
		s.t.Fatal(err)
	}
	return f.Definition
}

// Two workers, each with the loop's program beside it, share a search.
func TestALoopThatIsACommand(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.commandSearch(shellLoop, "loop: {command: [sh, ./loop.sh], args: {by: 0.1}, env: {LOOP: 1}}")
		s.run(def, search.StartOptions{}, 2)
		tasks := s.finished()
		if len(tasks) != 5 {
			t.Fatalf("%d tasks finished, expected 5", len(tasks))
		}
		for i, task := range tasks {
			x := task.XS["x"].(float64)
			if diff := x - 0.1*float64(i); diff < -1e-9 || diff > 1e-9 || task.YS["y"] != x*x || task.XSExtra["pid"] == nil {
				t.Errorf("task %d: found %v, %v, %v", i, task.XS, task.YS, task.XSExtra)
			}
		}
	})
}

// A program that dies ends its worker, which says why; what it held is given up.
func TestALoopThatDiesEndsItsWorker(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.commandSearch("echo out of luck >&2; printf '{\"verb\":\"push_running\",\"xss\":[{\"x\":1}]}\\n'; read -r a; exit 9", "loop: {command: [sh, loop.sh]}")
		s.run(def, search.StartOptions{}, 1)
		workers, err := s.net.Workers(t.Context())
		if err != nil || len(workers) != 1 {
			t.Fatalf("found %+v, %v", workers, err)
		}
		if reason := workers[0].Reason; !strings.Contains(reason, "exit code 9") || !strings.Contains(reason, "out of luck") {
			t.Errorf("the worker ended since %q", reason)
		}
		if c := s.counts(); c.Failed != 1 || c.Running != 0 {
			t.Errorf("found %+v, expected the task to have failed", c)
		}
	})
}

// A killed worker leaves nothing of its loop alive.
func TestALoopDiesWithItsWorker(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.commandSearch(`trap '' TERM; sleep 600 & echo "pids $$ $!"; wait; sleep 600`, "loop: {command: [sh, loop.sh]}")
		if _, err := search.Start(t.Context(), s.net, def, search.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		pids := make(chan string, 1)
		w := def.Workers(1)
		w.Output = func(_ rush.WorkerID, _, line string) {
			if rest, ok := strings.CutPrefix(line, "pids "); ok {
				pids <- rest
			}
		}
		if _, err := s.net.StartWorkers(ctx, w); err != nil {
			t.Fatal(err)
		}
		var found string
		select {
		case found = <-pids:
		case <-ctx.Done():
			t.Fatal("the loop does not print")
		}
		if _, err := s.net.StopWorkers(ctx, rush.SignalKill); err != nil {
			t.Fatal(err)
		}
		select {
		case <-s.net.LocalDone():
		case <-ctx.Done():
			t.Fatal("the worker does not end")
		}
		for _, pid := range strings.Fields(found) {
			for { // it was killed, and dies soon
				state, err := os.ReadFile("/proc/" + pid + "/stat")
				if err != nil || strings.Contains(string(state), ") Z ") {
					break
				}
				if ctx.Err() != nil {
					t.Fatalf("process %s is alive: %s", pid, state)
				}
				runtime.Gosched()
			}
		}
	})
}
