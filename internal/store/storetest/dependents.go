package storetest

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A Shape is tasks that depend on each other in some way.
type Shape struct {
	Name string
	// Run creates so many tasks in an empty network, and has them end. What
	// that takes is to be in proportion to the size.
	Run func(t testing.TB, n store.Network, size int)
}

// Shapes are those that are measured: what is done in each must not be looked
// at again for each task.
func Shapes() []Shape {
	return []Shape{
		{"fan", runFan},
		{"funnel", runFunnel},
		{"chain", runChain},
		{"impossible fan", runImpossible(fan)},
		{"impossible chain", runImpossible(chain)},
	}
}

// fan is tasks that all depend on the first.
func fan(size int) []store.NewTask {
	tasks := make([]store.NewTask, size)
	for i := 1; i < size; i++ {
		tasks[i].DependsOn = []rush.TaskKey{0}
	}
	return tasks
}

// funnel is tasks of which the last depends on all others.
func funnel(size int) []store.NewTask {
	tasks := make([]store.NewTask, size)
	tasks[size-1].DependsOn = span(0, size-1)
	return tasks
}

// chain is tasks each of which depends on the one before.
func chain(size int) []store.NewTask {
	tasks := make([]store.NewTask, size)
	for i := 1; i < size; i++ {
		tasks[i].DependsOn = []rush.TaskKey{rush.TaskKey(i - 1)}
	}
	return tasks
}

func runFan(t testing.TB, n store.Network, size int) {
	t.Helper()
	createAll(t, n, fan(size))
	endAll(t, n, store.Done{Key: 0})
	wantCounts(t, n, rush.Counts{Queued: int64(size - 1), Finished: 1, Created: int64(size)})
}

func runFunnel(t testing.TB, n store.Network, size int) {
	t.Helper()
	createAll(t, n, funnel(size))
	endInOrder(t, n, size-1)
	wantCounts(t, n, rush.Counts{Queued: 1, Finished: int64(size - 1), Created: int64(size)})
}

func runChain(t testing.TB, n store.Network, size int) {
	t.Helper()
	createAll(t, n, chain(size))
	endInOrder(t, n, size)
	wantCounts(t, n, rush.Counts{Finished: int64(size), Created: int64(size)})
}

// runImpossible has the first task fail, so that all others are impossible,
// and retries it, so that they wait again.
func runImpossible(shape func(size int) []store.NewTask) func(t testing.TB, n store.Network, size int) {
	return func(t testing.TB, n store.Network, size int) {
		t.Helper()
		createAll(t, n, shape(size))
		endAll(t, n, store.Done{Key: 0, Condition: condition(rush.ClassError, "Failed")})
		wantCounts(t, n, rush.Counts{Failed: int64(size), Created: int64(size)})
		if err := n.Retry(t.Context(), []rush.TaskKey{0}, store.RetryOptions{IgnoreLimit: true}); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, n, rush.Counts{Deferred: int64(size - 1), Queued: 1, Created: int64(size)})
	}
}

// createAll creates tasks with the numbers 0, 1, 2, ... in one call.
func createAll(t testing.TB, n store.Network, tasks []store.NewTask) {
	t.Helper()
	if _, err := n.Define(t.Context(), store.Definition{Body: []byte("body"), Reserved: int64(len(tasks))}); err != nil {
		t.Fatal(err)
	}
	for i := range tasks {
		tasks[i].Fixed, tasks[i].Key = true, rush.TaskKey(i)
	}
	if _, err := n.Create(t.Context(), tasks, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
}

// endInOrder finishes the first tasks, some in each call.
func endInOrder(t testing.TB, n store.Network, count int) {
	t.Helper()
	const together = 100
	for from := 0; from < count; from += together {
		var done []store.Done
		for i := from; i < min(from+together, count); i++ {
			done = append(done, store.Done{Key: rush.TaskKey(i)})
		}
		endAll(t, n, done...)
	}
}

func endAll(t testing.TB, n store.Network, done ...store.Done) {
	t.Helper()
	outcomes, err := n.End(t.Context(), done)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes {
		if o != store.Applied {
			t.Fatalf("the end of task %d was %v, want it applied", done[i].Key, o)
		}
	}
}

func wantCounts(t testing.TB, n store.Network, want rush.Counts) {
	t.Helper()
	if got, err := n.Counts(t.Context()); err != nil || got != want {
		t.Fatalf("the counts are %+v, %v, want %+v", got, err, want)
	}
}

// newNetwork returns a network that is not there yet.
func newNetwork(s store.Store) store.Network {
	return s.Network(rush.NetworkID("test-" + uuid.NewString()))
}

// WantProportional runs each shape with 1,000 and with 4,000 tasks and reports
// those for which the store did more than about four times as much; work returns
// what the store has done so far, in steps of any kind.
func WantProportional(t *testing.T, s store.Store, work func(t testing.TB) int64) {
	t.Helper()
	for _, shape := range Shapes() {
		steps := func(size int) int64 {
			before := work(t)
			shape.Run(t, newNetwork(s), size)
			return work(t) - before
		}
		small, large := steps(1000), steps(4000)
		if small < 1000 || large > small*9/2 {
			t.Errorf("%s: 1,000 tasks took %d steps and 4,000 took %d, want about four times as many", shape.Name, small, large)
		}
	}
}

// BenchDependents measures the shapes, a task at a time: what one takes must
// not depend on how many there are.
func BenchDependents(b *testing.B, s store.Store) {
	for _, shape := range Shapes() {
		for _, size := range []int{1000, 10_000} {
			b.Run(fmt.Sprintf("%s=%d", shape.Name, size), func(b *testing.B) {
				for range b.N {
					shape.Run(b, newNetwork(s), size)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/task")
			})
		}
	}
}

// BenchRepair measures the repair of sound networks, half of whose tasks have
// finished. All other callers wait for as long as one takes.
func BenchRepair(b *testing.B, s store.Store) {
	for _, size := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("tasks=%d", size), func(b *testing.B) {
			n, tasks := newNetwork(s), make([]store.NewTask, size)
			for i := range tasks {
				tasks[i].XS = encode("x", float64(i))
				if i%2 == 0 {
					tasks[i].State, tasks[i].YS = rush.Finished, encode("y", float64(i))
				}
			}
			createAll(b, n, tasks)
			for b.Loop() {
				if said, err := n.Repair(b.Context()); err != nil || len(said) > 0 {
					b.Fatalf("the repair of a sound network said %q, %v", said, err)
				}
			}
		})
	}
}
