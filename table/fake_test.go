package table_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/table"
)

var _ table.Source = (*fake)(nil)

// A fake is a source in memory that keeps the contract of a store's: tasks, a
// log of endings, retries, deletes and resets.
type fake struct {
	mu       sync.Mutex // guards everything below
	epoch    int64
	tasks    []*rush.Record // by number; nil when deleted
	log      []rush.Ending
	wake     chan struct{} // closed by the next ending
	page     int           // entries of a page at most; 0 is as asked
	trips    int           // calls so far
	onRecord func()        // called, unlocked, before Records reads
	onEnded  func()        // called, unlocked, before Ended reads
	now      int64
}

func newFake() *fake { return &fake{wake: make(chan struct{}), now: 1_700_000_000_000_000} }

func pack(t testing.TB, v rush.Values) []byte {
	t.Helper()
	b, err := wire.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// push adds a task in a state that has not ended.
func (f *fake) push(t testing.TB, state rush.State, xs rush.Values) rush.TaskKey {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now++
	r := &rush.Record{Key: rush.TaskKey(len(f.tasks)), State: state, XS: pack(t, xs), Created: f.now}
	f.tasks = append(f.tasks, r)
	if state == rush.Running {
		f.runLocked(r.Key)
	}
	return r.Key
}

func (f *fake) run(k rush.TaskKey) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.runLocked(k)
}

func (f *fake) runLocked(k rush.TaskKey) {
	r := f.changeLocked(k)
	f.now++
	r.State, r.Worker, r.Started, r.Attempt = rush.Running, "w1", f.now, max(r.Attempt, 1)
}

// changeLocked replaces a record by a copy, because pages hold the old one.
func (f *fake) changeLocked(k rush.TaskKey) *rush.Record {
	c := *f.tasks[k]
	c.Attempts = slices.Clone(c.Attempts)
	f.tasks[k] = &c
	return &c
}

func (f *fake) finish(t testing.TB, k rush.TaskKey, ys rush.Values) {
	t.Helper()
	f.end(k, rush.Finished, pack(t, ys), nil)
}

func (f *fake) fail(t testing.TB, k rush.TaskKey, c *rush.Condition) {
	t.Helper()
	b, err := wire.EncodeCondition(c)
	if err != nil {
		t.Fatal(err)
	}
	f.end(k, rush.Failed, nil, b)
}

func (f *fake) end(k rush.TaskKey, state rush.State, ys, condition []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.changeLocked(k)
	f.now++
	r.State, r.YS, r.Condition, r.Finished = state, ys, condition, f.now
	r.Spent.Evaluating = time.Millisecond
	f.logLocked(rush.Ending{Key: k, Attempt: r.Attempt, State: state})
}

func (f *fake) logLocked(e rush.Ending) {
	f.log = append(f.log, e)
	close(f.wake)
	f.wake = make(chan struct{})
}

// finished pushes, runs and finishes a task.
func (f *fake) finished(t testing.TB, xs, ys rush.Values) rush.TaskKey {
	t.Helper()
	k := f.push(t, rush.Running, xs)
	f.finish(t, k, ys)
	return k
}

func (f *fake) retry(k rush.TaskKey) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.changeLocked(k)
	r.Attempts = append(r.Attempts, rush.AttemptRecord{
		Number: r.Attempt, Worker: r.Worker, YS: r.YS, YSExtra: r.YSExtra, Condition: r.Condition,
		Started: r.Started, Finished: r.Finished,
	})
	f.logLocked(rush.Ending{Key: k, Attempt: r.Attempt})
	r.State, r.Attempt, r.Worker, r.YS, r.YSExtra, r.Condition = rush.Queued, r.Attempt+1, "", nil, nil, nil
	r.Started, r.Finished, r.Spent = 0, 0, rush.Spent{}
}

func (f *fake) delete(k rush.TaskKey) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r := f.tasks[k]; r.State.Ended() {
		f.logLocked(rush.Ending{Key: k, Attempt: r.Attempt})
	}
	f.tasks[k] = nil
}

// lose drops a record behind the store's back.
func (f *fake) lose(k rush.TaskKey) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tasks[k] = nil
}

func (f *fake) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.epoch++
	f.tasks, f.log = nil, nil
	close(f.wake)
	f.wake = make(chan struct{})
}

func (f *fake) roundTrips() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.trips
}

func (f *fake) hook(h *func()) {
	f.mu.Lock()
	call := *h
	f.trips++
	f.mu.Unlock()
	if call != nil {
		call()
	}
}

func (f *fake) Ended(ctx context.Context, from rush.Cursor, limit int, fields rush.Fields, wait time.Duration) (rush.Page, error) {
	f.hook(&f.onEnded)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		f.mu.Lock()
		page, wake := f.pageLocked(from, limit, fields), f.wake
		f.mu.Unlock()
		if len(page.Endings) > 0 || page.Reset || wait == 0 {
			return page, ctx.Err()
		}
		select {
		case <-wake:
		case <-timer.C:
			return page, nil
		case <-ctx.Done():
			return rush.Page{}, ctx.Err()
		}
	}
}

func (f *fake) pageLocked(from rush.Cursor, limit int, fields rush.Fields) rush.Page {
	page := rush.Page{}
	if from.Epoch != f.epoch {
		page.Reset = true
		from = rush.Cursor{Epoch: f.epoch}
	}
	if limit == 0 {
		limit = 1000
	}
	if f.page > 0 {
		limit = min(limit, f.page)
	}
	end := min(from.Offset+int64(limit), int64(len(f.log)))
	page.Endings = slices.Clone(f.log[from.Offset:end])
	page.Next = rush.Cursor{Epoch: f.epoch, Offset: end}
	page.More = end < int64(len(f.log))
	if fields != rush.NoFields {
		for _, e := range page.Endings {
			if e.Withdrawn() {
				page.Records = append(page.Records, rush.Record{Key: e.Key})
			} else {
				page.Records = append(page.Records, f.recordLocked(e.Key, fields))
			}
		}
	}
	return page
}

func (f *fake) recordLocked(k rush.TaskKey, fields rush.Fields) rush.Record {
	if k < 0 || int(k) >= len(f.tasks) || f.tasks[k] == nil {
		return rush.Record{Key: k}
	}
	r := *f.tasks[k]
	if !fields.Has(rush.FieldHistory) {
		r.Attempts = nil
	}
	return r
}

func (f *fake) Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error) {
	f.hook(&f.onRecord)
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []rush.Record
	for _, k := range keys {
		out = append(out, f.recordLocked(k, fields))
	}
	return out, ctx.Err()
}

func (f *fake) Snapshot(ctx context.Context) (rush.Snapshot, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trips++
	s := rush.Snapshot{Cursor: rush.Cursor{Epoch: f.epoch, Offset: int64(len(f.log))}}
	for i, r := range f.tasks {
		if r == nil {
			continue
		}
		switch k := rush.TaskKey(i); r.State {
		case rush.Deferred:
			s.Deferred = append(s.Deferred, k)
		case rush.Queued:
			s.Queued = append(s.Queued, k)
		case rush.Running:
			s.Running = append(s.Running, k)
		case rush.Finished, rush.Failed:
		default:
			panic(fmt.Sprintf("a task is %q", r.State))
		}
	}
	return s, ctx.Err()
}

// fill adds finished tasks of two inputs and one output, fast.
func (f *fake) fill(t testing.TB, n int) {
	t.Helper()
	for i := range n {
		k := rush.TaskKey(len(f.tasks))
		u := float64(i) / 7
		f.tasks = append(f.tasks, &rush.Record{
			Key: k, State: rush.Finished, Attempt: 1, Worker: rush.WorkerID(fmt.Sprintf("worker-%02d-of-a-node", i%8)),
			XS: pack(t, rush.Values{"x1": u, "x2": -u}), YS: pack(t, rush.Values{"y": u * u}),
			Created: f.now, Started: f.now + 1, Finished: f.now + 2, Spent: rush.Spent{Evaluating: time.Millisecond},
		})
		f.log = append(f.log, rush.Ending{Key: k, Attempt: 1, State: rush.Finished})
	}
}
