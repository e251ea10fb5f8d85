package rushworker

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rushnet/rush"
)

// A Load says how many workers there were over time, and how many of them were
// busy: evaluated a task.
type Load struct {
	Start   time.Time     // of the first step
	Step    time.Duration // the length of each
	Workers []float64     // alive in each step, on average
	Busy    []float64     // of those, that evaluated a task
}

// Mean returns the share of the workers' time in which they were busy, from 0
// to 1.
func (l *Load) Mean() float64 {
	var busy, workers float64
	for i := range l.Busy {
		busy, workers = busy+l.Busy[i], workers+l.Workers[i]
	}
	return share(busy, workers)
}

// Share returns the share of the workers that were busy in a step.
func (l *Load) Share(i int) float64 { return share(l.Busy[i], l.Workers[i]) }

func share(part, of float64) float64 {
	if of <= 0 {
		return 0
	}
	return min(part/of, 1)
}

// Load returns the load of the workers (none named: all that ever were) in that
// many equal steps, from the first registration to the last sign of life. It
// reads the times of all tasks.
func (a *Archive) Load(ctx context.Context, steps int, ids ...rush.WorkerID) (*Load, error) {
	if steps < 1 {
		return nil, fmt.Errorf("network %s: load: the number of steps is %d; expected 1 or more", a.src.ID(), steps)
	}
	workers, err := a.Workers(ctx)
	if err != nil {
		return nil, err
	}
	if len(ids) > 0 {
		workers = slices.DeleteFunc(workers, func(w rush.Worker) bool { return !slices.Contains(ids, w.ID) })
	}
	busy, err := a.evaluations(ctx, workers)
	if err != nil {
		return nil, err
	}
	return loadOf(workers, busy, steps), nil
}

// A span is a stretch of time. Without an end it goes on.
type span struct{ from, to time.Time }

// evaluations returns when each worker evaluated tasks.
func (a *Archive) evaluations(ctx context.Context, workers []rush.Worker) (map[rush.WorkerID][]span, error) {
	spans := map[rush.WorkerID][]span{}
	note := func(t *rush.Task) {
		if !t.Started.IsZero() {
			spans[t.Worker] = append(spans[t.Worker], span{t.Started, t.Finished})
		}
		for _, before := range t.Attempts {
			if !before.Started.IsZero() {
				spans[before.Worker] = append(spans[before.Worker], span{before.Started, before.Finished})
			}
		}
	}
	var at rush.Cursor
	for more := true; more; {
		s, err := a.Follow(ctx, at, rush.FieldTimes|rush.FieldWorker|rush.FieldHistory, 0)
		if err != nil {
			return nil, err
		}
		if s.Reset {
			clear(spans)
		}
		for _, e := range s.Ended {
			if e.Task != nil && e.Task.State.Ended() && e.Task.Attempt == e.Attempt {
				note(e.Task)
			}
		}
		at, more = s.Next, s.More
	}
	for _, w := range workers {
		tasks, err := a.Tasks(ctx, w.Running...)
		if err != nil {
			return nil, err
		}
		for _, t := range tasks {
			if t.State == rush.Running {
				note(t)
			}
		}
	}
	return spans, nil
}

// loadOf puts lives and evaluations into steps.
func loadOf(workers []rush.Worker, busy map[rush.WorkerID][]span, steps int) *Load {
	l := &Load{Workers: make([]float64, steps), Busy: make([]float64, steps)}
	var end time.Time
	for i, w := range workers {
		if i == 0 || w.Registered.Before(l.Start) {
			l.Start = w.Registered
		}
		end = latest(end, w.Beat, w.Ended)
		for _, s := range busy[w.ID] {
			end = latest(end, s.from, s.to)
		}
	}
	l.Step = end.Sub(l.Start) / time.Duration(steps)
	if l.Step <= 0 {
		return l
	}
	for _, w := range workers {
		life := span{w.Registered, w.Ended}
		if life.to.IsZero() {
			life.to = end
		}
		l.add(l.Workers, life)
		for _, s := range union(busy[w.ID], life) {
			l.add(l.Busy, s)
		}
	}
	return l
}

func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

// union returns when at least one of the spans held, within a life. It sorts
// them.
func union(spans []span, life span) (out []span) {
	slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
	for _, s := range spans {
		if s.to.IsZero() || s.to.After(life.to) {
			s.to = life.to
		}
		s.from = latest(s.from, life.from)
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			out[n-1].to = latest(out[n-1].to, s.to)
		} else if s.to.After(s.from) {
			out = append(out, s)
		}
	}
	return out
}

// add adds to each step the share of it that the span covers.
func (l *Load) add(to []float64, s span) {
	for i := max(0, int(s.from.Sub(l.Start)/l.Step)); i < len(to); i++ {
		begin := l.Start.Add(time.Duration(i) * l.Step)
		if !s.to.After(begin) {
			return
		}
		stop := begin.Add(l.Step)
		if s.to.Before(stop) {
			stop = s.to
		}
		to[i] += float64(stop.Sub(latest(begin, s.from))) / float64(l.Step)
	}
}
