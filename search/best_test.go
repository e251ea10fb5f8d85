package search_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
)

// finish has tasks 0, 1, ... finish with these outputs, in this order.
func (s *site) finish(all ...rush.Values) {
	s.t.Helper()
	w, err := s.net.OpenWorker(s.t.Context(), rushworker.Config{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.Close(s.t.Context(), "the test is over")
	for i, ys := range all {
		tasks, err := w.PushRunningTasks(s.t.Context(), []rush.Task{{XS: rush.Values{"x": int64(i)}}})
		if err != nil {
			s.t.Fatal(err)
		}
		if err := w.Finish(s.t.Context(), tasks[0], ys, nil); err != nil {
			s.t.Fatal(err)
		}
	}
}

func keys(tasks []*rush.Task) []rush.TaskKey {
	list := []rush.TaskKey{}
	for _, t := range tasks {
		list = append(list, t.Key)
	}
	return list
}

func TestBestByOneObjective(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		s.finish(rush.Values{"y": 3.0, "c": 0.0}, rush.Values{"y": 5.0, "c": -1.0}, rush.Values{"y": 9.0, "c": 0.5}, rush.Values{"y": 5.0, "c": 0.0},
			rush.Values{"c": 0.0}, rush.Values{"y": 8.0, "c": 0.1})
		c := loops.Codomain{{Name: "y", Goal: loops.Maximize}, {Name: "c", Goal: loops.Constraint}}
		for n, want := range map[int][]rush.TaskKey{1: {1}, 3: {1, 3, 0}, 0: {1, 3, 0, 5, 2}} {
			got, err := search.Best(t.Context(), s.net, c, n)
			if diff := cmp.Diff(want, keys(got)); diff != "" || err != nil {
				t.Errorf("the %d best (-want +got), %v:\n%s", n, err, diff)
			}
		}
		if _, err := search.Best(t.Context(), s.net, nil, 3); !errors.Is(err, search.ErrNoObjective) {
			t.Errorf("without a codomain: %v", err)
		}
	})
}

func TestParetoSet(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		c := loops.Codomain{{Name: "a", Goal: loops.Minimize}, {Name: "b", Goal: loops.Maximize}, {Name: "c", Goal: loops.Constraint}}
		if got, err := search.ParetoSet(t.Context(), s.net, c); len(got) > 0 || err != nil {
			t.Errorf("of no tasks: %v, %v", got, err)
		}
		s.finish(rush.Values{"a": 2.0, "b": 2.0}, rush.Values{"a": 3.0, "b": 4.0, "c": 0.0}, rush.Values{"a": 1.0, "b": 1.0, "c": 0.0},
			rush.Values{"a": 2.0, "b": 1.0, "c": -1.0}, rush.Values{"a": 0.0, "b": 9.0, "c": 2.0}, rush.Values{"a": 1.0, "b": 1.0, "c": 0.0})
		got, err := search.Fronts(t.Context(), s.net, c)
		var fronts [][]rush.TaskKey
		for _, f := range got {
			fronts = append(fronts, keys(f))
		}
		// Task 0 lacks its constraint, which it thereby violates without bound.
		if diff := cmp.Diff([][]rush.TaskKey{{2, 5, 1}, {3}, {4}, {0}}, fronts); diff != "" || err != nil {
			t.Errorf("fronts (-want +got), %v:\n%s", err, diff)
		}
		// By hand: below (4, 0) there are 1·1 + 1·1 + 1·4 up to 1, 2, 3 and 4.
		v, used, err := search.Hypervolume(t.Context(), s.net, c, map[string]float64{"a": 4, "b": 0})
		if v != 6 || used["b"] != 0 || err != nil {
			t.Errorf("the hypervolume is %v below %v, %v; expected 6", v, used, err)
		}
		v, used, err = search.Hypervolume(t.Context(), s.net, c, nil)
		if diff := cmp.Diff(map[string]float64{"a": 3, "b": 1}, used); diff != "" || v != 0 || err != nil {
			t.Errorf("with the worst as the reference: %v below %v, %v", v, used, err)
		}
		if _, _, err := search.Hypervolume(t.Context(), s.net, c, map[string]float64{"z": 4}); err == nil {
			t.Error("a reference with an unknown name is no error")
		}
	})
}

// With a fidelity parameter the best are those of the largest budget, evaluated to
// its end: what looks better after less may not be.
func TestTheMostThoroughTasks(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		c := loops.Codomain{{Name: "y", Goal: loops.Minimize}}
		plain := space.MustNew(space.Param{Name: "x", Type: space.Int, Lower: 0, Upper: 9})
		sp := space.MustNew(append(plain.Params(), space.Param{Name: "n", Type: space.Dbl, Lower: 1, Upper: 81, Fidelity: true})...)
		none, err := search.MostThorough(t.Context(), s.net, sp, c)
		if got, err2 := search.Best(t.Context(), none, c, 0); len(got) > 0 || err != nil || err2 != nil {
			t.Errorf("of no tasks: %v, %v, %v", got, err, err2)
		}
		w, err := s.net.OpenWorker(t.Context(), rushworker.Config{})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close(t.Context(), "the test is over")
		for i, task := range []struct {
			n     float64
			y     rush.Values
			extra rush.Values
		}{
			{1, rush.Values{"y": 0.5}, nil}, {27, rush.Values{"y": 3.0}, nil}, {27, rush.Values{"y": 1.0}, rush.Values{loops.StoppedAt: int64(4)}},
			{27, rush.Values{"y": 2.0}, nil}, {81, rush.Values{}, nil}, {9, rush.Values{"y": 2.5}, nil},
		} {
			tasks, err := w.PushRunningTasks(t.Context(), []rush.Task{{XS: rush.Values{"x": int64(i), "n": task.n}}})
			if err == nil {
				err = w.Finish(t.Context(), tasks[0], task.y, task.extra)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		a, err := search.MostThorough(t.Context(), s.net, sp, c)
		if err != nil || a.Name != "n" || a.Budget != 27 || a.Left != 4 {
			t.Fatalf("found %+v, %v", a, err)
		}
		got, err := search.Best(t.Context(), a, c, 0)
		if diff := cmp.Diff([]rush.TaskKey{3, 1}, keys(got)); diff != "" || err != nil {
			t.Errorf("the best (-want +got), %v:\n%s", err, diff)
		}
		all, err := search.MostThorough(t.Context(), s.net, plain, c)
		got, err2 := search.Best(t.Context(), all, c, 2)
		if diff := cmp.Diff([]rush.TaskKey{0, 2}, keys(got)); diff != "" || err != nil || err2 != nil || all.Left != 0 {
			t.Errorf("without a fidelity parameter (-want +got), %v, %v:\n%s", err, err2, diff)
		}
	})
}
