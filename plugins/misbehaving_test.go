//go:build unix

package plugins_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
)

// misbehavior, set in the environment, makes the test binary a program that does
// what it says, in startings, before it serves well-meant objectives; watched is the
// named pipe that it holds with all that it starts.
const (
	misbehavior = "RUSH_PLUGINS_TEST_MISBEHAVIOR"
	watched     = "RUSH_PLUGINS_TEST_WATCHED"
)

// long is longer than what a pipe and a scanner's buffer take.
const long = 10 << 20

// startings are what programs do instead of becoming a plugin, or before.
var startings = map[string]func(){
	"nothing":         func() {},
	"exit":            func() { fmt.Fprintln(os.Stderr, "no license"); os.Exit(3) },
	"exit content":    func() { os.Exit(0) },
	"garbage":         func() { fmt.Print(strings.Repeat("x|y|z\n", 1000)); os.Exit(0) },
	"kill":            func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} },
	"hang":            sleep,
	"garbage, hang":   func() { fmt.Print(strings.Repeat("x", long)); sleep() },
	"close stdout":    func() { _ = os.Stdout.Close(); sleep() },
	"close both":      func() { _ = os.Stdout.Close(); _ = os.Stderr.Close(); os.Exit(4) },
	"older":           func() { fmt.Println("1|0|unix|/nowhere|grpc"); sleep() },
	"newer":           func() { fmt.Println("1|2|unix|/nowhere|grpc"); sleep() },
	"other handshake": func() { fmt.Println("2|1|unix|/nowhere|grpc"); sleep() },
	"net/rpc":         func() { fmt.Println("1|1|unix|/nowhere"); sleep() },
	"no socket":       func() { fmt.Println("1|1|unix|/nowhere|grpc"); sleep() },
	"long greeting":   func() { fmt.Println("1|1|unix|" + strings.Repeat("/", long) + "|grpc"); os.Exit(5) },
	"deaf": func() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		fmt.Printf("1|1|tcp|%v|grpc\n", l.Addr())
		if err == nil {
			sleep()
		}
	},
	"by hand":      func() { plugins.Serve(faults); fmt.Fprintln(os.Stderr, "let rush start me"); os.Exit(1) },
	"fork, exit":   func() { fork(&syscall.SysProcAttr{}); os.Exit(6) },
	"group, exit":  func() { fork(&syscall.SysProcAttr{Setpgid: true}); os.Exit(6) },
	"setsid, exit": func() { fork(&syscall.SysProcAttr{Setsid: true}); os.Exit(6) },
	"fork, hang":   func() { fork(&syscall.SysProcAttr{}); sleep() },
	"setsid, hang": func() { fork(&syscall.SysProcAttr{Setsid: true}); sleep() },
	"print":        func() { fmt.Println("loading"); fmt.Fprintln(os.Stderr, "a warning"); fmt.Print("50%") },
	"long lines":   func() { printLong("before ") },
	"fill stderr":  func() { fmt.Fprint(os.Stderr, strings.Repeat("a warning\n", 1<<17)) },
	"no TLS":       func() { _ = os.Unsetenv("PLUGIN_CLIENT_CERT") },
}

// misbehave is the main of such a program.
func misbehave(how string) {
	hold := holdWatched()
	if start := startings[how]; start != nil {
		start()
	}
	plugins.Serve(noisy)
	runtime.KeepAlive(hold)
}

// holdWatched opens the named pipe that the test watches.
func holdWatched() *os.File {
	f, err := os.OpenFile(os.Getenv(watched), os.O_WRONLY, 0)
	if err != nil {
		return nil
	}
	return f
}

// sleep is for ever, in the eyes of a test.
func sleep() { time.Sleep(time.Hour) }

// fork starts a child that holds all that this process has open.
func fork(attr *syscall.SysProcAttr) {
	cmd := exec.Command("sh", "-c", "trap '' TERM HUP; while :; do sleep 1000; done")
	cmd.SysProcAttr = attr
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if f := holdWatched(); f != nil {
		cmd.ExtraFiles = []*os.File{f}
	}
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func printLong(what string) {
	fmt.Println(what + strings.Repeat("o", long))
	fmt.Fprintln(os.Stderr, what+strings.Repeat("e", long))
}

// doing makes an objective that does something beside its work.
func doing(something func()) loops.Objective {
	return loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		something()
		return rush.Values{"y": e.XS["x"], "pid": os.Getpid()}, nil
	})
}

// noisy is a program whose objectives do their work, and more.
var noisy = plugins.Program{Objectives: map[string]loops.Objective{
	"nothing":      doing(func() {}),
	"print":        doing(func() { fmt.Println("out"); fmt.Fprintln(os.Stderr, "err"); fmt.Print("no end of line") }),
	"long lines":   doing(func() { printLong("") }),
	"fill stderr":  doing(func() { fmt.Fprint(os.Stderr, strings.Repeat("a warning\n", 1<<17)) }),
	"close stdin":  doing(func() { _ = syscall.Close(0) }),
	"close stdout": doing(func() { _ = syscall.Close(1) }),
	"close stderr": doing(func() { _ = syscall.Close(2) }),
	"greet":        doing(func() { fmt.Println("1|1|unix|/nowhere|grpc") }),
	"fork":         doing(func() { fork(&syscall.SysProcAttr{}) }),
	"group":        doing(func() { fork(&syscall.SysProcAttr{Setpgid: true}) }),
	"setsid":       doing(func() { fork(&syscall.SysProcAttr{Setsid: true}) }),
	"group, exit":  doing(func() { fork(&syscall.SysProcAttr{Setpgid: true}); os.Exit(7) }),
	"setsid, exit": doing(func() { fork(&syscall.SysProcAttr{Setsid: true}); os.Exit(7) }),
	"setsid, hang": doing(func() { fork(&syscall.SysProcAttr{Setsid: true}); sleep() }),
	"fork, wait":   doing(func() { fork(&syscall.SysProcAttr{}); fmt.Println("up"); sleep() }),
	"setsid, wait": doing(func() { fork(&syscall.SysProcAttr{Setsid: true}); fmt.Println("up"); sleep() }),
}}

// escapes reports whether what the name says leaves a process that only Linux can
// find.
func escapes(name string) bool {
	return runtime.GOOS != "linux" && (strings.HasPrefix(name, "group") || strings.HasPrefix(name, "setsid"))
}

// misbehaving is the program, and a function that waits until nothing of it is left.
func misbehaving(t *testing.T, how string) (plugins.Spec, func()) {
	t.Helper()
	path, _, gone := watch(t)
	spec := self(t, faulty)
	spec.Env = map[string]string{misbehavior: how, watched: path}
	return spec, gone
}

// What is no plugin is told, with what it printed and what to do; nothing hangs
// and nothing stays.
func TestAProgramThatIsNoPlugin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		how  string
		env  map[string]string
		want []string
	}{
		{how: "exit", want: []string{"it ended before it was a plugin: exit code 3", "plugins.Serve", "on its stderr:\nno license"}},
		{how: "exit content", want: []string{"exit code 0; expected one that says on its stdout that it is a plugin"}},
		{how: "garbage", want: []string{"exit code 0", "it printed:\n", "x|y|z"}},
		{how: "kill", want: []string{"somebody killed it"}},
		{how: "hang", want: []string{"it was no plugin within 3s, and was stopped"}},
		{how: "garbage, hang", want: []string{"it was no plugin within 3s, and was stopped"}},
		{how: "close stdout", want: []string{"it closed its stdout"}},
		{how: "close both", want: []string{"exit code 4"}},
		{how: "older", want: []string{"it speaks version 0", "this program version 1: build it anew"}},
		{how: "newer", want: []string{"it speaks version 2", "this program version 1", "built with a newer rush"}},
		{how: "other handshake", want: []string{"version 2 of go-plugin's handshake, expected 1"}},
		{how: "net/rpc", want: []string{"it says that it speaks netrpc; expected grpc"}},
		{how: "no socket", want: []string{"does not answer as one", "/nowhere"}},
		{how: "long greeting", want: []string{"exit code 5"}},
		{how: "deaf", want: []string{"does not answer as one"}},
		{how: "by hand", env: map[string]string{"RUSH_PLUGIN": ""}, want: []string{"exit code 1", "let rush start me"}},
		{how: "by hand", env: map[string]string{"RUSH_PLUGIN": "elsewhere"}, want: []string{"this program is a plugin of rush, but", `found "elsewhere"`, "unset the variable"}},
		{how: "fork, exit", want: []string{"exit code 6"}},
		{how: "group, exit", want: []string{"exit code 6"}},
		{how: "setsid, exit", want: []string{"exit code 6"}},
		{how: "fork, hang", want: []string{"it was no plugin within 3s"}},
		{how: "setsid, hang", want: []string{"it was no plugin within 3s"}},
	} {
		if escapes(tc.how) {
			continue
		}
		t.Run(tc.how, func(t *testing.T) {
			t.Parallel()
			spec, gone := misbehaving(t, tc.how)
			for name, value := range tc.env {
				spec.Env[name] = value
			}
			if strings.HasSuffix(tc.how, "hang") || tc.how == "deaf" {
				spec.StartTimeout = 3 * time.Second
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, err := plugins.Describe(ctx, spec)
			for _, want := range tc.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("found %.1000v\nexpected %s", err, want)
				}
			}
			gone()
		})
	}
}

// Nobody has to wait for a program that hangs.
func TestAStartThatIsGivenUpLeavesNothing(t *testing.T) {
	t.Parallel()
	spec, gone := misbehaving(t, "fork, hang")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := plugins.Describe(ctx, spec); err == nil || !strings.Contains(err.Error(), context.DeadlineExceeded.Error()) {
		t.Errorf("found %v", err)
	}
	gone()
}
