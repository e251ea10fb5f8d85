package storetest

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rushnet/rush/internal/store"
)

// flawVariable names the flaw of the store that TestMemory and
// TestMemoryRandom test. It is set by TestSuiteFindsFlaws.
const flawVariable = "STORETEST_FLAW"

// openMemory returns an opener of a new store.
func openMemory() Opener {
	s := newMemory(flaw(os.Getenv(flawVariable)))
	return func(*testing.T) store.Store { return s }
}

// The suite passes on a store that is right.
func TestMemory(t *testing.T) { Run(t, openMemory()) }

func TestMemoryRandom(t *testing.T) {
	t.Parallel()
	RunRandom(t, openMemory())
}

func TestMemoryCompare(t *testing.T) {
	t.Parallel()
	Compare(t, openMemory(), openMemory())
}

// Each flaw is found by a direct test, and by random sequences of verbs unless
// they cannot see it.
func TestSuiteFindsFlaws(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		flaw   flaw
		group  string // with a test that finds it
		random bool   // whether random sequences find it
	}{
		{"define does not compare versions", "define", true},
		{"the last stop request counts", "run", true},
		{"a reset keeps the epoch", "reset", false},
		{"a repeated create creates again", "create", true},
		{"any attempt may tell its progress", "progress", false},
		{"a step may be reported twice", "reports", true},
		{"deleting gives the budget back", "budget", true},
		{"all fields are always read", "records", true},
		{"a repeated step is taken again", "next", true},
		{"nobody is lost", "register", true},
		{"the shared queue comes first", "queue", true},
		{"the attempt is not looked at", "late", true},
		{"the budget has room for one more", "budget", true},
		{"a signal stops nothing", "signal", true},
		{"a proposal is lost when a task is popped", "next", true},
		{"another's number is accepted", "next", false}, // random sequences seldom propose one
		{"drained is never said", "next", true},
		{"a guessed number is accepted", "depend", true},
		{"a retry is not logged", "retry", true},
		{"a retry goes to the back", "retry", true},
		{"a deleted worker's queue is forgotten", "exited", false},
		{"a beat takes the signal away", "signal", true},
		{"a terminate replaces a kill", "signal", true},
		{"claims do not go back", "claim", true},
		{"a sweep returns what others found", "lost", true},
		{"a repeated append appends again", "log", true},
		{"the log is not filtered", "log", true},
		{"nobody learns of dropped entries", "log", false},
		{"nobody is woken", "wake", false},
		{"limits can be changed", "objects", false},
		{"folders are forgotten", "folders", false},
		{"a value is stored again", "objects", true},
		{"what another tag holds is deleted", "objects", true},
		{"a tag does not keep an object", "objects", false},
		{"a message is sent again", "messages", false},
		{"the last response counts", "messages", false},
		{"nobody is told that a task was cancelled", "cancel", false},
	} {
		t.Run(string(tc.flaw), func(t *testing.T) {
			t.Parallel()
			wantFailure(t, tc.flaw, "^TestMemory$/^contract$/^"+tc.group+"$")
			if tc.random {
				wantFailure(t, tc.flaw, "^TestMemoryRandom$")
			}
		})
	}
}

// wantFailure runs tests of this program on a flawed store. Random sequences
// get some tries: one that shows a rare flaw is not in each.
func wantFailure(t *testing.T, f flaw, tests string) {
	t.Helper()
	var out string
	for seed := range 5 {
		var failed bool
		if out, failed = runFlawed(t, f, tests, seed+1); failed {
			return
		}
	}
	t.Errorf("%s passes on a store with the flaw %q:\n%s", tests, f, out)
}

// runFlawed reports whether tests fail on a flawed store. They are given
// seconds: what is not found by then is a verb that blocks.
func runFlawed(t *testing.T, f flaw, tests string, seed int) (output string, failed bool) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), program, "-test.run="+tests, "-test.timeout=3s",
		"-rapid.seed="+strconv.Itoa(seed), "-rapid.checks=300", "-rapid.nofailfile", "-rapid.shrinktime=100ms")
	cmd.Env = append(os.Environ(), flawVariable+"="+string(f))
	out, err := cmd.CombinedOutput()
	if text := string(out); err != nil && !strings.Contains(text, "--- FAIL") && !strings.Contains(text, "test timed out") {
		t.Fatalf("%s could not be run (%v):\n%s", tests, err, text)
	}
	return string(out), err != nil
}
