package hosted_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/hosted"
	"github.com/rushnet/rush/rushworker"
)

func TestMain(m *testing.M) {
	if os.Getenv(guest) != "" {
		serveGuest()
	}
	os.Exit(redistest.Main(m))
}

// A bench is a worker and a loop's program beside it, which is a shell script.
type bench struct {
	t       *testing.T
	w       *rushworker.Worker
	setting plugins.Setting
	left    bool // the test has the worker leave by itself

	mu      sync.Mutex // guards what follows
	printed []string
	watch   func(line string) // called with what is printed
}

func newBench(t *testing.T, url string) *bench {
	t.Helper()
	id := rush.NetworkID(uuid.NewString())
	w, err := rushworker.Open(t.Context(), rushworker.Config{Store: url, Network: id, ID: "tester", Expiry: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, w: w, watch: func(string) {}}
	t.Cleanup(func() {
		if b.left {
			return
		}
		if err := w.Close(context.Background(), "the test is over"); err != nil {
			t.Error(err)
		}
	})
	square := loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		x := e.XS["x"].(float64)
		if x == 13 {
			return nil, errors.New("bad luck")
		}
		return rush.Values{"y": x * x, "note": "squared"}, nil
	})
	b.setting = plugins.Setting{
		Args:    rush.Values{"by": 0.5},
		Problem: &loops.Problem{Objective: square, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Constants: rush.Values{"c": int64(10)}},
		Space:   space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 20}),
		Output:  b.output,
	}
	return b
}

func (b *bench) output(_, line string) {
	b.mu.Lock()
	b.printed = append(b.printed, line)
	b.mu.Unlock()
	b.watch(line)
}

// prelude has ask, which calls a verb and prints the answer.
const prelude = `ask() { printf '%s\n' "$1"; IFS= read -r answer; printf '> %s\n' "$answer"; }
`

// run runs the script as the loop.
func (b *bench) run(script string) error {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	return b.runContext(ctx, script)
}

func (b *bench) runContext(ctx context.Context, script string) error {
	return hosted.NewCommand(plugins.Spec{Command: []string{"sh", "-c", prelude + script}, Dir: b.t.TempDir()}, b.setting).Run(ctx, b.w)
}

func (b *bench) lines() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.printed)
}

// givesUp wants the worker, whose loop has failed, to hold a task, and has it leave:
// another worker gets the task.
func (b *bench) givesUp(url string) {
	t := b.t
	t.Helper()
	if c := b.counts(); c.Running != 1 {
		t.Errorf("found %+v, expected a running task", c)
	}
	b.left = true
	other, err := rushworker.Open(t.Context(), rushworker.Config{Store: url, Network: b.w.Network(), ID: "other", Expiry: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(context.Background(), "over")
	if err := b.w.Leave(t.Context(), rush.WorkerTerminated, "the loop failed"); err != nil {
		t.Fatal(err)
	}
	task, err := other.Pop(t.Context(), time.Minute)
	if err != nil || task == nil || task.Key != 0 || task.Attempt != 2 {
		t.Errorf("found %+v, %v, expected the task's second attempt", task, err)
	}
}

func (b *bench) counts() rush.Counts {
	b.t.Helper()
	c, err := b.w.Counts(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

// Every verb is answered by one line.
func TestVerbs(t *testing.T) {
	t.Parallel()
	calls := []struct{ verb, want string }{
		{`{"verb":"hello"}`, `"args":{"by":0.5},"codomain":{"y":"minimize"},"constants":{"c":10},"network":`},
		{`{"verb":"terminated"}`, `{"terminated":false}`},
		{`{"verb":"push_running","xss":[{"x":2},{"x":13.0}],"extras":[{"from":"sh"},{}]}`, `{"keys":[0,1],"over":false,"seeds":[[10407,`},
		{`{"verb":"evaluate","key":0}`, `{"extra":{"note":"squared"},"ys":{"y":4.0}}`},
		{`{"verb":"progress","key":0,"value":0.5}`, `{}`},
		{`{"verb":"finish","keys":[0],"yss":[{"y":4,"more":[1,2]}],"extras":[{"note":"mine"}]}`, `{}`},
		{`{"verb":"evaluate","key":1,"finish":true}`, `{"condition":{"class":"error","message":"bad luck"}}`},
		{`{"verb":"counts"}`, `{"created":2,"deferred":0,"failed":1,"finished":1,"queued":0,"running":0}`},
		{`{"verb":"take"}`, `{"key":2,"rng":`},
		{`{"verb":"start","key":2,"xs":{"x":"NaN"},"extra":{"a":1}}`, `{"task":{"attempt":1,"extra":{"a":1},"key":2,`},
		{`{"verb":"fail","key":2,"condition":{"message":"no","class":"crashed","trace":"line 3"}}`, `{}`},
		{`{"verb":"pop","wait":0}`, `{"over":false,"task":null}`},
		{`{"verb":"fetch"}`, `{"rows":[{"number":0,"state":"finished","x":2.0,"y":4.0,"from":"sh","more":[1,2],"note":"mine",`},
		{`{"verb":"fetch","new":true,"wait":60}`, `{"rows":[{`},
		{`{"verb":"fetch","new":true}`, `{"rows":[]}`},
		{`{"verb":"fetch","states":["finished","failed"],"file":"all.csv"}`, `{"file":"all.csv"}`},
		{`{"verb":"log","message":"hi","level":"warn","attributes":{"a":1}}`, `{}`},
		{`{"verb":"push","xss":[{"x":3},{"x":4}],"extras":[{"from":"push"},{}],"queue":"high","timeout":60,"max_retries":1}`, `{"keys":[3,4]}`},
		{`{"verb":"push","xss":[{"x":5}],"timeout":1.5,"max_retries":1.0}`, `{"keys":[5]}`},
		{`{"verb":"pop"}`, `"key":5,"rng":`},
		{`{"verb":"report","key":5,"step":1,"ys":{"y":7}}`, `{"stop":false}`},
		{`{"verb":"report","key":5,"step":2,"ys":{"y":"NaN"}}`, `{"stop":true}`},
		{`{"verb":"finish","key":5,"ys":{"y":7}}`, `{}`},
		{`{"verb":"push_running","xss":[]}`, `{"keys":[],"over":false,"seeds":[]}`},

		{`{"verb":"finnish"}`, `there is no verb finnish; did you mean finish?`},
		{`{"verb":"finish","key":77,"ys":{"y":1}}`, `task 77 is not held by this loop`},
		{`{"verb":"finish","key":0,"ys":{"y":1}}`, `task 0 is not held by this loop`},
		{`{"verb":"finish","key":0,"ys":{"z":1}}`, `no \"y\"`},
		{`{"verb":"finish","ys":{"y":1}}`, `key: it is missing`},
		{`{"verb":"finish","keys":[0,1],"yss":[{"y":1}]}`, `expected one for each of the 2 keys, found 1`},
		{`{"verb":"fail","key":0,"condition":{"class":"lost"}}`, `class: expected error, timeout, crashed, found \"lost\"`},
		{`{"verb":"evaluate","key":"a"}`, `evaluate: key: expected an integer, found \"a\"`},
		{`{"verb":"push_running"}`, `xss: it is missing`},
		{`{"verb":"push_running","xss":[7]}`, `xss: expected an object, found 7`},
		{`{"verb":"push"}`, `xss: it is missing`},
		{`{"verb":"push","xss":[{"x":1}],"queue":7,"timeout":-1,"max_retries":-1}`, `max_retries: expected an integer from 0, found -1`},
		{`{"verb":"push","xss":[{"x":1}],"max_retrys":1}`, `max_retrys: it has no such member; did you mean max_retries?`},
		{`{"verb":"report","key":5,"step":3,"ys":{}}`, `task 5 is not held by this loop`},
		{`{"verb":"report","key":5,"step":1.5}`, `step: expected an integer, found 1.5`},
		{`{"verb":"push_running","xss":[{}],"xtras":[]}`, `xtras: it has no such member; did you mean extras?`},
		{`{"verb":"pop","wait":-1}`, `wait: expected a number of seconds from 0, found -1`},
		{`{"verb":"fetch","states":["gone"]}`, `there is no state \"gone\"`},
		{`{"verb":"fetch","file":"x.pdf"}`, `fetch: file: `},
		{`{"verb":"fetch","wait":1}`, `only new tasks can be waited for`},
		{`{"verb":"log","level":"loud"}`, `expected debug, info, warn or error, found \"loud\"`},
		{`{"verb":7}`, `found 7 for the verb`},
		{`{"verb":"hello"`, `is no message`},
	}
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		b.setting.Problem.Stopper = stopAfter(2)
		var script strings.Builder
		for _, c := range calls {
			script.WriteString("ask '" + c.verb + "'\n")
		}
		script.WriteString("echo; head -n 1 all.csv; wc -l < all.csv\n")
		if err := b.run(script.String()); err != nil {
			t.Fatal(err)
		}
		lines := b.lines()
		if len(lines) != len(calls)+3 {
			t.Fatalf("found %d lines, expected %d:\n%s", len(lines), len(calls)+3, strings.Join(lines, "\n"))
		}
		for i, c := range calls {
			if !strings.Contains(lines[i], c.want) {
				t.Errorf("%s\nfound    %s\nexpected %s", c.verb, lines[i], c.want)
			}
		}
		b.checkPushed()
		if file := lines[len(calls)+1:]; !strings.HasPrefix(file[0], "number,state,x,") || strings.TrimSpace(file[1]) != "4" {
			t.Errorf("found %q in the file, expected a header and 3 tasks", file)
		}
	})
}

// checkPushed checks what the verbs push and report of TestVerbs left.
func (b *bench) checkPushed() {
	b.t.Helper()
	tasks, err := b.w.Tasks(b.t.Context(), 3, 5)
	if err != nil {
		b.t.Fatal(err)
	}
	want := rush.Options{Queue: "high", Timeout: time.Minute, MaxRetries: 1}
	if diff := cmp.Diff(want, tasks[0].Options); diff != "" || tasks[0].State != rush.Queued || tasks[0].XSExtra["from"] != "push" {
		b.t.Errorf("the task is %+v (-want +got):\n%s", tasks[0], diff)
	}
	if t := tasks[1]; t.Timeout != 1500*time.Millisecond || len(t.Reports) != 2 || t.YSExtra["stopped_at"] != int64(2) {
		b.t.Errorf("found %+v, expected a task with two reports that stopped at the second", t)
	}
}

// What a program does wrong does no harm but to itself.
func TestPrograms(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, script, want string }{
		{"prints and ends", `echo one; printf two; echo three >&2; ask '{"verb":"terminated"}'`, ""},
		{"exits with an error", `echo no license >&2; exit 3`, "exit code 3; the last of its stderr:\nno license"},
		{"is killed", `kill -9 $$`, "signal killed"},
		{"dies in the middle of a verb", `printf '{"verb":"pop","wait":3600}\n'; sleep 0.1; exit 4`, "exit code 4"},
		{"dies in the middle of a line", `printf '{"verb":"po'; exit 5`, "exit code 5"},
		{"closes stdout", `exec >&-; sleep 600`, "it closed its stdout and went on"},
		{"closes stdin", `exec <&-; printf '{"verb":"hello"}\n'; exit 0`, ""},
		{"reads no answers", `i=0; while [ $i -lt 200 ]; do printf '{"verb":"terminated"}\n'; i=$((i+1)); done`, ""},
		{"leaves a child", `sleep 600 & exit 0`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			eachstore.Run(t, func(t *testing.T, url string) {
				b := newBench(t, url)
				b.setting.Problem.Grace = 100 * time.Millisecond
				err := b.run(tc.script)
				if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
					t.Errorf("found %v, expected %q", err, tc.want)
				}
			})
		})
	}
}

// What a program prints is passed on, also without an end of line, and is no verb.
func TestPrints(t *testing.T) {
	t.Parallel()
	b := newBench(t, filepath.Join(t.TempDir(), "rush.db"))
	if err := b.run(`echo one; printf two; ask '{"verb":"terminated"}'; echo '{"y": 1}'; echo '{"a": "verb"}'; printf three`); err != nil {
		t.Fatal(err)
	}
	want := []string{"one", "two", `> {"terminated":false}`, `{"y": 1}`, `{"a": "verb"}`, "three"}
	if got := b.lines(); !slices.Equal(got, want) {
		t.Errorf("found %q\nexpected %q", got, want)
	}
}

// A line may be of any length, in both directions.
func TestALongLine(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		err := b.run(`
printf '{"verb":"push_running","xss":[{"x":1}],"extras":[{"long":"'; head -c 10000000 /dev/zero | tr '\0' a; printf '"}]}\n'
IFS= read -r answer
printf '{"verb":"fetch","states":["running"]}\n'
head -n 1 | wc -c`)
		if err != nil {
			t.Fatal(err)
		}
		if lines := b.lines(); len(lines) != 1 || len(strings.TrimSpace(lines[0])) != 8 {
			t.Errorf("found %q, expected the length of 10 MB and a little", lines)
		}
	})
}

// A task that a program held when it died is given up when the worker leaves.
func TestAHeldTaskIsGivenBack(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		b.setting.Problem.Task = rush.Options{MaxRetries: 1}
		if err := b.run(`ask '{"verb":"push_running","xss":[{"x":1}]}'; exit 7`); err == nil {
			t.Fatal("no error")
		}
		b.givesUp(url)
	})
}

// A stop interrupts a wait, and is told.
func TestAStopReachesTheProgram(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		b.watch = func(line string) {
			if line == "ready" {
				b.w.Stop("enough")
			}
		}
		if err := b.run(`echo ready; ask '{"verb":"pop","wait":3600}'; ask '{"verb":"push_running","xss":[{"x":1}]}'`); err != nil {
			t.Fatal(err)
		}
		want := []string{"ready", `> {"over":"enough","task":null}`, `> {"keys":[],"over":"enough","seeds":[]}`}
		if got := b.lines(); !slices.Equal(got, want) {
			t.Errorf("found %q\nexpected %q", got, want)
		}
	})
}

// A program that does not heed a stop is killed with the worker, and so is what it
// started.
// awaitDeath waits until a process, which was killed, is no more.
func awaitDeath(t *testing.T, pid string) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(time.Minute)
	for {
		state, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(state), ") Z ") {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Errorf("process %s is alive: %s", pid, state)
			return
		}
	}
}

func TestAProgramThatHangsIsKilled(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		ctx, cancel := context.WithCancelCause(t.Context())
		killed := errors.New("killed")
		var pids []string
		b.watch = func(line string) {
			if rest, ok := strings.CutPrefix(line, "pids "); ok {
				pids = strings.Fields(rest)
				cancel(killed)
			}
		}
		if err := b.runContext(ctx, `trap '' TERM; sleep 600 & echo pids $$ $!; wait; sleep 600`); !errors.Is(err, killed) {
			t.Errorf("found %v, expected the cause", err)
		}
		for _, pid := range pids {
			awaitDeath(t, pid)
		}
		if len(pids) != 2 {
			t.Errorf("found %q, expected two processes", pids)
		}
	})
}
