package redisstore_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// many is the size of the benchmarks that read or write in bulk.
const many = 100_000

// tasksPerSecond reports how many tasks a benchmark did, instead of the time
// of one iteration.
func tasksPerSecond(b *testing.B, tasks int) {
	b.ReportMetric(float64(tasks)/b.Elapsed().Seconds(), "tasks/s")
}

// xs and ys are those of a task with two inputs and one output.
func xs(b testing.TB, i int) []byte { return encode(b, rush.Values{"x1": 0.5 + float64(i), "x2": 1.5}) }

func ys(b testing.TB, i int) []byte { return encode(b, rush.Values{"y": 0.25 + float64(i)}) }

func encode(t testing.TB, v rush.Values) []byte {
	t.Helper()
	b, err := wire.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// newNetwork returns a network of its own on the server.
func newNetwork(t testing.TB, s store.Store) store.Network {
	t.Helper()
	n := s.Network(rush.NetworkID("test-" + uuid.NewString()[:8]))
	if _, err := n.Define(t.Context(), store.Definition{Body: []byte("bench")}); err != nil {
		t.Fatal(err)
	}
	return n
}

func register(t testing.TB, n store.Network, id rush.WorkerID) {
	t.Helper()
	if err := n.Register(t.Context(), rush.Worker{ID: id}); err != nil {
		t.Fatal(err)
	}
}

// push queues tasks and returns the numbers.
func push(t testing.TB, n store.Network, count int) []rush.TaskKey {
	t.Helper()
	tasks := make([]store.NewTask, count)
	for i := range tasks {
		tasks[i].XS = xs(t, i)
	}
	keys, err := n.Create(t.Context(), tasks, uuid.NewString())
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// done is how a task is finished, with the time that it took.
func done(key rush.TaskKey, y []byte) []store.Done {
	return []store.Done{{Key: key, Attempt: 1, YS: y, Spent: rush.Spent{Waiting: 123_456, Evaluating: 2_345_678, Storing: 98_765}}}
}

// popAll pops and finishes tasks, each in one round trip, until there is none.
func popAll(t testing.TB, n store.Network, w rush.WorkerID) (count int, err error) {
	y := ys(t, 0)
	step := store.Step{Worker: w, Pop: true}
	for {
		step.Nonce++
		turn, err := n.Next(t.Context(), step)
		if err != nil || turn.Task == nil {
			return count, err
		}
		count++
		step.Done = done(turn.Task.Key, y)
	}
}

// BenchmarkQueueLoop is the loop of workers that evaluate what is queued.
func BenchmarkQueueLoop(b *testing.B) {
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			s := open(b, redistest.Start(b, redistest.Options{}).URL())
			n := newNetwork(b, s)
			push(b, n, b.N)
			for i := range workers {
				register(b, n, workerID(i))
			}
			b.ResetTimer()
			var g errgroup.Group
			for i := range workers {
				g.Go(func() error { _, err := popAll(b, n, workerID(i)); return err })
			}
			if err := g.Wait(); err != nil {
				b.Fatal(err)
			}
			tasksPerSecond(b, b.N)
		})
	}
}

func workerID(i int) rush.WorkerID { return rush.WorkerID(fmt.Sprintf("sunny_badger_%d", i)) }

// BenchmarkBareClient is the floor of BenchmarkQueueLoop: the least that a
// client has to do, with one call to pop and one to finish.
func BenchmarkBareClient(b *testing.B) {
	pop := redis.NewScript(`
		local n = redis.call('LPOP', KEYS[1])
		if not n then return false end
		local t = redis.call('TIME')
		redis.call('HSET', KEYS[2] .. n, 's', 'running', 'w', ARGV[1], 't', t[1] * 1000000 + t[2])
		redis.call('SADD', KEYS[3], n)
		return {n, redis.call('HGET', KEYS[2] .. n, 'x')}`)
	finish := redis.NewScript(`
		if redis.call('SREM', KEYS[3], ARGV[1]) == 0 then return 0 end
		redis.call('HSET', KEYS[2] .. ARGV[1], 's', 'finished', 'y', ARGV[2])
		return redis.call('RPUSH', KEYS[4], ARGV[1])`)
	keys := []string{"bare:queue", "bare:task:", "bare:running", "bare:finished"}
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			c := redis.NewClient(&redis.Options{Addr: redistest.Start(b, redistest.Options{}).Addr()})
			defer c.Close()
			pipe := c.Pipeline()
			for i := range b.N {
				pipe.HSet(b.Context(), fmt.Sprint(keys[1], i), "x", xs(b, i))
				pipe.RPush(b.Context(), keys[0], i)
			}
			if _, err := pipe.Exec(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			var g errgroup.Group
			for i := range workers {
				g.Go(func() error {
					for {
						got, err := pop.Run(b.Context(), c, keys, string(workerID(i))).Slice()
						if err == redis.Nil {
							return nil
						}
						if err != nil {
							return err
						}
						if err := finish.Run(b.Context(), c, keys, got[0], ys(b, 0)).Err(); err != nil {
							return err
						}
					}
				})
			}
			if err := g.Wait(); err != nil {
				b.Fatal(err)
			}
			tasksPerSecond(b, b.N)
		})
	}
}

// BenchmarkDecentralized is the loop of workers that propose their own
// points: finish one and create the next, in one round trip.
func BenchmarkDecentralized(b *testing.B) {
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			s := open(b, redistest.Start(b, redistest.Options{}).URL())
			n := newNetwork(b, s)
			for i := range workers {
				register(b, n, workerID(i))
			}
			b.ResetTimer()
			var g errgroup.Group
			for i := range workers {
				g.Go(func() error { return proposeMany(b, n, workerID(i), b.N/workers) })
			}
			if err := g.Wait(); err != nil {
				b.Fatal(err)
			}
			tasksPerSecond(b, b.N)
		})
	}
}

func proposeMany(b *testing.B, n store.Network, w rush.WorkerID, count int) error {
	y := ys(b, 0)
	step := store.Step{Worker: w, Pop: true}
	for i := range count {
		step.Nonce++
		step.Propose = &store.Proposal{Key: rush.NoTask, XS: xs(b, i), Spent: rush.Spent{Proposing: 23_456}}
		turn, err := n.Next(b.Context(), step)
		if err != nil {
			return err
		}
		step.Done = done(turn.Created, y)
	}
	return nil
}

// BenchmarkPush100k queues 100,000 tasks in one call.
func BenchmarkPush100k(b *testing.B) {
	s := open(b, redistest.Start(b, redistest.Options{}).URL())
	tasks := make([]store.NewTask, many)
	for i := range tasks {
		tasks[i].XS = xs(b, i)
	}
	for b.Loop() {
		n := newNetwork(b, s)
		if _, err := n.Create(b.Context(), tasks, uuid.NewString()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Destroy(b.Context(), n.ID()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	tasksPerSecond(b, b.N*many)
}

// finished returns a network with 100,000 finished tasks.
func finished(t testing.TB, s store.Store) store.Network {
	t.Helper()
	n := newNetwork(t, s)
	register(t, n, workerID(0))
	push(t, n, many)
	if count, err := popAll(t, n, workerID(0)); err != nil || count != many {
		t.Fatalf("finished %d tasks of %d: %v", count, many, err)
	}
	return n
}

// fetched are the fields that a table has.
const fetched = rush.AllFields &^ rush.FieldHistory

// BenchmarkFetch100k reads 100,000 finished tasks for the first time.
func BenchmarkFetch100k(b *testing.B) {
	n := finished(b, open(b, redistest.Start(b, redistest.Options{}).URL()))
	for name, fields := range map[string]rush.Fields{"table": fetched, "xs-ys": rush.FieldXS | rush.FieldYS} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				page, err := n.Ended(b.Context(), rush.Cursor{}, 2*many, fields, 0)
				if err != nil || len(page.Records) != many {
					b.Fatalf("got %d records of %d: %v", len(page.Records), many, err)
				}
			}
			tasksPerSecond(b, b.N*many)
		})
	}
}

// BenchmarkFetchNothingNew reads the log where it ends.
func BenchmarkFetchNothingNew(b *testing.B) {
	n := finished(b, open(b, redistest.Start(b, redistest.Options{}).URL()))
	page, err := n.Ended(b.Context(), rush.Cursor{}, 2*many, rush.NoFields, 0)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := n.Ended(b.Context(), page.Next, 0, fetched, 0); err != nil {
			b.Fatal(err)
		}
	}
}
