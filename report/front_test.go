package report_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// Objectives are drawn against one another, three at most, and how the hypervolume
// grew is drawn for as many.
func TestFrontsOfSeveralObjectives(t *testing.T) {
	t.Parallel()
	all := loops.Codomain{
		{Name: "a", Goal: loops.Minimize}, {Name: "b", Goal: loops.Maximize}, {Name: "c", Goal: loops.Minimize}, {Name: "d", Goal: loops.Minimize},
	}
	for n, want := range map[int]struct {
		plots int
		note  string
	}{2: {2, ""}, 3: {4, "good for the other one"}, 4: {3, "The first 3 of 4 objectives are drawn"}} {
		page := write(t, archive(60, all[:n]))
		front := regexp.MustCompile(`(?s)<section id="front">.*?</section>`).FindString(page)
		if got := strings.Count(front, "<figure"); got != want.plots || !strings.Contains(front, want.note) {
			t.Errorf("of %d objectives there are %d plots, expected %d, and %q", n, got, want.plots, want.note)
		}
		if strings.Contains(front, "hypervolume") != (n < 4) {
			t.Errorf("of %d objectives: the hypervolume", n)
		}
	}
}

// The points of a front are listed from one end to the other, and what is far from it
// does not press it together.
func TestAFrontIsLookedAtClosely(t *testing.T) {
	t.Parallel()
	c := loops.Codomain{{Name: "a", Goal: loops.Minimize}, {Name: "b", Goal: loops.Maximize}}
	a := archive(0, c)
	for i := range 40 {
		v := float64(i * 7 % 30) // for 30 of them the two go together
		y := rush.Values{"a": v, "b": v}
		if i >= 30 {
			y = rush.Values{"a": 1000 + v, "b": -1000.0}
		}
		a.Tasks = append(a.Tasks, &rush.Task{Key: rush.TaskKey(i), State: rush.Finished, YS: y, Finished: began})
	}
	page := write(t, a)
	for _, want := range []string{"10 of 30 are listed, from the best a to the worst", "the 30 tasks that none dominates", "10 others are farther away"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	rows := regexp.MustCompile(`<tr><td>\d+</td><td>([\d.]+)</td>`).FindAllStringSubmatch(page, 10)
	if len(rows) != 10 || rows[0][1] != "0" || rows[9][1] != "29" {
		t.Errorf("the first rows are %q", rows)
	}
}
