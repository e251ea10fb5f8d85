package sqlitestore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// childWork pushes, pops, finishes and proposes until it is killed. It says
// what was committed after each step.
func childWork(ctx context.Context, _ *Store, n store.Network) error {
	id := rush.WorkerID("w" + strconv.Itoa(os.Getpid()))
	if err := n.Register(ctx, rush.Worker{ID: id, PID: os.Getpid()}); err != nil {
		return err
	}
	step := store.Step{Worker: id, Pop: true, Claim: true}
	finished := 0
	for step.Nonce = 1; ; step.Nonce++ {
		keys, err := push(ctx, n, fmt.Sprintf("%s-%d", id, step.Nonce), 3)
		if err != nil {
			return err
		}
		step.Propose = &store.Proposal{Key: rush.NoTask, XS: make([]byte, 3000)}
		turn, err := n.Next(ctx, step)
		if err != nil {
			return err
		}
		for _, o := range turn.Outcomes {
			if o == store.Applied {
				finished++
			}
		}
		step.Done = []store.Done{{Key: turn.Task.Key, Attempt: 1, YS: make([]byte, 500)}}
		fmt.Println("committed", keys[0], finished)
	}
}

func TestAKilledProcessLosesNothing(t *testing.T) {
	t.Parallel()
	killProcesses(t, 12, 40)
}

// TestSoakKill kills long enough for the -wal file to be brought into the
// database many times.
func TestSoakKill(t *testing.T) {
	t.Parallel()
	if os.Getenv("RUSH_SOAK") == "1" {
		killProcesses(t, 50, 1500)
	}
}

// killProcesses has two processes work, and one after the other is killed in
// the middle of whatever it does. Nothing that was said to be committed is
// lost, the file stays whole, and who is left goes on at once.
func killProcesses(t *testing.T, rounds, steps int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rush.db")
	s := open(t, path, nil)
	n := define(t, s)
	survivor := startChild(t, "work", path)
	committed := map[rush.TaskKey]bool{}
	finished := 0
	note := func(line string) int {
		var key rush.TaskKey
		var done int
		if _, err := fmt.Sscan(line, &key, &done); err != nil {
			t.Fatalf("a child said %q: %v", line, err)
		}
		committed[key] = true
		return done
	}
	for range rounds {
		victim := startChild(t, "work", path)
		done := 0
		for range 1 + rand.IntN(steps) {
			done = note(victim.expect(t, "committed "))
		}
		victim.kill()
		finished += done
		note(survivor.expect(t, "committed "))
		audit(t, s, n)
	}
	last := note(survivor.expect(t, "committed "))
	survivor.kill()

	a := audit(t, s, n)
	there := map[rush.TaskKey]bool{}
	for _, task := range a.Tasks {
		there[task.Key] = true
	}
	for key := range committed {
		if !there[key] {
			t.Errorf("task %d was committed and is lost", key)
		}
	}
	if least := int64(finished + last); a.Counts.Finished < least {
		t.Errorf("%d tasks are finished; the processes saw %d committed", a.Counts.Finished, least)
	}
}
