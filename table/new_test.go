package table_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
)

func TestNewGivesEveryFinishOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := newFake()
	c := newCache(t, f, checked(t))
	for i := range 3 {
		f.finished(t, x(i), y(i))
	}
	finished(t, c) // what another call has fetched is new all the same
	f.finished(t, x(3), y(3))
	if diff := cmp.Diff([]int64{0, 1, 2, 3}, numbers(must(t)(c.New(ctx, 0)))); diff != "" {
		t.Error(diff)
	}
	if got := must(t)(c.New(ctx, 0)).NumRows(); got != 0 {
		t.Errorf("New gave %d rows again", got)
	}
	f.retry(0)
	f.retry(2)
	f.run(2)
	f.finish(t, 2, y(20))
	f.finished(t, x(4), y(4))
	if diff := cmp.Diff([]int64{2, 4}, numbers(must(t)(c.New(ctx, 0)))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int64{1, 3, 2, 4}, numbers(finished(t, c))); diff != "" {
		t.Error(diff)
	}
}

func TestNewFailedGivesEveryFailureOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := network(t)
	c := newCache(t, f, checked(t))
	if diff := cmp.Diff([]int64{2}, numbers(must(t)(c.NewFailed(ctx, 0)))); diff != "" {
		t.Error(diff)
	}
	f.fail(t, 1, rush.DefaultCondition())
	if diff := cmp.Diff([]int64{1}, numbers(must(t)(c.NewFailed(ctx, time.Hour)))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int64{0}, numbers(must(t)(c.New(ctx, 0)))); diff != "" {
		t.Error(diff)
	}
}

func TestNewWaitsForAFinish(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, nil)
	k, bad := f.push(t, rush.Running, x(1)), f.push(t, rush.Running, x(2))
	asked := 0
	f.onEnded = func() {
		switch asked++; asked {
		case 1:
			f.fail(t, bad, rush.DefaultCondition()) // which is not what New waits for
		case 2:
			f.finish(t, k, y(1))
		}
	}
	tbl := must(t)(c.New(context.Background(), time.Minute))
	if diff := cmp.Diff([]int64{0}, numbers(tbl)); diff != "" {
		t.Error(diff)
	}
}

func TestNewGivesNothingWhenTheWaitIsOver(t *testing.T) {
	t.Parallel()
	c := newCache(t, newFake(), nil)
	if got := must(t)(c.New(context.Background(), time.Millisecond)).NumRows(); got != 0 {
		t.Errorf("got %d rows", got)
	}
}

func TestWaitingHoldsNobodyUpAndEndsWithItsContext(t *testing.T) {
	t.Parallel()
	f := newFake()
	waiting := make(chan struct{})
	var once sync.Once
	f.onEnded = func() { once.Do(func() { close(waiting) }) }
	c := newCache(t, f, nil)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		_, err := c.New(ctx, time.Hour)
		ended <- err
	}()
	<-waiting
	finished(t, c)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestManyCallersGetEveryFinishOnce(t *testing.T) {
	t.Parallel()
	const tasks, callers = 400, 4
	f := newFake()
	f.page = 5
	c := newCache(t, f, checked(t))
	seen := make(chan int64, tasks*2)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for ctx.Err() == nil {
				tbl, err := c.New(ctx, time.Hour)
				if err != nil {
					return
				}
				for _, n := range numbers(tbl) {
					seen <- n
				}
				tbl.Release()
				if all, err := c.Finished(ctx); err == nil {
					all.Release()
				}
			}
		})
	}
	for i := range tasks {
		f.finished(t, x(i), y(i))
	}
	got := map[int64]int{}
	for range tasks {
		got[<-seen]++
	}
	cancel()
	group.Wait()
	if len(seen) > 0 || len(got) != tasks {
		t.Errorf("%d tasks were given, %d of them more than once", len(got), len(seen))
	}
}

// An overtaken source lets somebody else read a page after it was read by who
// waits, and before they have it.
type overtaken struct {
	*fake
	other func()
}

func (o *overtaken) Ended(ctx context.Context, from rush.Cursor, limit int, fields rush.Fields, wait time.Duration) (rush.Page, error) {
	page, err := o.fake.Ended(ctx, from, limit, fields, wait)
	if wait > 0 {
		o.other()
	}
	return page, err
}

func TestAPageThatSomebodyElseHasReadIsNotAddedAgain(t *testing.T) {
	t.Parallel()
	source := &overtaken{fake: newFake()}
	c := newCache(t, source, checked(t))
	source.other = func() { finished(t, c) }
	source.finished(t, x(1), y(1))
	tbl := must(t)(c.New(context.Background(), time.Hour))
	if diff := cmp.Diff([]int64{0}, numbers(tbl)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int64{0}, numbers(finished(t, c))); diff != "" {
		t.Error(diff)
	}
}
