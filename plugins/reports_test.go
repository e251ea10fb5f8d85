//go:build unix

package plugins_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// train reports the loss of epochs 1, 2, ... until it is told to stop; with
// "ask" it reports the first only, and asks. "together" reports are on their way
// at once.
func train(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	together, _ := e.XS["together"].(int64)
	stops, errs := make([]bool, together), make([]error, together)
	var all sync.WaitGroup
	for i := range stops {
		all.Go(func() { stops[i], errs[i] = e.Report(ctx, int64(i), rush.Values{"loss": float64(i)}) })
	}
	if all.Wait(); together > 0 {
		return rush.Values{"stopped": int64(slices.Index(stops, true))}, errors.Join(errs...)
	}
	for epoch := int64(1); ; epoch++ {
		e.Log.Info("epoch", "number", epoch)
		stop, err := e.Report(ctx, epoch, rush.Values{"loss": 1 / float64(epoch)})
		for err == nil && !stop && e.XS["ask"] == true {
			stop = e.ShouldStop(ctx)
		}
		if stop || err != nil {
			return rush.Values{"epochs": epoch}, err
		}
	}
}

// reports takes reports, and says at one step or question that it is enough.
type reports struct {
	mu           sync.Mutex
	steps        []int64
	last         rush.Values
	asked        int
	enough, fail int64
}

func (r *reports) Report(_ context.Context, step int64, ys rush.Values) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.steps, r.last = append(r.steps, step), ys
	if step > 0 && step == r.fail {
		return false, errors.New("the shelf is full")
	}
	return step == r.enough, nil
}

func (r *reports) ShouldStop(context.Context) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	return r.asked == 3, nil
}

func TestAnIsolatedObjectiveReportsAndIsToldToStop(t *testing.T) {
	t.Parallel()
	i := isolate(t, 0, nil)
	r := &reports{enough: 4}
	e := point(nil)
	e.Reporter = r
	out, err := i.Evaluate(t.Context(), "train", e)
	if err != nil {
		t.Fatal(err)
	}
	if out["epochs"] != int64(4) || !slices.Equal(r.steps, []int64{1, 2, 3, 4}) || r.last["loss"] != 0.25 {
		t.Errorf("got %v after the reports %v, the last one %v", out, r.steps, r.last)
	}
	ask := &reports{}
	e = point(rush.Values{"ask": true})
	e.Reporter = ask
	if out, err = i.Evaluate(t.Context(), "train", e); err != nil || out["epochs"] != int64(1) || ask.asked != 3 {
		t.Errorf("got %v, %v after %d questions; want 1 epoch after 3", out, err, ask.asked)
	}
}

func TestReportsThatAreOnTheirWayTogetherGetTheirOwnReplies(t *testing.T) {
	t.Parallel()
	r := &reports{enough: 11}
	e := point(rush.Values{"together": int64(32)})
	e.Reporter = r
	out, err := isolate(t, 0, nil).Evaluate(t.Context(), "train", e)
	if err != nil || out["stopped"] != int64(11) || len(r.steps) != 32 {
		t.Errorf("got %v, %v and %d reports; want 32, and 11 to be told to stop", out, err, len(r.steps))
	}
}

func TestAReportThatCouldNotBeStoredIsAnErrorInTheProcess(t *testing.T) {
	t.Parallel()
	e := point(nil)
	e.Reporter = &reports{fail: 2}
	_, err := isolate(t, 0, nil).Evaluate(t.Context(), "train", e)
	if err == nil || !strings.Contains(err.Error(), "report of step 2: the shelf is full") {
		t.Errorf("got %v", err)
	}
}
