package optimizer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/seeds"
)

// A Simulation runs an optimizer on workers that there are not: every one has an
// optimizer of its own and evaluates one point at a time, for as long as Duration
// says in a time that is only counted. It is for benchmarks and tests: thousands
// of evaluations take no longer than their proposals. As with a [Loop] that knows how
// many points the space has, no two tasks have the same point of a finite space.
type Simulation struct {
	Setting  Setting // of which Seed, Workers and Evals (above 0) are needed here
	Make     Make
	Evaluate func(ctx context.Context, xs rush.Values) (rush.Values, error)
	// Duration draws how long an evaluation takes, in any unit. Nil is 1 for all.
	Duration func(g *seeds.Generator) float64
	// Thinking draws how long a proposal takes in that time: until then others see
	// nothing of its point. Nil is no time at all.
	Thinking func(g *seeds.Generator) float64
	// Clock is what proposals are timed by: any time from a beginning of its own.
	// Nil is the time that passes.
	Clock func() time.Duration
}

// A Simulated is what came of a simulation.
type Simulated struct {
	Points []*Point // in the order in which they ended
	// Proposing is how long each proposal took, in the order of the tasks'
	// numbers, with learning what was new.
	Proposing []time.Duration

	points float64                 // of the space, if it is finite, else 0
	names  map[string]rush.TaskKey // the tasks by their points, if it is
}

// Best returns the first of the points whose first target is the least, nil if none
// finished. It asks for no other target, nor for constraints on outputs.
func (s *Simulated) Best() *Point {
	var least *Point
	for _, p := range s.Points {
		if p.Y != nil && (least == nil || p.Y[0] < least.Y[0]) {
			least = p
		}
	}
	return least
}

// A simulated worker.
type simulated struct {
	optimizer Optimizer
	learned   int     // of the points that ended
	running   *Point  // what it evaluates, or is about to; nil if it is idle
	from      float64 // when others see it
	until     float64
}

// Run runs the simulation to its budget, or until the optimizer is exhausted. An
// evaluation that returns an error is a failed point.
func (s *Simulation) Run(ctx context.Context) (*Simulated, error) {
	workers := make([]*simulated, max(s.Setting.Workers, 1))
	for i := range workers {
		o, err := s.Make(&s.Setting)
		if err != nil {
			return nil, err
		}
		workers[i] = &simulated{optimizer: o}
	}
	if s.Clock == nil {
		began := time.Now()
		timed := *s
		timed.Clock, s = func() time.Duration { return time.Since(began) }, &timed
	}
	out := &Simulated{points: Points(s.Setting.Space), names: make(map[string]rush.TaskKey)}
	now, evals := 0.0, s.Setting.Evals
	for key := rush.TaskKey(0); ; {
		for _, w := range workers {
			if w.running == nil && int64(key) < evals {
				switch err := s.start(ctx, w, workers, key, now, out); {
				case errors.Is(err, ErrExhausted):
					evals = int64(key)
				case err != nil:
					return nil, fmt.Errorf("task %d: %w", key, err)
				default:
					key++
				}
			}
		}
		next := soonest(workers)
		if next == nil {
			return out, nil
		}
		now = next.until
		out.Points = append(out.Points, next.running)
		next.running = nil
	}
}

// start has a worker propose a point and begin to evaluate it.
func (s *Simulation) start(ctx context.Context, w *simulated, all []*simulated, key rush.TaskKey, now float64, out *Simulated) error {
	began := s.Clock()
	w.optimizer.Learn(out.Points[w.learned:])
	w.learned = len(out.Points)
	stream := s.Setting.Seed.Task(int64(key))
	pending := pendingOf(all, now)
	r := &Request{Key: key, Rand: stream.Proposal().Generator(), Pending: pending, Choosing: out.choosing(key, pending), Waited: true}
	xs, extra, err := out.ask(ctx, &s.Setting, w.optimizer, r)
	out.Proposing = append(out.Proposing, s.Clock()-began)
	if err != nil {
		return err
	}
	seconds, thinking, g := 1.0, 0.0, stream.Objective().Generator()
	if s.Duration != nil {
		seconds = s.Duration(g)
	}
	if s.Thinking != nil {
		thinking = s.Thinking(g)
	}
	t := &rush.Task{Key: key, State: rush.Finished, XS: xs, XSExtra: extra}
	if t.YS, err = s.Evaluate(ctx, xs); err != nil {
		t.State, t.YS = rush.Failed, nil
	}
	w.running, w.from, w.until = s.Setting.point(t), now+thinking, now+thinking+seconds
	w.running.Seconds = seconds
	w.running.Started, w.running.Finished = moment(now), moment(w.until)
	return nil
}

// ask asks the optimizer for a point, one that no other task has if the space is
// finite.
func (s *Simulated) ask(ctx context.Context, setting *Setting, o Optimizer, r *Request) (xs, extra rush.Values, err error) {
	running := make(map[rush.TaskKey]bool, len(r.Pending))
	for _, p := range r.Pending {
		running[p.Key] = true
	}
	a := &asking{
		Setting: setting, key: r.Key, r: r,
		knows: func(p *Point) bool { return !running[p.Key] },
		claim: func(_ context.Context, name string, key rush.TaskKey) (rush.TaskKey, error) {
			s.names[name] = key
			return key, nil
		},
	}
	if s.points > 0 {
		a.known = s.names
	}
	xs, extra, err = a.ask(ctx, o)
	if errors.Is(err, errTaken) {
		xs, err = a.nearest(ctx, s.points)
	}
	return xs, extra, err
}

// moment is a time of the simulation, of which a unit is a second.
func moment(t float64) time.Time {
	return time.Unix(0, 0).UTC().Add(time.Duration(t * float64(time.Second)))
}

// choosing returns the numbers below key whose points others choose at this moment.
func (s *Simulated) choosing(key rush.TaskKey, pending []*Point) []rush.TaskKey {
	last, ended := rush.TaskKey(0), make(map[rush.TaskKey]bool, len(s.Points))
	for _, p := range s.Points {
		last, ended[p.Key] = max(last, p.Key), true
	}
	return choosing(key, last, func(k rush.TaskKey) bool { return ended[k] }, pending)
}

// pendingOf returns what the workers evaluate at a time, by number, without the results
// that are not there yet.
func pendingOf(workers []*simulated, now float64) []*Point {
	var points []*Point
	for _, w := range workers {
		if w.running != nil && w.from <= now {
			p := *w.running
			p.State, p.Y, p.Seconds, p.Finished = rush.Running, nil, 0, time.Time{}
			p.Violation, p.Constraints = nil, nil
			points = append(points, &p)
		}
	}
	return sortedByKey(points)
}

// soonest returns the worker whose evaluation ends first; nil if none runs.
func soonest(workers []*simulated) *simulated {
	var first *simulated
	for _, w := range workers {
		if w.running != nil && (first == nil || w.until < first.until) {
			first = w
		}
	}
	return first
}
