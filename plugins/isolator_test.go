//go:build unix

package plugins_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/seeds"
)

// patience is for how long a test waits for what should come soon.
const patience = time.Minute

// faulty, set in the environment, makes the test binary serve faults.
const faulty = "RUSH_PLUGINS_TEST_FAULTS"

// faults is a program whose objectives go wrong in every way.
var faults = plugins.Program{Objectives: map[string]loops.Objective{
	"tell": loops.ObjectiveFunc(func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
		e.Progress(ctx, "half way")
		return rush.Values{
			"pid": os.Getpid(), "x": e.XS["x"], "c": e.Constants["c"], "draw": e.Rand().Float64(),
			"task": os.Getenv("RUSH_TASK"), "worker": os.Getenv("RUSH_WORKER_ID"), "attempt": os.Getenv("RUSH_ATTEMPT"),
			"network": os.Getenv("RUSH_NETWORK"), "cookie": os.Getenv("RUSH_PLUGIN"),
		}, nil
	}),
	"error": loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
		return nil, errors.New("no such luck")
	}),
	"panic": loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
		panic("out of my mind")
	}),
	"panic elsewhere": loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
		go panic("out of my mind")
		select {}
	}),
	"exit": loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
		fmt.Fprintln(os.Stderr, "that is it")
		os.Exit(3)
		return nil, nil
	}),
	"exit content": loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
		os.Exit(0)
		return nil, nil
	}),
	"kill": loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
		return nil, syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}),
	"segfault": loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
		if err := syscall.Kill(os.Getpid(), syscall.SIGSEGV); err != nil {
			return nil, err
		}
		select {} // the signal ends the process
	}),
	"hang": loops.ObjectiveFunc(hang),
	"meet": loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		go os.WriteFile(e.XS["write"].(string), []byte("here"), 0)
		_, err := os.ReadFile(e.XS["read"].(string))
		return rush.Values{"pid": os.Getpid()}, err
	}),
	"allocate": loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		b := make([]byte, e.XS["bytes"].(int64))
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		runtime.KeepAlive(b)
		return rush.Values{"y": int64(len(b))}, nil
	}),
	"talk": loops.ObjectiveFunc(func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
		for i := range e.XS["lines"].(int64) {
			time.Sleep(50 * time.Millisecond)
			if i%2 == 0 {
				fmt.Println("line", i)
			} else {
				e.Progress(ctx, i)
			}
		}
		if e.XS["hang"] == true {
			return hang(ctx, e)
		}
		return rush.Values{"y": int64(1)}, nil
	}),
	"train": loops.ObjectiveFunc(train),
	"sleep": loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
		time.Sleep(10 * time.Millisecond)
		return rush.Values{"y": 1.0}, nil
	}),
}}

// hang starts a child that holds the pipe in the file "watch", says that it is
// there, and does not return, whatever its ctx says.
func hang(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	if path, ok := e.XS["watch"].(string); ok {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		cmd := exec.Command("sh", "-c", "trap '' TERM; echo hangs >&3; while :; do sleep 1000; done")
		cmd.ExtraFiles = []*os.File{f}
		if err := cmd.Start(); err != nil {
			return nil, err
		}
	}
	select {}
}

// isolate makes an isolator of the program faults.
func isolate(t *testing.T, tasks int, output func(stream, line string)) *plugins.Isolator {
	t.Helper()
	self, err := plugins.Self()
	if err != nil {
		t.Fatal(err)
	}
	i := plugins.NewIsolator(plugins.IsolatorSpec{Spec: plugins.Spec{Command: self, Env: map[string]string{faulty: "1"}}, Tasks: tasks, Output: output})
	t.Cleanup(i.Close)
	return i
}

func point(xs rush.Values) *loops.Evaluation {
	return &loops.Evaluation{
		XS: xs, Constants: rush.Values{"c": "constant"}, Network: "net", Worker: "w1", Task: 7, Attempt: 2,
		Stream: seeds.New(42).Task(7).Objective(), Log: slog.New(slog.DiscardHandler),
	}
}

// tell returns what the objective tell says.
func tell(t *testing.T, i *plugins.Isolator) rush.Values {
	t.Helper()
	out, err := i.Evaluate(t.Context(), "tell", point(rush.Values{"x": 1.5}))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnIsolatedTaskIsToldEverything(t *testing.T) {
	t.Parallel()
	e := point(rush.Values{"x": 1.5})
	var told any
	e.Progressed = func(_ context.Context, value any) error { told = value; return nil }
	out, err := isolate(t, 0, nil).Evaluate(t.Context(), "tell", e)
	if err != nil {
		t.Fatal(err)
	}
	want := rush.Values{
		"x": 1.5, "c": "constant", "draw": e.Rand().Float64(), "task": "7", "worker": "w1", "attempt": "2", "network": "net",
		"cookie": "",
	}
	for name, v := range want {
		if out[name] != v {
			t.Errorf("%s: got %v, want %v", name, out[name], v)
		}
	}
	if out["pid"] == int64(os.Getpid()) {
		t.Error("it was evaluated in this process")
	}
	if told != "half way" {
		t.Errorf("the progress: got %v", told)
	}
}

func TestAProcessIsKeptWhileItIsSound(t *testing.T) {
	t.Parallel()
	i := isolate(t, 3, nil)
	first := tell(t, i)["pid"]
	if _, err := i.Evaluate(t.Context(), "error", point(nil)); err == nil || err.Error() != "error: no such luck" {
		t.Errorf("got error %v", err)
	}
	if next := tell(t, i)["pid"]; next != first {
		t.Errorf("the third task is in process %v, want %v", next, first)
	}
	if next := tell(t, i)["pid"]; next == first {
		t.Error("the fourth task is in the same process, which is for three")
	}
}

func TestACrashIsAFailureWithTheLastWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, message, stderr, signal string }{
		{"panic", "out of my mind", "panic: out of my mind", ""},
		{"panic elsewhere", "exit code 2: panic: out of my mind", "panic: out of my mind", ""},
		{"exit", "exit code 3", "that is it", ""},
		{"exit content", "without an answer: exit code 0", "", ""},
		{"kill", "signal killed", "", "killed"},
		{"segfault", "exit code 2: SIGSEGV: segmentation violation", "rip ", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			i := isolate(t, 0, nil)
			first := tell(t, i)["pid"]
			_, err := i.Evaluate(t.Context(), tc.name, point(nil))
			c, ok := errors.AsType[*rush.Condition](err)
			if !ok {
				t.Fatalf("got error %v", err)
			}
			if c.Class != rush.ClassCrashed || !strings.Contains(c.Message, tc.message) || !strings.Contains(c.Stderr, tc.stderr) || c.Signal != tc.signal {
				t.Errorf("got class %s, signal %q, message %q, stderr:\n%s", c.Class, c.Signal, c.Message, c.Stderr)
			}
			if next := tell(t, i)["pid"]; next == first {
				t.Error("the next task is in the process that crashed")
			}
		})
	}
}

// A process that dies while nobody needs it costs nothing but the start of
// another one.
func TestADeathInIdlenessIsNobodysFailure(t *testing.T) {
	t.Parallel()
	i := isolate(t, 0, nil)
	first := tell(t, i)["pid"].(int64)
	if err := syscall.Kill(int(first), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); syscall.Kill(int(first), 0) == nil; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the process is still there")
		}
	}
	if next := tell(t, i)["pid"]; next == first {
		t.Error("a dead process answered")
	}
}

// Each waits until the other is there.
func TestTasksAtOnceHaveAProcessEach(t *testing.T) {
	t.Parallel()
	i := isolate(t, 0, nil)
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	for _, path := range []string{a, b} {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var pids [2]any
	var both sync.WaitGroup
	for k, xs := range []rush.Values{{"write": a, "read": b}, {"read": a, "write": b}} {
		both.Go(func() {
			out, err := i.Evaluate(ctx, "meet", point(xs))
			if err != nil {
				t.Error(err)
			}
			pids[k] = out["pid"]
		})
	}
	both.Wait()
	if pids[0] == pids[1] {
		t.Errorf("they are in the processes %v", pids)
	}
}

func TestAfterCloseNothingIsLeft(t *testing.T) {
	t.Parallel()
	i := isolate(t, 0, nil)
	pid := int(tell(t, i)["pid"].(int64))
	i.Close()
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is still there: %v", pid, err)
	}
	if _, err := i.Evaluate(t.Context(), "tell", point(nil)); err == nil {
		t.Error("a closed isolator started a process")
	}
}

func TestAnUnknownObjectiveIsNamed(t *testing.T) {
	t.Parallel()
	i := isolate(t, 0, nil)
	for name, want := range map[string]string{"fail": `no objective named "fail"; it has allocate`, "": "several objectives"} {
		if _, err := i.Evaluate(t.Context(), name, point(nil)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q in it", name, err, want)
		}
	}
}

// A task of 10 ms, in this process and in another one.
func BenchmarkTenMilliseconds(b *testing.B) {
	self, err := plugins.Self()
	if err != nil {
		b.Fatal(err)
	}
	i := plugins.NewIsolator(plugins.IsolatorSpec{Spec: plugins.Spec{Command: self, Env: map[string]string{faulty: "1"}}})
	defer i.Close()
	fresh := plugins.NewIsolator(plugins.IsolatorSpec{Spec: plugins.Spec{Command: self, Env: map[string]string{faulty: "1"}}, Tasks: 1})
	defer fresh.Close()
	for name, evaluate := range map[string]func(*loops.Evaluation) (rush.Values, error){
		"here": func(e *loops.Evaluation) (rush.Values, error) {
			return faults.Objectives["sleep"].Evaluate(b.Context(), e)
		},
		"warm":  func(e *loops.Evaluation) (rush.Values, error) { return i.Evaluate(b.Context(), "sleep", e) },
		"fresh": func(e *loops.Evaluation) (rush.Values, error) { return fresh.Evaluate(b.Context(), "sleep", e) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := evaluate(point(nil)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
