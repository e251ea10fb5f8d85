package loops

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
)

// A Stretch is a part of a run, such as a part of a chain of loops, as far as it has
// come: what [Over] judges by.
type Stretch struct {
	// Ended are all tasks of the run that have ended, in the order of the network's
	// log, and Own those of them that belong to the stretch.
	Ended, Own []*rush.Task
	// Elapsed is for how long tasks of the stretch ran, at the same time or one after
	// another: a pause does not count.
	Elapsed time.Duration
	// Now is when the last task ended.
	Now time.Time
}

// Over says why a terminator ends a stretch of a run, or "" if it does not. It reads
// neither a store nor a clock: who has seen the same endings comes to the same answer.
// Evaluations, stagnation, expected improvement and run time count from the begin
// of the stretch; [PerfReached] looks at the whole run. A terminator that is not one of this
// package never ends one.
func Over(t Terminator, s *Stretch) string {
	if t, ok := t.(interface{ over(s *Stretch) string }); ok {
		return t.over(s)
	}
	return ""
}

func (t Evals) over(s *Stretch) string {
	if int64(len(s.Own)) < int64(t) {
		return ""
	}
	return fmt.Sprintf("evals: %d tasks have ended", len(s.Own))
}

func (t RunTime) over(s *Stretch) string {
	if s.Elapsed < time.Duration(t) {
		return ""
	}
	return fmt.Sprintf("run_time: %v are over", time.Duration(t))
}

func (t ClockTime) over(s *Stretch) string {
	if s.Now.Before(time.Time(t)) {
		return ""
	}
	return "clock_time: it is past " + time.Time(t).Format(time.RFC3339)
}

func (t PerfReached) over(s *Stretch) string {
	for _, task := range s.Ended {
		if task.State == rush.Finished {
			if reason := t.reached(task.Key, task.YS); reason != "" {
				return reason
			}
		}
	}
	return ""
}

func (t Stagnation) over(s *Stretch) string {
	if len(finishedOf(s.Own)) < t.Iters {
		return ""
	}
	return t.judge(s.inOrder())
}

func (t StagnationHypervolume) over(s *Stretch) string {
	if len(finishedOf(s.Own)) < t.Iters {
		return ""
	}
	return t.judge(s.inOrder())
}

// inOrder returns all tasks, those of the stretch last: tasks of another that end
// meanwhile are part of what was there before.
func (s *Stretch) inOrder() []*rush.Task {
	own := make(map[*rush.Task]bool, len(s.Own))
	for _, t := range s.Own {
		own[t] = true
	}
	others := slices.DeleteFunc(slices.Clone(s.Ended), func(t *rush.Task) bool { return own[t] })
	return append(others, s.Own...)
}

func finishedOf(tasks []*rush.Task) []*rush.Task {
	return slices.DeleteFunc(slices.Clone(tasks), func(t *rush.Task) bool { return t.State != rush.Finished })
}

func (t ExpectedImprovement) over(s *Stretch) string { return t.judge(s.Own) }

func (t AllOf) over(s *Stretch) string {
	reasons := make([]string, len(t))
	for i, one := range t {
		if reasons[i] = Over(one, s); reasons[i] == "" {
			return ""
		}
	}
	return strings.Join(reasons, "; and ")
}

func (t AnyOf) over(s *Stretch) string {
	for _, one := range t {
		if reason := Over(one, s); reason != "" {
			return reason
		}
	}
	return ""
}
