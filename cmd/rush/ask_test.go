package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
)

// A session is a "rush ask --serve" that a script talks to.
type session struct {
	t   *testing.T
	cmd *exec.Cmd
	in  *os.File // what it reads
	out *bufio.Reader
}

// serve starts a session of the home.
func (h *home) serve(args ...string) *session {
	h.t.Helper()
	self, err := os.Executable()
	if err != nil {
		h.t.Fatal(err)
	}
	requests, in, err := os.Pipe()
	if err != nil {
		h.t.Fatal(err)
	}
	cmd := &exec.Cmd{
		Path: self, Args: append([]string{"rush", "ask", "--serve"}, args...), Dir: h.dir, Stdin: requests,
		Env: append(os.Environ(), "RUSH_STORE="+h.store, "XDG_DATA_HOME="+filepath.Join(h.dir, "data")),
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	_ = requests.Close() // the process has its own
	h.t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return &session{h.t, cmd, in, bufio.NewReader(out)}
}

// call sends a request and returns the answer.
func (s *session) call(request string) string {
	s.t.Helper()
	if _, err := s.in.WriteString(request + "\n"); err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.out.ReadString('\n')
	if err != nil {
		s.t.Fatalf("%s: %v", request, err)
	}
	return answer
}

const askedFile = `
network: %
objective: {function: a script}
space: {x: {type: int, lower: 1, upper: 99}}
codomain: {y: minimize}
task: {max_retries: 1}
terminate: {evals: 10}
`

// Whoever asks may die at any moment: what it held goes to others.
func TestWhatADeadScriptHeldIsGivenToOthers(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), unique(t, "scripts")
		file := h.write("search.yaml", strings.ReplaceAll(askedFile, "%", id))

		killed := h.serve("--search", file, "--expiry", "300ms")
		if answer := killed.call(`{"ask": 2}`); !strings.Contains(answer, `"task":1`) {
			t.Fatalf("got %s, want two tasks", answer)
		}
		if err := killed.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		left := h.serve(id)
		until(t, "the tasks of the killed one are queued again", func() bool {
			return h.counts(rush.NetworkID(id)).Queued == 2
		})
		if answer := left.call(`{"ask": 2}`); strings.Count(answer, `"attempt":2`) != 2 {
			t.Errorf("got %s, want both tasks for the second time", answer)
		}
		if answer := left.call(`{"tell": [{"task": 0, "attempt": 1, "ys": {"y": 1}}]}`); !strings.Contains(answer, "attempt 1 is over") {
			t.Errorf("got %s, want an error about the attempt", answer)
		}
		if answer := left.call(`{"tell": [{"task": 0, "ys": {"y": 1}}]}`); answer != `{"told":1}`+"\n" {
			t.Errorf("got %s, want it to be told", answer)
		}

		// It waits in vain, and its script goes away: it ends, and gives back the other.
		if answer := left.call(`{"ask": 9}`); !strings.Contains(answer, `"task":9`) {
			t.Fatalf("got %s, want all that is left", answer)
		}
		if _, err := left.in.WriteString(`{"ask": 1, "wait": 3600}` + "\n"); err != nil {
			t.Fatal(err)
		}
		if err := left.in.Close(); err != nil {
			t.Fatal(err)
		}
		if err := left.cmd.Wait(); err != nil {
			t.Errorf("the session ended with %v", err)
		}
		if c := h.counts(rush.NetworkID(id)); c.Running != 0 || c.Finished != 1 || c.Created != 10 {
			t.Errorf("found %+v, want none running", c)
		}
		h.sound()
	})
}
