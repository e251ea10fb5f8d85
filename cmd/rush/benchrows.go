package main

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

// benchRows are the rows, in the order in which they are measured.
func benchRows() []benchRow {
	return []benchRow{
		{"queue-1", "queue loop, 1 worker: finish and pop", "tasks/s", queueLoop(1)},
		{"queue-2", "queue loop, 2 workers", "tasks/s", queueLoop(2)},
		{"search-1", "random search, 1 worker: finish, create and claim", "tasks/s", searchLoop(1)},
		{"search-2", "random search, 2 workers", "tasks/s", searchLoop(2)},
		{"push", "push queued tasks", "tasks/s", pushMany},
		{"fetch-cold", "fetch all finished tasks to a table", "s", fetchCold},
		{"fetch-again", "fetch again, nothing new", "ms", fetchAgain(0)},
		{"fetch-100", "fetch again, 100 new", "ms", fetchAgain(100)},
		{"memory", "memory of the fetched table", "MB", tableMemory},
		{"round-trip", "push one, its result is in hand: median", "ms", roundTrip(0.5)},
		{"round-trip-p99", "the same, 99th percentile", "ms", roundTrip(0.99)},
		{"start-2", "two workers, from start to registered", "s", startTwo},
		{"kill", "kill -9 of a worker until its task has failed", "ms", killUntilFailed},
	}
}

// benchLoops are the loops that the measured workers run.
func benchLoops() map[string]plugins.Loop {
	return map[string]plugins.Loop{
		"bench-queue":  benchLoop(&loops.Queue{Problem: benchProblem(sum)}),
		"bench-search": benchLoop(&loops.RandomSearch{Problem: benchProblem(sum), Space: benchSpace()}),
		"bench-hang":   benchLoop(&loops.Queue{Problem: benchProblem(hang)}),
	}
}

func benchLoop(l loops.Loop) plugins.Loop {
	return plugins.Loop{Make: func(context.Context, *rushworker.Worker, plugins.Setting) (loops.Loop, error) { return l, nil }}
}

func benchProblem(f loops.ObjectiveFunc) *loops.Problem {
	return &loops.Problem{Objective: f, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}}
}

func benchSpace() space.Space {
	return space.MustNew(space.Param{Name: "x1", Type: space.Dbl, Upper: 1}, space.Param{Name: "x2", Type: space.Dbl, Upper: 1})
}

func sum(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": e.XS["x1"].(float64) + e.XS["x2"].(float64)}, nil
}

func hang(ctx context.Context, _ *loops.Evaluation) (rush.Values, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func points(n int) []rush.Values {
	xss := make([]rush.Values, n)
	for i := range xss {
		xss[i] = rush.Values{"x1": float64(i), "x2": float64(i) / 2}
	}
	return xss
}

// lifetime is the time from the first start to the last finish of all tasks.
func lifetime(ctx context.Context, net *network.Rush) (d time.Duration, n int, err error) {
	var from, to time.Time
	err = net.EachFinished(ctx, rush.FieldTimes, func(t *rush.Task) bool {
		if n++; from.IsZero() || t.Started.Before(from) {
			from = t.Started
		}
		if t.Finished.After(to) {
			to = t.Finished
		}
		return true
	})
	return to.Sub(from), n, err
}

func queueLoop(workers int) func(context.Context, *bench) (float64, error) {
	return func(ctx context.Context, b *bench) (float64, error) {
		net, done, err := b.fresh(ctx)
		if err != nil {
			return 0, err
		}
		defer done()
		keys, err := net.Push(ctx, points(b.tasks)...)
		if err != nil {
			return 0, err
		}
		return b.loop(ctx, net, "bench-queue", workers, func() error {
			_, err := net.Wait(ctx, keys...)
			return err
		})
	}
}

func searchLoop(workers int) func(context.Context, *bench) (float64, error) {
	return func(ctx context.Context, b *bench) (float64, error) {
		net, done, err := b.fresh(ctx)
		if err != nil {
			return 0, err
		}
		defer done()
		def, err := net.Definition(ctx)
		if err != nil {
			return 0, err
		}
		def.Limit = int64(b.tasks)
		if err := net.Define(ctx, def); err != nil {
			return 0, err
		}
		return b.loop(ctx, net, "bench-search", workers, func() error {
			select {
			case <-net.LocalDone():
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
	}
}

// loop runs workers until wait returns, and returns how many tasks a second
// they finished.
func (b *bench) loop(ctx context.Context, net *network.Rush, loop string, workers int, wait func() error) (float64, error) {
	if _, err := net.StartWorkers(ctx, network.Workers{N: workers, Loop: loop}); err != nil {
		return 0, err
	}
	if err := wait(); err != nil {
		return 0, err
	}
	d, n, err := lifetime(ctx, net)
	if err == nil && n != b.tasks {
		err = errors.New("not all tasks have finished")
	}
	return perSecond(n, d), err
}

func pushMany(ctx context.Context, b *bench) (float64, error) {
	net, done, err := b.fresh(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	xss := points(b.rows)
	began := time.Now()
	_, err = net.Push(ctx, xss...)
	return perSecond(b.rows, time.Since(began)), err
}

// finished makes a network with n finished tasks.
func (b *bench) finished(ctx context.Context, n int) (*network.Rush, func(), error) {
	net, done, err := b.fresh(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := pushFinished(ctx, net, n); err != nil {
		done()
		return nil, nil, err
	}
	return net, done, nil
}

func pushFinished(ctx context.Context, net *network.Rush, n int) error {
	tasks := make([]rush.Task, n)
	for i, xs := range points(n) {
		tasks[i] = rush.Task{State: rush.Finished, XS: xs, YS: rush.Values{"y": float64(i)}}
	}
	_, err := net.PushTasks(ctx, tasks)
	return err
}

// fetchCold measures fetching all finished tasks, in seconds.
func fetchCold(ctx context.Context, b *bench) (float64, error) {
	net, done, err := b.finished(ctx, b.rows)
	if err != nil {
		return 0, err
	}
	defer done()
	d, err := fetchAll(ctx, net, b.rows)
	return d.Seconds(), err
}

// fetchAgain measures fetching once more, when some have finished since: the
// median of several times, in milliseconds.
func fetchAgain(more int) func(context.Context, *bench) (float64, error) {
	return func(ctx context.Context, b *bench) (float64, error) {
		net, done, err := b.finished(ctx, b.rows)
		if err != nil {
			return 0, err
		}
		defer done()
		if _, err := fetchAll(ctx, net, b.rows); err != nil {
			return 0, err
		}
		var times []float64
		for i := 1; i <= 21; i++ {
			if err := pushFinished(ctx, net, more); err != nil {
				return 0, err
			}
			d, err := fetchAll(ctx, net, b.rows+i*more)
			if err != nil {
				return 0, err
			}
			times = append(times, d.Seconds()*1000)
		}
		slices.Sort(times)
		return times[len(times)/2], nil
	}
}

// fetchAll fetches the table of the finished tasks, which must have n rows.
func fetchAll(ctx context.Context, net *network.Rush, n int) (time.Duration, error) {
	began := time.Now()
	t, err := net.Finished(ctx)
	d := time.Since(began)
	if err == nil && t.NumRows() != int64(n) {
		err = errors.New("not all tasks were fetched")
	}
	return d, err
}

// tableMemory is what the process holds more once it has fetched all.
func tableMemory(ctx context.Context, b *bench) (float64, error) {
	net, done, err := b.finished(ctx, b.rows)
	if err != nil {
		return 0, err
	}
	defer done()
	before := heap()
	t, err := net.Finished(ctx)
	after := heap()
	runtime.KeepAlive(t)
	return float64(after-before) / 1e6, err
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// roundTrip measures single tasks from the push to the result, and returns a
// quantile in milliseconds.
func roundTrip(quantile float64) func(context.Context, *bench) (float64, error) {
	return func(ctx context.Context, b *bench) (float64, error) {
		const n = 500
		net, done, err := b.fresh(ctx)
		if err != nil {
			return 0, err
		}
		defer done()
		if _, err := net.StartWorkers(ctx, network.Workers{N: 1, Loop: "bench-queue"}); err != nil {
			return 0, err
		}
		var times []float64
		for _, xs := range points(n) {
			began := time.Now()
			if _, err := net.Push(ctx, xs); err != nil {
				return 0, err
			}
			t, err := net.New(ctx, time.Minute)
			if err != nil {
				return 0, err
			}
			if t.NumRows() != 1 {
				return 0, errors.New("one result was expected")
			}
			times = append(times, time.Since(began).Seconds()*1000)
		}
		slices.Sort(times)
		return times[int(quantile*float64(n-1))], nil
	}
}

func startTwo(ctx context.Context, b *bench) (float64, error) {
	net, done, err := b.fresh(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	began := time.Now()
	_, err = net.StartWorkers(ctx, network.Workers{N: 2, Loop: "bench-queue"})
	return time.Since(began).Seconds(), err
}

// killUntilFailed kills a worker's process and waits for its task to fail.
func killUntilFailed(ctx context.Context, b *bench) (float64, error) {
	net, done, err := b.fresh(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	if _, err := net.StartWorkers(ctx, network.Workers{N: 1, Loop: "bench-hang"}); err != nil {
		return 0, err
	}
	keys, err := net.Push(ctx, rush.Values{})
	if err != nil {
		return 0, err
	}
	for {
		workers, err := net.Workers(ctx)
		if err != nil {
			return 0, err
		}
		if len(workers[0].Running) == 0 {
			runtime.Gosched()
			continue
		}
		began := time.Now()
		if err := kill(workers[0].PID); err != nil {
			return 0, err
		}
		_, err = net.Wait(ctx, keys...)
		return time.Since(began).Seconds() * 1000, err
	}
}
