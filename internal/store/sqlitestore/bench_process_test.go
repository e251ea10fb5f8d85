package sqlitestore

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// benchResultBytes is {"y": 1.5}.
var benchResultBytes = []byte{0x81, 0xa1, 'y', 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0}

// gate is a queue whose tasks let children begin.
const gate = "gate"

// childSteps registers a worker, waits until its first step gets something,
// and takes others until one gets nothing.
func childSteps(ctx context.Context, n store.Network, step store.Step, ask func(step *store.Step)) error {
	id := rush.WorkerID("w" + strconv.Itoa(os.Getpid()))
	if err := n.Register(ctx, rush.Worker{ID: id, PID: os.Getpid()}); err != nil {
		return err
	}
	fmt.Println("ready")
	step.Wait, step.Idle = time.Hour, true
	var key rush.TaskKey
	for nonce := int64(1); ; nonce++ {
		step.Worker, step.Nonce = id, nonce
		turn, err := n.Next(ctx, step)
		if err != nil {
			return err
		}
		switch {
		case turn.Task != nil:
			key = turn.Task.Key
		case turn.Created != rush.NoTask:
			key = turn.Created
		default:
			fmt.Println("done")
			return nil
		}
		step = store.Step{Done: []store.Done{{Key: key, Attempt: 1, YS: benchResultBytes}}}
		ask(&step)
	}
}

// childQueue pops what is queued.
func childQueue(ctx context.Context, _ *Store, n store.Network) error {
	first := store.Step{Pop: true, Queues: []string{gate}}
	return childSteps(ctx, n, first, func(step *store.Step) { step.Pop = true })
}

// childLoop proposes until the budget is used up.
func childLoop(ctx context.Context, _ *Store, n store.Network) error {
	xs := []byte{0x81, 0xa1, 'x', 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0}
	ask := func(step *store.Step) { step.Propose = &store.Proposal{Key: rush.NoTask, XS: xs} }
	var first store.Step
	ask(&first)
	return childSteps(ctx, n, first, ask)
}

// BenchmarkProcesses has two processes work off one network: queued tasks, or
// proposals within a budget.
func BenchmarkProcesses(b *testing.B) {
	b.Run("queue", func(b *testing.B) {
		n, path := benchNetwork(b, "test")
		benchPush(b, n, b.N)
		benchProcesses(b, "queue", path, func() error {
			tasks := make([]store.NewTask, 2)
			tasks[0].Queue, tasks[1].Queue = gate, gate
			_, err := n.Create(b.Context(), tasks, uuid.NewString())
			return err
		})
	})
	b.Run("propose", func(b *testing.B) {
		n, path := benchNetwork(b, "test")
		limit := func(version, limit int64) error {
			_, err := n.Define(b.Context(), store.Definition{Version: version, Limit: limit})
			return err
		}
		if err := limit(1, 1); err != nil {
			b.Fatal(err)
		}
		if err := n.Register(b.Context(), rush.Worker{ID: "first"}); err != nil {
			b.Fatal(err)
		}
		if _, err := n.Next(b.Context(), store.Step{Worker: "first", Claim: true}); err != nil {
			b.Fatal(err)
		}
		count := max(b.N, 1000) // so many that both get some
		benchProcesses(b, "loop", path, func() error { return limit(2, int64(count)+1) })
	})
}

// benchProcesses starts two children, opens their gate and waits until both
// are done.
func benchProcesses(b *testing.B, what, path string, openGate func() error) {
	b.Helper()
	children := []*process{startChild(b, what, path), startChild(b, what, path)}
	for _, child := range children {
		child.expect(b, "ready")
	}
	b.ResetTimer()
	if err := openGate(); err != nil {
		b.Fatal(err)
	}
	for _, child := range children {
		child.expect(b, "done")
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
}
