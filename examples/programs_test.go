package examples_test

import (
	"regexp"
	"strings"
	"testing"
)

// expect runs one of the programs and expects parts of what it prints, in order.
func expect(t *testing.T, program string, parts ...string) {
	t.Helper()
	u := newUser(t)
	out := u.run(program)
	rest := out
	for _, part := range parts {
		at := regexp.MustCompile(part).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("%s does not print %q (after what was expected before it):\n%s", program, part, out)
		}
		rest = rest[at[1]:]
	}
	u.run("rush", "doctor")
}

func TestRandomSearchAsALoop(t *testing.T) {
	expect(t, "random",
		`number +x1 +x2 +y +worker_id\n`,
		`and 95 more rows\n`,
		`the best of 100: y = [0-4]\.\d{4}\n$`, // 100 random points come that close but for 1 seed in 10,000
	)
}

func TestMedianStoppingSavesEpochs(t *testing.T) {
	u := newUser(t)
	out := u.run("median")
	found := regexp.MustCompile(`^60 trainings, (\d+) of them stopped early, which saved (\d+) of 1200 epochs\nthe best: loss 10\^(\S+) with .* after 20 epochs\n$`).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("got\n%s", out)
	}
	// Those that are not better than half of the others are stopped; the first ones,
	// and the best, are not.
	if stopped, saved := number(t, found[1]), number(t, found[2]); stopped < 10 || stopped > 55 || saved < stopped {
		t.Errorf("%g were stopped, which saved %g epochs; expected 10 to 55", stopped, saved)
	}
	if best := number(t, found[3]); best > -1 {
		t.Errorf("the best loss is 10^%g, expected one below 0.1", best)
	}
	u.run("rush", "doctor")
}

func TestBayesianOptimizationImprovesOnItsDesign(t *testing.T) {
	u := newUser(t)
	out := u.run("bayes")
	found := regexp.MustCompile(`^the best of the 16 of the design: y = (\S+)\nthe best of all 50: y = (\S+) at `).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("got\n%s", out)
	}
	if design, all := number(t, found[1]), number(t, found[2]); design != 1.7591 || all > 1 {
		t.Errorf("the best of the design is %g, of all %g; expected 1.7591, and one below 1", design, all)
	}
	u.run("rush", "doctor")
}

func TestEveryErrorIsAConditionOfItsTask(t *testing.T) {
	expect(t, "errors",
		`^all tasks finished: false\n`,
		`0 +nothing +finished +1 +- +-\n`,
		`1 +an error +failed +- +error +error: the matrix is singular\n`,
		`2 +a panic +failed +- +error +error: the objective panicked: `,
		`3 +too slow +failed +- +timeout +timeout: the objective ran longer than 500ms\n`,
		`4 +a condition +failed +- +crashed +crashed: the simulator gave up\n`,
		`5 +the process dies +failed +- +lost +lost: .*exit code 7\n`,
		`6 +nothing +finished +1 +- +-\n`,
		`task 4: exit code 3: the simulator gave up\n`,
		`a worker was lost: .*exit code 7\n$`,
	)
}

func TestDependentTasksWaitAndBecomeImpossible(t *testing.T) {
	expect(t, "dependencies",
		`^2 tasks wait for others\nboth totals finished: false\n`,
		`3 +- +failed +- +error: the part is empty\n`,
		`4 +\[0,1,2\] +finished +45150 +-\n`, // 1 + 2 + ... + 300
		`5 +\[0,3\] +failed +- +impossible: depends on task 3, which failed\n$`,
	)
}

func TestRetriesKeepEveryAttempt(t *testing.T) {
	out := newUser(t).run("retries")
	want := `task 0 is finished at attempt 1
task 1 is finished at attempt 3
  attempt 1: crashed: no license at attempt 1
  attempt 2: crashed: no license at attempt 2
task 2 is failed at attempt 3
  attempt 1: crashed: no license at attempt 1
  attempt 2: crashed: no license at attempt 2
  attempt 3: crashed: no license at attempt 3
task 3 is failed at attempt 1
  attempt 1: error: the input makes no sense
refused: true
task 2 is finished at attempt 4
  attempt 1: crashed: no license at attempt 1
  attempt 2: crashed: no license at attempt 2
  attempt 3: crashed: no license at attempt 3
task 3 is finished at attempt 2
  attempt 1: error: the input makes no sense
`
	if out != want {
		t.Errorf("got\n%sexpected\n%s", out, want)
	}
}

func TestALoopOfOnesOwnEndsTheRunWhenItIsGoodEnough(t *testing.T) {
	u := newUser(t)
	out := u.run("ownloop")
	if !strings.HasPrefix(out, "done: task ") || !strings.Contains(out, " is good enough\n") || !strings.Contains(out, "* Running Workers: 0\n") {
		t.Errorf("got\n%s", out)
	}
	u.run("rush", "doctor")
}

func TestMessagesAreAnsweredAsInTheVignette(t *testing.T) {
	out := newUser(t).run("messages")
	want := `PING was sent to [tiger]
tiger responded PONG
log: tiger registered
log: tiger message PING
has responded: true, to the messages [1]
missing: true
PING: PONG
meanwhile the task is running
log: tiger message PING
ECHO: OK
INFO: the worker tiger has the state running
EVAL: 2
EVAL of what is not offered: worker tiger: the worker offers no action "rm"; it has add
PAUSE: OK
the worker is paused, the task queued
RESUME: OK
the task finished: true
TIMEOUT_GET: map[remaining:<nil> timeout_idle:<nil>]
TIMEOUT_SET: OK
TIMEOUT_GET: idle for 600 seconds, some are left: true
log: tiger message TIMEOUT_GET
log: tiger message TIMEOUT_SET
log: tiger terminated
the tasks finished: true, the worker is terminated: it had nothing to do for 0s
nobody is left to be told: true
`
	if out != want {
		t.Errorf("got\n%sexpected\n%s", out, want)
	}
}
