//go:build unix

package plugins_test

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/plugins"
)

// A heard keeps what a program printed: how often each line, which is cut if it is
// long.
type heard struct {
	mu    sync.Mutex
	lines map[string]int
}

func (h *heard) take(stream, line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(line) > 1000 {
		line = line[:10] + "..." + line[len(line)-1:]
		h.lines[stream+": "+line+" is long"]++
		return
	}
	h.lines[stream+": "+line]++
}

// noise returns what was printed, once all of it was read.
func (h *heard) noise() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.lines)
}

// Whatever a program prints, before it is a plugin or during a task, whatever it
// closes and whatever it leaves behind: the task gets its answer, nothing that was
// printed is lost, and nothing stays alive.
func TestAPluginThatMakesNoise(t *testing.T) {
	t.Parallel()
	const warnings = 1 << 17
	for _, tc := range []struct {
		starting, task string
		want           map[string]int
	}{
		{"print", "nothing", map[string]int{"stdout: loading": 1, "stderr: a warning": 1, "stdout: 50%": 1}},
		{"long lines", "nothing", map[string]int{"stdout: before ooo...o is long": 1, "stderr: before eee...e is long": 1}},
		{"fill stderr", "nothing", map[string]int{"stderr: a warning": warnings}},
		{"no TLS", "print", map[string]int{"stdout: out": 1, "stderr: err": 2, "stdout: no end of lineout": 1, "stdout: no end of line": 1}},
		{"nothing", "print", map[string]int{"stdout: out": 1, "stderr: err": 2, "stdout: no end of lineout": 1, "stdout: no end of line": 1}},
		{"nothing", "long lines", map[string]int{"stdout: oooooooooo...o is long": 2, "stderr: eeeeeeeeee...e is long": 2}},
		{"nothing", "fill stderr", map[string]int{"stderr: a warning": 2 * warnings}},
		{"nothing", "greet", map[string]int{"stdout: 1|1|unix|/nowhere|grpc": 2}},
		{"nothing", "close stdin", map[string]int{}},
		{"nothing", "close stdout", map[string]int{}},
		{"nothing", "close stderr", map[string]int{}},
		{"nothing", "fork", map[string]int{}},
		{"nothing", "group", map[string]int{}},
		{"nothing", "setsid", map[string]int{}},
	} {
		if escapes(tc.task) {
			continue
		}
		t.Run(tc.starting+" then "+tc.task, func(t *testing.T) {
			t.Parallel()
			spec, gone := misbehaving(t, tc.starting)
			h := &heard{lines: map[string]int{}}
			i := plugins.NewIsolator(plugins.IsolatorSpec{Spec: spec, Output: h.take})
			defer i.Close()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			var pids []any
			for range 2 {
				ys, err := i.Evaluate(ctx, tc.task, point(rush.Values{"x": 1.5}))
				if err != nil || ys["y"] != 1.5 {
					t.Fatalf("found %v and %v", ys, err)
				}
				pids = append(pids, ys["pid"])
			}
			if pids[0] != pids[1] {
				t.Error("it was started anew for the second task")
			}
			i.Close()
			gone()
			if diff := cmp.Diff(tc.want, h.noise()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What a task leaves behind does not hold up its failure, and does not stay alive.
func TestAPluginThatGoesAndLeavesSomething(t *testing.T) {
	t.Parallel()
	for _, task := range []string{"group, exit", "setsid, exit", "setsid, hang"} {
		if escapes(task) {
			continue
		}
		t.Run(task, func(t *testing.T) {
			t.Parallel()
			spec, gone := misbehaving(t, "nothing")
			i := plugins.NewIsolator(plugins.IsolatorSpec{Spec: spec})
			defer i.Close()
			e := point(nil)
			want := "exit code 7"
			if strings.HasSuffix(task, "hang") {
				e.Options.Stall = 1e9
				want = "nothing for 1s"
			}
			if _, err := i.Evaluate(t.Context(), task, e); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("found %v, expected %s", err, want)
			}
			gone()
		})
	}
}

// host, set in the environment, makes the test binary a program that has a plugin
// evaluate a task; it says on its stdout what that printed.
const host = "RUSH_PLUGINS_TEST_HOST"

func beHost(task string) {
	path, _ := os.Executable()
	spec := plugins.Spec{Command: []string{path}, Env: map[string]string{host: "", misbehavior: "nothing"}}
	i := plugins.NewIsolator(plugins.IsolatorSpec{Spec: spec, Output: func(_, line string) { _, _ = os.Stdout.WriteString(line + "\n") }})
	_, err := i.Evaluate(context.Background(), task, point(nil))
	_, _ = os.Stderr.WriteString(err.Error())
}

// When the host is killed its plugin ends with all that that has started; also if
// the kernel does not say so, but only the pipe of its stdin.
func TestAPluginEndsWithItsHost(t *testing.T) {
	t.Parallel()
	for _, task := range []string{"fork, wait", "setsid, wait"} {
		for _, signal := range []string{"with a signal", noDeathSignal} {
			if escapes(task) {
				continue
			}
			t.Run(task+" "+signal, func(t *testing.T) {
				t.Parallel()
				path, _, gone := watch(t)
				cmd := exec.Command(os.Args[0])
				cmd.Env = append(os.Environ(), host+"="+task, watched+"="+path, noDeathSignal+"="+strings.TrimSuffix(signal, "with a signal"))
				cmd.Stderr = os.Stderr
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				up := make([]byte, 3)
				if _, err := out.Read(up); err != nil || !slices.Equal(up, []byte("up\n")) {
					t.Errorf("found %q, %v", up, err)
				}
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
				gone()
			})
		}
	}
}
