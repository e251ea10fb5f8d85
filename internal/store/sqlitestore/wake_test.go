package sqlitestore

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// childWait echoes: it waits for a task, finishes it and waits for the next.
func childWait(ctx context.Context, _ *Store, n store.Network) error {
	if err := n.Register(ctx, rush.Worker{ID: "echo", PID: os.Getpid()}); err != nil {
		return err
	}
	fmt.Println("ready")
	step := store.Step{Worker: "echo", Pop: true, Wait: time.Hour, Idle: true}
	for step.Nonce = 1; ; step.Nonce++ {
		turn, err := n.Next(ctx, step)
		if err != nil {
			return err
		}
		step.Done = []store.Done{{Key: turn.Task.Key, Attempt: 1, YS: turn.Task.XS}}
	}
}

// Two processes wake each other: so many round trips would take minutes if
// each wake-up came from the look that is behind the wake file.
func TestProcessesWakeEachOther(t *testing.T) {
	t.Parallel()
	const trips = 300
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s)
	startChild(t, "wait", s.path).expect(t, "ready")
	begun := time.Now()
	var from rush.Cursor
	for i := range trips {
		if _, err := push(t.Context(), n, fmt.Sprint(i), 1); err != nil {
			t.Fatal(err)
		}
		page, err := n.Ended(t.Context(), from, 0, rush.NoFields, time.Hour)
		if err != nil || len(page.Endings) != 1 {
			t.Fatalf("trip %d: got %+v, %v", i, page, err)
		}
		from = page.Next
	}
	if took := time.Since(begun); took > trips*lookInterval/4 {
		t.Errorf("%d round trips took %v: the wake-ups are lost", trips, took)
	}
}

// Who joins while a process that commits has the wake file locked for longer
// than expected gets the lock a little later, and looks again then.
func TestAWaiterThatCannotLockLooksAgain(t *testing.T) {
	t.Parallel()
	h, err := openHub(filepath.Join(t.TempDir(), "wake"), allTopics)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	slow, err := openLock(h.probe.f.Name())
	if err != nil {
		t.Fatal(err)
	}
	if err := slow.exclusive(); err != nil {
		t.Fatal(err)
	}
	w := h.join(1, topicLog)
	defer h.leave(w)
	held := func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.held
	}
	if held() {
		t.Fatal("the hub has a lock that somebody else has exclusively")
	}
	slow.close()
	for !held() {
		<-w.nudge
	}
}
