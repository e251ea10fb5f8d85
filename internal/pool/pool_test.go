package pool_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/pool"
	"github.com/rushnet/rush/loops"
)

// A fake is a process that is none.
type fake struct {
	w      *world
	number int
	dead   bool // while it was idle
	broken bool
	ended  bool
}

func (f *fake) Ready(task string) bool { return !f.dead }
func (f *fake) Sound() bool            { return !f.broken }

func (f *fake) End() {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	if f.ended {
		panic("ended twice")
	}
	f.ended = true
	f.w.alive--
}

// A world starts fakes.
type world struct {
	mu     sync.Mutex
	fail   error // of the next starts
	starts []time.Duration
	began  time.Time
	all    []*fake
	alive  int
}

func (w *world) start(ctx context.Context, task string) (*fake, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.starts = append(w.starts, time.Since(w.began))
	if w.fail != nil {
		return nil, w.fail
	}
	f := &fake{w: w, number: len(w.all)}
	w.all, w.alive = append(w.all, f), w.alive+1
	return f, nil
}

func newWorld() (*world, *pool.Pool[string, *fake]) {
	w := &world{began: time.Now()}
	return w, pool.New(w.start)
}

// take takes a process, which is to be had.
func take(t *testing.T, p *pool.Pool[string, *fake]) pool.Taken[*fake] {
	t.Helper()
	taken, err := p.Take(t.Context(), "task", 5)
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

var errCrash = &rush.Condition{Class: rush.ClassCrashed, Message: "segmentation fault", Stderr: "here"}

// crash has a process crash in a task.
func crash(t *testing.T, p *pool.Pool[string, *fake], limit int) error {
	t.Helper()
	taken := take(t, p)
	taken.Process.broken = true
	return p.Give(taken, errCrash, limit)
}

func unusable(t *testing.T, err error) *loops.Unusable {
	t.Helper()
	u, ok := errors.AsType[*loops.Unusable](err)
	if !ok {
		t.Fatalf("got %v, want a *loops.Unusable", err)
	}
	return u
}

func TestASoundProcessIsKept(t *testing.T) {
	t.Parallel()
	w, p := newWorld()
	first, second := take(t, p), take(t, p)
	if first.Process == second.Process {
		t.Fatal("two tasks at once have one process")
	}
	for _, taken := range []pool.Taken[*fake]{first, second} {
		if err := p.Give(taken, errors.New("its own exception"), 5); err == nil {
			t.Error("the task's error was dropped")
		}
	}
	take(t, p)
	take(t, p)
	if len(w.all) != 2 {
		t.Errorf("%d processes were started for two tasks at once, and two more", len(w.all))
	}
}

func TestADeadProcessIsDiscarded(t *testing.T) {
	t.Parallel()
	w, p := newWorld()
	taken := take(t, p)
	_ = p.Give(taken, nil, 5)
	taken.Process.dead = true
	if next := take(t, p); next.Process.number != 1 || !taken.Process.ended || w.alive != 1 {
		t.Errorf("got process %d, with %d alive; want the second, alone", next.Process.number, w.alive)
	}
}

func TestRenewAndClose(t *testing.T) {
	t.Parallel()
	w, p := newWorld()
	idle, busy := take(t, p), take(t, p)
	_ = p.Give(idle, nil, 5)
	p.Renew()
	if !idle.Process.ended || busy.Process.ended {
		t.Error("only the process that is idle is to be ended at once")
	}
	if _ = p.Give(busy, nil, 5); !busy.Process.ended {
		t.Error("a process from before was kept")
	}
	idle, busy = take(t, p), take(t, p)
	_ = p.Give(idle, nil, 5)
	p.Close()
	_ = p.Give(busy, nil, 5)
	if _, err := p.Take(t.Context(), "task", 5); !errors.Is(err, pool.ErrClosed) {
		t.Errorf("got %v, want %v", err, pool.ErrClosed)
	}
	if w.alive != 0 {
		t.Errorf("%d processes are left", w.alive)
	}
}

// After a crash starts wait, longer with each.
func TestStartsBackOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := newWorld()
		for range 9 {
			if err := crash(t, p, 0); !errors.Is(err, errCrash) {
				t.Fatal(err)
			}
		}
		ms := func(n ...int) (d []time.Duration) {
			for _, n := range n {
				d = append(d, time.Duration(n)*time.Millisecond)
			}
			return d
		}
		if diff := cmp.Diff(ms(0, 0, 100, 300, 700, 1500, 3100, 6300, 11300), w.starts); diff != "" {
			t.Errorf("when processes were started (-want +got):\n%s", diff)
		}
		_ = p.Give(take(t, p), nil, 0) // a success
		began := time.Now()
		_ = crash(t, p, 0)
		_ = crash(t, p, 0)
		if waited := time.Since(began); waited != 0 {
			t.Errorf("the first crashes after a success cost %v", waited)
		}
		time.Sleep(time.Hour) // the bubble's clock
		began = time.Now()
		_ = crash(t, p, 0)
		if waited := time.Since(began); waited != 0 {
			t.Errorf("a start waited for %v after a crash that was an hour ago", waited)
		}
	})
}

func TestBackOffEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := newWorld()
		for range 8 {
			_ = crash(t, p, 0)
		}
		cause := errors.New("cancelled")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cause)
		defer cancel()
		starts := len(w.starts)
		if _, err := p.Take(ctx, "task", 0); !errors.Is(err, cause) || len(w.starts) != starts {
			t.Errorf("got %v and %d starts more, want %v and none", err, len(w.starts)-starts, cause)
		}
	})
}

// N crashes in a row are too many, and what came in between counts.
func TestTooManyCrashes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := newWorld()
		for _, between := range []error{
			nil, errors.New("its own exception"), &rush.Condition{Class: rush.ClassTimeout}, &rush.Condition{Class: rush.ClassCancelled},
		} {
			_ = crash(t, p, 3)
			_ = crash(t, p, 3)
			taken := take(t, p)
			taken.Process.broken = between != nil // it was stopped
			if err := p.Give(taken, between, 3); !errors.Is(err, between) {
				t.Errorf("got %v, want %v", err, between)
			}
		}
		_ = crash(t, p, 3)
		_ = crash(t, p, 3)
		u := unusable(t, crash(t, p, 3))
		if !u.Begun || !errors.Is(u, errCrash) {
			t.Errorf("got %#v, want a task that began, and the crash", u)
		}
		want := "the objective crashed 3 times in a row, the last time: crashed: segmentation fault; the last of its stderr:\nhere"
		if u.Error() != want {
			t.Errorf("got %q, want %q", u, want)
		}
		starts := len(w.starts)
		_, err := p.Take(t.Context(), "task", 3)
		if u := unusable(t, err); u.Begun || len(w.starts) != starts {
			t.Errorf("got %v and %d starts; want nothing to be started any more", u, len(w.starts)-starts)
		}
	})
}

// The first start of all is not tried again.
func TestAFirstStartThatFails(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{0, 5} {
		w, p := newWorld()
		w.fail = errors.New("no such file")
		_, err := p.Take(t.Context(), "task", limit)
		if u := unusable(t, err); u.Begun || !errors.Is(u, w.fail) || len(w.starts) != 1 {
			t.Errorf("got %v after %d starts, want that the task did not begin, and one", u, len(w.starts))
		}
	}
}

// Later ones are tried again, for the same task.
func TestALaterStartThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := newWorld()
		_ = crash(t, p, 5)
		w.fail = errors.New("no such file")
		go func() {
			time.Sleep(time.Second / 4)
			w.mu.Lock()
			defer w.mu.Unlock()
			w.fail = nil
		}()
		_ = p.Give(take(t, p), nil, 5)
		if len(w.starts) < 3 {
			t.Errorf("got %d starts, want some that failed between the first and the last", len(w.starts))
		}
		p.Renew()
		w.fail = errors.New("no such file")
		_, err := p.Take(t.Context(), "task", 5)
		if u := unusable(t, err); u.Begun || !errors.Is(u, w.fail) {
			t.Errorf("got %v, want that the task did not begin", u)
		}
		w, p = newWorld()
		_ = crash(t, p, 0)
		w.fail = errors.New("no such file")
		_, err = p.Take(t.Context(), "task", 0)
		if c, ok := errors.AsType[*rush.Condition](err); !ok || c.Class != rush.ClassCrashed {
			t.Errorf("got %v, want a crashed task when any number of crashes is borne", err)
		}
	})
}

// A program that is never up within the tasks' time is no better than one that
// crashes; a cancelled task says nothing of it.
func TestAStartThatTakesTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := pool.New(func(ctx context.Context, _ string) (*fake, error) {
			<-ctx.Done()
			return nil, errors.New("it was killed")
		})
		attempt := func(cause error) error {
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cause)
			defer cancel()
			_, err := p.Take(ctx, "task", 2)
			return err
		}
		cancelled, late := errors.New("cancelled"), &rush.Condition{Class: rush.ClassTimeout, Message: "it took longer than 1s"}
		for range 3 {
			if err := attempt(cancelled); !errors.Is(err, cancelled) {
				t.Fatalf("got %v, want %v", err, cancelled)
			}
		}
		want := &rush.Condition{Class: rush.ClassTimeout, Message: late.Message + ", while its process was being started"}
		if diff := cmp.Diff(error(want), attempt(late)); diff != "" {
			t.Fatalf("the task's error (-want +got):\n%s", diff)
		}
		if u := unusable(t, attempt(late)); !u.Begun {
			t.Errorf("got %#v, want that the task fails", u)
		}
	})
}

// There are never more processes than tasks, whatever happens, and none in the end.
func TestAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w, p := newWorld()
		var taken []pool.Taken[*fake]
		most := 0
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"take", "take", "give", "give", "break", "die", "renew"}).Draw(rt, "step") {
			case "take":
				taken = append(taken, take(t, p))
				most = max(most, len(taken))
			case "give", "break":
				if len(taken) == 0 {
					continue
				}
				i := rapid.IntRange(0, len(taken)-1).Draw(rt, "which")
				taken[i].Process.broken = rapid.Bool().Draw(rt, "broken")
				_ = p.Give(taken[i], nil, 5)
				taken = slices.Delete(taken, i, i+1)
			case "die":
				w.all = append(w.all, &fake{w: w, ended: true})
				w.all[rapid.IntRange(0, len(w.all)-1).Draw(rt, "who")].dead = true
			case "renew":
				p.Renew()
			}
			if w.alive > most || w.alive < len(taken) {
				rt.Fatalf("%d processes for %d tasks, of which there were %d at once", w.alive, len(taken), most)
			}
		}
		for _, one := range taken {
			_ = p.Give(one, nil, 5)
		}
		p.Close()
		if w.alive != 0 {
			rt.Fatalf("%d processes are left", w.alive)
		}
	})
}

// Taking and giving back what is kept costs no memory.
func TestTheHotPathAllocatesNothing(t *testing.T) {
	_, p := newWorld()
	defer p.Close()
	ctx := t.Context()
	if n := testing.AllocsPerRun(100, func() {
		taken, err := p.Take(ctx, "task", 5)
		if err != nil {
			panic(err)
		}
		_ = p.Give(taken, nil, 5)
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

func Example() {
	w, p := newWorld()
	defer p.Close()
	taken, err := p.Take(context.Background(), "task", 5)
	fmt.Println(taken.Process.number, err)
	err = p.Give(taken, nil, 5)
	fmt.Println(w.alive, err)
	// Output:
	// 0 <nil>
	// 1 <nil>
}
