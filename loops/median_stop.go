package loops

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// DefaultEnough is how many other tasks MedianStop compares with at least.
const DefaultEnough = 5

// MedianStop stops an evaluation whose target, at a step, is worse than the median
// of what all other tasks had at the same step, finished, stopped early or running:
// the median rule of Golovin et al. (2017), Google Vizier, section 3.1.2, on the
// values themselves. NaN is worse than any median, and does not count in one. It
// belongs to one network.
type MedianStop struct {
	Target Target
	// Grace is the first step at which it may stop a task.
	Grace int64
	// Enough is how many other tasks must have reported the step; 0 is
	// DefaultEnough.
	Enough int

	mu       sync.Mutex
	reader   *rushworker.Reader
	finished map[rush.TaskKey]map[int64]float64 // of each task, by step
}

var _ Stopper = (*MedianStop)(nil)

// Stop implements Stopper.
func (s *MedianStop) Stop(ctx context.Context, w *rushworker.Worker, task *rush.Task, step int64, ys rush.Values) (string, error) {
	if step < s.Grace {
		return "", nil
	}
	y, err := number(ys[s.Target.Name])
	if err != nil {
		return "", fmt.Errorf("the report of step %d has %s = %v; expected a number: %w", step, s.Target.Name, ys[s.Target.Name], err)
	}
	others, err := s.at(ctx, w, task.Key, step)
	enough := s.Enough
	if enough == 0 {
		enough = DefaultEnough
	}
	if err != nil || len(others) < enough {
		return "", err
	}
	if m := median(others); math.IsNaN(y) || s.Target.Better(m, y) {
		return fmt.Sprintf("%s = %v; the median of %d other tasks is %v", s.Target.Name, y, len(others), m), nil
	}
	return "", nil
}

// at returns what all other tasks had after the step.
func (s *MedianStop) at(ctx context.Context, w *rushworker.Worker, but rush.TaskKey, step int64) ([]float64, error) {
	running, err := w.Keys(ctx, rush.Running)
	if err != nil {
		return nil, err
	}
	values, err := s.learn(ctx, w, step) // after running was read: a task is in one of them
	if err != nil {
		return nil, err
	}
	delete(values, but)
	running = slices.DeleteFunc(running, func(key rush.TaskKey) bool { return key == but })
	reports, err := w.Reports(ctx, running...)
	if err != nil {
		return nil, err
	}
	for i, key := range running {
		if y, ok := s.byStep(reports[i])[step]; ok {
			values[key] = y
		}
	}
	var others []float64
	for _, y := range values {
		if !math.IsNaN(y) {
			others = append(others, y)
		}
	}
	return others, nil
}

// learn reads the tasks that have finished since the last call, and returns what
// those that finished had after the step.
func (s *MedianStop) learn(ctx context.Context, w *rushworker.Worker, step int64) (map[rush.TaskKey]float64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reader == nil {
		s.reader, s.finished = w.Reader(rush.FieldReports), map[rush.TaskKey]map[int64]float64{}
	}
	tasks, err := s.reader.Read(ctx, 0)
	for _, t := range tasks {
		s.finished[t.Key] = s.byStep(t.Reports)
	}
	values := map[rush.TaskKey]float64{}
	for key, steps := range s.finished {
		if y, ok := steps[step]; ok {
			values[key] = y
		}
	}
	return values, err
}

// byStep picks the target out of reports.
func (s *MedianStop) byStep(reports []rush.Report) map[int64]float64 {
	steps := make(map[int64]float64, len(reports))
	for _, r := range reports {
		if y, err := number(r.YS[s.Target.Name]); err == nil {
			steps[r.Step] = y
		}
	}
	return steps
}

func median(v []float64) float64 {
	slices.Sort(v)
	half := len(v) / 2
	if len(v)%2 == 1 {
		return v[half]
	}
	return v[half-1]/2 + v[half]/2
}
