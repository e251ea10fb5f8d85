package faults_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store/faultstore"
)

// Every verb that a run's processes always use; what else they use, as it comes,
// is tested too: an agent does not sweep, for one, when its beats come late.
var usedByRun = map[string][]string{
	"manager": {
		"AwaitMail", "Beat", "BeginRun", "Counts", "Create", "Define", "Definition", "EndRun", "EndWorker",
	},
	"worker": {"Definition", "EndWorker", "Next", "Register"},
}

// A run's manager (with the agents of its workers) or its workers are killed
// the first time that they come to a boundary: at each verb before its call on
// one store, and after it on the other. make soak does all.
func TestAKillAtTheBoundariesOfARun(t *testing.T) {
	t.Parallel()
	urls := map[bool]string{false: t.TempDir() + "/rush.db", true: redistest.URL(t)}
	for i, point := range pointsOfRun(t) {
		t.Run(point[0]+" "+point[1], func(t *testing.T) {
			t.Parallel()
			// Points come in pairs, before and after.
			redis := i%4 == 1 || i%4 == 2
			killed(t, urls[redis], point[0], point[1])
		})
	}
}

// TestSoakKillARun kills at every boundary that there is, on both stores.
func TestSoakKillARun(t *testing.T) {
	t.Parallel()
	if os.Getenv("RUSH_SOAK") != "1" {
		return
	}
	eachstore.Run(t, func(t *testing.T, url string) {
		for _, role := range []string{"manager", "worker"} {
			for n := int64(1); killed(t, url, role, faultstore.Point{Nth: n}.String()); n++ {
			}
		}
	})
}

// pointsOfRun lets a run go undisturbed and returns the role and the point of
// the first time at each boundary.
func pointsOfRun(t *testing.T) (points [][2]string) {
	t.Helper()
	s := newScene(t, t.TempDir()+"/rush.db")
	s.play("run", envCalls+"="+s.calls)
	s.finished()
	lines, err := readLines(s.calls)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	used := map[string][]string{}
	for _, line := range slices.Compact(lines) {
		role, boundary, _ := strings.Cut(line, " ")
		if verb, before := strings.CutPrefix(boundary, "before "); before {
			used[role] = append(used[role], verb)
			points = append(points, [2]string{role, "1 before " + verb}, [2]string{role, "1 after " + verb})
		}
	}
	for role, verbs := range usedByRun {
		for _, verb := range verbs {
			if !slices.Contains(used[role], verb) {
				t.Errorf("a %s did not call %s; it called %q", role, verb, used[role])
			}
		}
	}
	return points
}

// killed plays a run in which the role is killed at the point, checks what is
// left, and lets the run go on to its limit. It reports whether the point was
// reached, which is needed if its verb is always used.
func killed(t *testing.T, url, role, point string) bool {
	t.Helper()
	s := newScene(t, url)
	hit := s.playUntil("run", role, point)
	if verb := point[strings.LastIndex(point, " ")+1:]; !hit && slices.Contains(usedByRun[role], verb) {
		t.Errorf("the %s did not come to %s", role, point)
	}
	s.sound()
	s.play("run")
	s.finished()
	if t.Failed() {
		t.Fatalf("the %s was killed at %s", role, point)
	}
	return hit
}

// finished expects the run to have come to exactly its limit, with each attempt
// evaluated at most once, and those that finished exactly once.
func (s *scene) finished() {
	s.t.Helper()
	s.sound()
	net := s.archive()
	c, err := net.Counts(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if c.Ended() != runLimit || c.Created != runLimit || c.Total() != runLimit || c.Claimed != 0 {
		s.t.Errorf("found %+v; expected exactly %d tasks to have ended", c, runLimit)
	}
	evals, err := evaluations(s.evals)
	if err != nil {
		s.t.Fatal(err)
	}
	for attempt, n := range evals {
		if n > 1 {
			s.t.Errorf("attempt %d of task %d was evaluated %d times", attempt[1], attempt[0], n)
		}
	}
	keys, err := net.Keys(s.t.Context(), rush.Finished)
	if err != nil {
		s.t.Fatal(err)
	}
	tasks, err := net.Tasks(s.t.Context(), keys...)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, task := range tasks {
		if evals[[2]int64{int64(task.Key), int64(task.Attempt)}] != 1 {
			s.t.Errorf("task %d finished in attempt %d, which was not evaluated", task.Key, task.Attempt)
		}
	}
}
