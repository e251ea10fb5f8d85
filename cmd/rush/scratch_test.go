//go:build unix

package main

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
)

// A kill -9 leaves no temporary files: those of a worker are removed by its
// manager, those of a manager by its workers, and those of both by whoever
// comes next.
func TestKilledProcessesLeaveNoTemporaryFiles(t *testing.T) {
	t.Parallel()
	for _, evaluation := range []string{
		"objective: {command: [sh, busy.sh]}",
		"objective: {builtin: sleep}\ntask: {isolate: true}",
	} {
		eachstore.Run(t, func(t *testing.T, url string) {
			for _, kill := range []string{"workers", "manager", "both, then doctor", "both, then another run"} {
				s := newKilled(t, url, evaluation)
				switch kill {
				case "workers":
					s.killWorkers()
					s.run.wait()
				case "manager":
					s.run.signal(syscall.SIGKILL)
					s.run.wait()
				default:
					s.run.signal(syscall.SIGSTOP) // so that it cannot tidy up
					s.killWorkers()
					s.run.signal(syscall.SIGKILL)
					s.run.wait()
				}
				gone(t, s.pids)
				switch kill {
				case "both, then another run":
					s.home.run(exitDone, "run", s.home.write("other.yaml", other(s.id)), "--fresh")
				case "manager", "both, then doctor":
					if out := s.home.run(exitDone, "doctor", "--repair", "--json"); !strings.Contains(out, "temporary files of a worker") {
						t.Errorf("killed: %s: doctor said %s", kill, out)
					}
				}
				if left := s.files(); len(left) > 0 {
					t.Errorf("killed: %s: there are %q in the directory for temporary files", kill, left)
				}
			}
		})
	}
}

// A killed is a run with temporary files of its own, in the middle of its
// tasks.
type killed struct {
	t    *testing.T
	home *home
	id   string
	tmp  string
	run  *process
	pids []int
}

func newKilled(t *testing.T, url, evaluation string) *killed {
	t.Helper()
	h, id := newHome(t, url), unique(t, "scratch")
	tmp, err := os.MkdirTemp("", "rt") // a path that is short enough for sockets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	h.env = []string{"TMPDIR=" + tmp}
	h.write("busy.sh", "echo 1 > $RUSH_PROGRESS\nexec sleep 1000\n")
	s := &killed{t: t, home: h, id: id, tmp: tmp}
	s.run = h.start("run", h.write("search.yaml", `
network: `+id+`
workers: 2
space: {seconds: {type: dbl, lower: 1000, upper: 1001}}
codomain: {y: minimize}
terminate: {evals: 2}
`+evaluation))
	net := h.open(rush.NetworkID(id))
	until(t, "two tasks run", func() bool {
		c, err := net.Counts(t.Context())
		return err == nil && c.Running == 2
	})
	if len(s.files()) == 0 {
		t.Fatal("there are no temporary files while tasks run")
	}
	s.pids = h.pids(rush.NetworkID(id))
	return s
}

func (s *killed) killWorkers() {
	for _, pid := range s.pids {
		kill9(pid)
	}
}

// files lists the temporary files.
func (s *killed) files() (names []string) {
	s.t.Helper()
	entries, err := os.ReadDir(s.tmp)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func other(id string) string {
	return `
network: ` + id + `
workers: 1
objective: {builtin: sleep}
space: {seconds: {type: dbl, lower: 0, upper: 0.001}}
codomain: {y: minimize}
terminate: {evals: 1}
`
}
