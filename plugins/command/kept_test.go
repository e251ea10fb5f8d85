//go:build unix

package command_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/command"
)

// answerLines is a program that is kept: y is x.
func answerLines() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<30)
	for in.Scan() {
		var req struct {
			Task int64
			XS   map[string]any
		}
		if err := json.Unmarshal(in.Bytes(), &req); err != nil {
			panic(err)
		}
		out, err := json.Marshal(map[string]any{"task": req.Task, "ys": map[string]any{"y": req.XS["x"]}})
		if err != nil {
			panic(err)
		}
		os.Stdout.Write(append(out, '\n'))
	}
}

// kept is a shell that is kept.
func kept(script string) command.Spec {
	spec := sh(script)
	spec.Keep = true
	return spec
}

// loop is a script that does the same for each line, in $line.
func loop(body string) string { return "while IFS= read -r line; do " + body + "\ndone" }

// newKept makes an objective that is closed after the test.
func newKept(t *testing.T, spec command.Spec) *command.Objective {
	t.Helper()
	o := newIn(t, t.TempDir(), spec, nil)
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// score evaluates x with a limit of time.
func score(t *testing.T, o *command.Objective, e *loops.Evaluation) (rush.Values, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return o.Evaluate(ctx, e)
}

// pidOf has a script tell its process, in the output pid.
const tellPID = `echo "{\"ys\":{\"y\":1,\"pid\":$$}}"`

func pidOf(t *testing.T, o *command.Objective) any {
	t.Helper()
	ys, err := score(t, o, task(nil))
	if err != nil {
		t.Fatal(err)
	}
	return ys["pid"]
}

func TestAKeptProcessIsGivenTheTask(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(`printf '%s' "{\"ys\":{\"y\":1,\"got\":$line,\"version\":\"$RUSH_JSON_LINES\",\"base\":\"$RUSH_BASE\"}}"; echo`)))
	e := task(rush.Values{"x": 0.5, "n": int64(3), "s": "a \"b\"\n", "inf": math.Inf(-1), "nothing": nil})
	e.Constants = rush.Values{"c": []any{true, 1.0}}
	e.Options.Timeout = 1500 * time.Millisecond
	ys, err := score(t, o, e)
	if err != nil {
		t.Fatal(err)
	}
	stream := []any{}
	for _, n := range e.Stream {
		stream = append(stream, int64(n))
	}
	want := map[string]any{
		"task": int64(7), "attempt": int64(2), "network": "net", "worker": "w1", "timeout": 1.5,
		"xs":        map[string]any{"x": 0.5, "n": int64(3), "s": "a \"b\"\n", "inf": "-Infinity", "nothing": nil},
		"constants": map[string]any{"c": []any{true, 1.0}},
		"seed":      int64(e.Stream.Int31()), "rng_stream": stream,
	}
	if diff := cmp.Diff(want, ys["got"]); diff != "" {
		t.Errorf("the program was given something else (-want +got):\n%s", diff)
	}
	if ys["version"] != "1" || ys["base"] == "" {
		t.Errorf("its environment has version %q and base %q", ys["version"], ys["base"])
	}
}

func TestAProcessIsKept(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(tellPID)))
	if first, second := pidOf(t, o), pidOf(t, o); first != second {
		t.Errorf("two processes, %v and %v, evaluated one task after the other", first, second)
	}
}

// Each of several tasks at once has a process of its own.
func TestTasksAtOnceHaveAProcessEach(t *testing.T) {
	t.Parallel()
	fifo := t.TempDir() + "/both"
	// The first process writes what the second reads: one alone could not answer.
	o := newKept(t, kept(`mkfifo '`+fifo+`' 2>/dev/null
`+loop(`case $line in *'"x":1'*) echo there >'`+fifo+`';; *) read -r _ <'`+fifo+`';; esac; `+tellPID)))
	var both sync.WaitGroup
	for x := range int64(2) {
		both.Go(func() {
			if _, err := score(t, o, task(rush.Values{"x": x})); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
}

func TestMessagesOfAKeptProcess(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(`cat <<'.'
starting
{"progress":{"epoch":1}}
{"log":"half way","level":"warn","loss":0.25}
{"log":"unknown level","level":"loud"}
{"unknown":1}
{"ys":{"y":1.5,"extra":NaN}}
.
echo told >&2`)))
	var printed []string
	var progress []any
	var log bytes.Buffer
	e := task(nil)
	var mu sync.Mutex
	e.Output = func(stream, line string) {
		mu.Lock()
		defer mu.Unlock()
		if stream == "stdout" {
			printed = append(printed, line)
		}
	}
	e.Progressed = func(_ context.Context, v any) error { progress = append(progress, v); return nil }
	e.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	ys, err := score(t, o, e)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rush.Values{"y": 1.5, "extra": math.NaN()}, ys, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff([]string{"starting", `{"unknown":1}`}, printed); diff != "" {
		t.Errorf("prints (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{map[string]any{"epoch": int64(1)}}, progress); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	lines, hints := strings.SplitAfter(log.String(), "\n"), 0
	lines = slices.DeleteFunc(lines, func(line string) bool {
		hint := strings.Contains(line, `printed="{\"unknown\":1}"`) && strings.HasPrefix(line, "level=WARN")
		if hint {
			hints++
		}
		return hint
	})
	want := "level=WARN msg=\"half way\" loss=0.25\nlevel=INFO msg=\"unknown level\" level=loud\n"
	if diff := cmp.Diff(want, strings.Join(lines, "")); diff != "" || hints != 1 {
		t.Errorf("log (-want +got), with %d hints at an object that is no message, expected 1:\n%s", hints, diff)
	}
}

// steps takes reports, and stops at the second.
type steps struct{ got []string }

func (s *steps) Report(_ context.Context, step int64, ys rush.Values) (bool, error) {
	s.got = append(s.got, fmt.Sprint(step, ys))
	return len(s.got) == 2, nil
}

func (s *steps) ShouldStop(context.Context) (bool, error) { return len(s.got) >= 2, nil }

func TestAKeptProcessReportsAndIsToldToStop(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(`step=0; stop='{"stop":false}'
while [ "$stop" = '{"stop":false}' ]; do
	step=$((step+1))
	echo "{\"report\":{\"step\":$step,\"ys\":{\"y\":0.5}}}"
	IFS= read -r stop
done
echo '{"ys":null}'`)))
	e, s := task(nil), new(steps)
	e.Reporter = s
	ys, err := score(t, o, e)
	if err != nil || ys != nil {
		t.Errorf("found %v and the error %v, expected no outputs: what was reported last stands for them", ys, err)
	}
	if diff := cmp.Diff([]string{"1 map[y:0.5]", "2 map[y:0.5]"}, s.got); diff != "" {
		t.Error(diff)
	}
}

func TestAKeptProcessTellsAFailureAndGoesOn(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(`case $line in
*'"x":1'*) echo '{"error":"x is 1","class":"timeout","trace":"line 3"}';;
*'"x":2'*) echo '{"error":"x is 2","class":"odd"}';;
*'"x":3'*) echo '{"ys":[1]}';;
*'"x":4'*) echo '{"error":null,"ys":4}';;
*) `+tellPID+`;; esac`)))
	pid := pidOf(t, o)
	for x, want := range map[int64]rush.Condition{
		1: {Class: rush.ClassTimeout, Message: "x is 1", Trace: "line 3"},
		2: {Class: rush.ClassError, Message: "x is 2 (the program said that its class is odd; expected one of [error timeout crashed])"},
		3: {Class: rush.ClassError, Message: "the answer is none: expected ys to be a JSON object or a number, found [1]"},
	} {
		_, err := score(t, o, task(rush.Values{"x": x}))
		if diff := cmp.Diff(want, *conditionOf(t, err)); diff != "" {
			t.Errorf("x = %d (-want +got):\n%s", x, diff)
		}
	}
	if ys, err := score(t, o, task(rush.Values{"x": int64(4)})); err != nil || ys["y"] != int64(4) {
		t.Errorf("found %v and the error %v, expected y 4", ys, err)
	}
	if after := pidOf(t, o); after != pid {
		t.Error("another process took over after failures that the program told itself")
	}
}

// Whatever a process does wrong costs one task: the next one has a fresh process.
func TestAKeptProcessThatGoesWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, does string
		want       rush.Condition
		part       bool // of the message only
	}{
		{name: "exits", does: `echo "no license" >&2; exit 3`,
			want: rush.Condition{Class: rush.ClassCrashed, Message: "the process ended without an answer: exit code 3: no license", ExitCode: new(3), Stderr: "no license"}},
		{name: "ends as if it were for one task", does: `echo '{"y":1}'; exit 0`, part: true,
			want: rush.Condition{Class: rush.ClassCrashed, Message: "with keep it has to answer every line that it reads", ExitCode: new(0)}},
		{name: "is killed", does: `kill -9 $$`, part: true,
			want: rush.Condition{Class: rush.ClassCrashed, Message: "a signal ended it, killed", Signal: "killed"}},
		{name: "closes stdout", does: `exec >&-; sleep 1000`, part: true,
			want: rush.Condition{Class: rush.ClassCrashed, Message: "closed its stdout without an answer, and was stopped", Signal: "killed"}},
		{name: "answers another task", does: `echo '{"task":6,"ys":{"y":1}}'`,
			want: rush.Condition{Class: rush.ClassError, Message: "the program answered task 6 when it was asked for task 7; its process was stopped"}},
		{name: "answers another attempt", does: `echo '{"attempt":1,"ys":{"y":1}}'`, part: true,
			want: rush.Condition{Class: rush.ClassError, Message: "answered attempt 1 when it was asked for attempt 2"}},
		{name: "answers what is no JSON", does: `echo "{'ys': {'y': 1}}"`, part: true,
			want: rush.Condition{Class: rush.ClassError, Message: "JSON has double quotes"}},
		{name: "reports nonsense", does: `echo '{"report":{"step":"one"}}'`, part: true,
			want: rush.Condition{Class: rush.ClassError, Message: "the program's report is none"}},
		{name: "forks what holds stdout", does: `sleep 1000 & exit 4`, part: true,
			want: rush.Condition{Class: rush.ClassCrashed, Message: "exit code 4", ExitCode: new(4)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			once := t.TempDir() + "/once"
			o := newKept(t, kept(loop(`if mkdir '`+once+`' 2>/dev/null; then `+tc.does+"\nelse "+tellPID+"\nfi")))
			_, err := score(t, o, task(nil))
			got := *conditionOf(t, err)
			if tc.part && strings.Contains(got.Message, tc.want.Message) {
				got.Message = tc.want.Message
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if pidOf(t, o) == nil {
				t.Error("no fresh process took over")
			}
		})
	}
}

// A second answer is never taken for that of the next task.
func TestASecondAnswerIsNotTheNextTasks(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(`case $line in *'"x":1'*) printf '{"ys":{"y":1}}\n{"ys":{"y":-1}}\n';; *) `+tellPID+`;; esac`)))
	if ys, err := score(t, o, task(rush.Values{"x": int64(1)})); err != nil || ys["y"] != int64(1) {
		t.Fatalf("found %v and the error %v, expected y 1", ys, err)
	}
	if pid := pidOf(t, o); pid == nil {
		t.Error("the second answer was taken for the next task's")
	}
}

func TestAKeptProcessIsStopped(t *testing.T) {
	t.Parallel()
	killed := &rush.Condition{Class: rush.ClassKilled, Message: "somebody did it"}
	gone := errors.New("the worker is to end")
	const short = 50 * time.Millisecond
	for _, tc := range []struct {
		name  string
		opts  rush.Options
		cause error // with which ctx ends once the program hangs
		want  error
	}{
		{"by a timeout", rush.Options{Timeout: short}, nil,
			&rush.Condition{Class: rush.ClassTimeout, Message: "it ran past its timeout of 50ms and was stopped", Signal: "terminated"}},
		{"for its silence", rush.Options{Stall: short}, nil,
			&rush.Condition{Class: rush.ClassTimeout, Message: "it printed and reported nothing for 50ms, and was stopped", Signal: "terminated"}},
		{"by a cause that is a condition", rush.Options{}, killed,
			&rush.Condition{Class: rush.ClassKilled, Message: "somebody did it", Signal: "terminated", Stderr: "hanging"}},
		{"by another cause", rush.Options{}, gone, gone},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := newKept(t, kept(loop(`case $line in *'"x":1'*) echo hanging >&2; sleep 1000;; *) `+tellPID+`;; esac`)))
			before := pidOf(t, o)
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			if tc.opts.Timeout > 0 {
				var over context.CancelFunc
				ctx, over = context.WithTimeout(ctx, tc.opts.Timeout)
				defer over()
			}
			e := task(rush.Values{"x": int64(1)})
			e.Options = tc.opts
			e.Output = func(_, line string) {
				if line == "hanging" && tc.cause != nil {
					cancel(tc.cause)
				}
			}
			_, err := o.Evaluate(ctx, e)
			if want, ok := tc.want.(*rush.Condition); ok {
				got := *conditionOf(t, err)
				if want.Stderr == "" { // the limit may be over before the program prints
					got.Stderr = ""
				}
				if diff := cmp.Diff(*want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			} else if !errors.Is(err, tc.want) {
				t.Errorf("found the error %v, expected %v", err, tc.want)
			}
			if after := pidOf(t, o); after == before {
				t.Error("the process that was stopped evaluated the next task")
			}
		})
	}
}

// Prints, progress and logs break the silence that task.stall limits.
func TestAKeptProcessThatSpeaksDoesNotStall(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(`for i in 1 2 3 4 5 6 7; do sleep 1; echo "still $i" >&2; done; `+tellPID)))
	e := task(nil)
	e.Options.Stall = 6 * time.Second
	if _, err := score(t, o, e); err != nil {
		t.Error(err)
	}
}

func TestAKeptProcessHasAMemoryLimit(t *testing.T) {
	t.Parallel()
	python := "/usr/bin/python3"
	o := newKept(t, command.Spec{Keep: true, Command: []string{python, "-uc", `
import sys, json
for line in sys.stdin:
    size = json.loads(line)["xs"]["mib"] << 20
    print(json.dumps({"ys": {"y": len(bytearray(size))}}))
`}})
	e := task(rush.Values{"mib": int64(1)})
	e.Options.Memory = 256 << 20
	if _, err := score(t, o, e); err != nil {
		t.Fatal(err)
	}
	e.XS = rush.Values{"mib": int64(1024)}
	_, err := score(t, o, e)
	c := conditionOf(t, err)
	if c.Class != rush.ClassCrashed || !strings.Contains(c.Message, "MemoryError (its memory was limited to 268435456 bytes)") {
		t.Errorf("found %v", c)
	}
}

func TestKeptLinesMayBeLong(t *testing.T) {
	t.Parallel()
	o := newKept(t, command.Spec{Keep: true, Command: []string{self(t)}, Env: map[string]string{keptProgram: "1"}})
	for _, mib := range []int{64, 100} {
		long := strings.Repeat("x", mib<<20)
		ys, err := o.Evaluate(t.Context(), task(rush.Values{"x": long})) // which takes its time
		if err != nil || ys["y"] != long {
			t.Errorf("the answer is not the %d MiB that were sent; error: %v", mib, err)
		}
	}
}

func TestAClosedObjectiveStartsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := newKept(t, kept(loop(tellPID)+"; echo bye >'"+dir+"/bye'"))
	pidOf(t, o)
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir+"/bye"); got != "bye\n" {
		t.Errorf("the program did not end by itself when its stdin was closed: %q", got)
	}
	if _, err := score(t, o, task(nil)); err == nil || !strings.Contains(err.Error(), "the objective was closed") {
		t.Errorf("found the error %v", err)
	}
}

func TestWhatKeepDoesNotGoWith(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*command.Spec)
		want   string
	}{
		{"dir", func(s *command.Spec) { s.Dir = &command.Dir{Path: "{{rush.task}}"} }, "command: dir: a process that is kept has no directory of its own for each task; remove it, or keep"},
		{"template", func(s *command.Spec) { s.Template = command.Templates{{In: "in", Out: "out"}} }, "command: template: "},
		{"answer", func(s *command.Spec) { s.Answer = &command.Answer{File: "out.json"} }, "command: answer: a process that is kept answers in JSON lines; remove it, or keep"},
		{"a placeholder", func(s *command.Spec) { s.Command = append(s.Command, "{{x1}}") }, `command: argument 3, "{{x1}}": {{x1}} is not known when a process that is kept is started`},
		{"a placeholder in env", func(s *command.Spec) { s.Env = map[string]string{"A": "{{rush.task}}"} }, `command: env: A: {{rush.task}} is not known`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, "in", "", 0o600)
			spec := kept("cat")
			tc.change(&spec)
			if _, err := command.New(spec, dir, minimizeY, nil); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("found the error %v, expected %s...", err, tc.want)
			}
		})
	}
}

func self(tb testing.TB) string {
	tb.Helper()
	path, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// What a call costs that a kept process evaluates, beside one in this process.
func BenchmarkKept(b *testing.B) {
	inProcess := loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		return rush.Values{"y": e.XS["x"]}, nil
	})
	o, err := command.New(command.Spec{Keep: true, Command: []string{self(b)}, Env: map[string]string{keptProgram: "1"}}, b.TempDir(), minimizeY, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer o.Close()
	for _, one := range []struct {
		name      string
		objective loops.Objective
	}{{"in process", inProcess}, {"json lines", o}} {
		b.Run(one.name, func(b *testing.B) {
			for i := range b.N {
				ys, err := one.objective.Evaluate(b.Context(), task(rush.Values{"x": float64(i) + 0.5}))
				if err != nil || ys["y"] != float64(i)+0.5 {
					b.Fatal(fmt.Errorf("found %v and the error %v", ys, err))
				}
			}
		})
	}
}
