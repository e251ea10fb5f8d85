package loops

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// A Terminator says when a run is to end. Each worker asks its own; the first
// one that holds ends the run for all. The budget of evaluations is not one of
// them: the store keeps it (see the definition's limit).
type Terminator interface {
	// Start is called once before a worker's first turn and returns a
	// Check for that worker: it is called with each result that the worker
	// delivered, and with nil while it is idle, and returns why the run is
	// to end, or "".
	Start(ctx context.Context, w *rushworker.Worker) (Check, error)
}

// A Check is a [Terminator] at work for one worker; see there.
type Check interface {
	Check(r *rushworker.Result) (reason string)
	// Patience bounds how long the worker may wait before it asks again.
	Patience() time.Duration
}

// RunTime ends a run when it has run for so long, resumes added up.
type RunTime time.Duration

// PerfReached ends a run when a task reached every one of these values of the
// targets at once, and keeps to the constraints on outputs.
type PerfReached struct {
	Codomain Codomain
	Values   map[string]float64
}

var (
	_ Terminator = RunTime(0)
	_ Terminator = PerfReached{}
)

const noHurry = time.Hour

type runTime struct {
	limit time.Duration
	end   time.Time
}

// Start reads how long the run has been going on.
func (t RunTime) Start(ctx context.Context, w *rushworker.Worker) (Check, error) {
	run, err := w.Run(ctx)
	if err != nil {
		return nil, err
	}
	return &runTime{time.Duration(t), time.Now().Add(time.Duration(t) - run.Elapsed)}, nil
}

func (t *runTime) Check(*rushworker.Result) string {
	if time.Now().Before(t.end) {
		return ""
	}
	return fmt.Sprintf("run_time: %v are over", t.limit)
}

func (t *runTime) Patience() time.Duration { return max(time.Until(t.end), time.Millisecond) }

type perfReached struct {
	PerfReached
	before string // the reason, if an earlier task reached it
}

// Start looks whether a task that finished earlier reached the values.
func (t PerfReached) Start(ctx context.Context, w *rushworker.Worker) (Check, error) {
	c := &perfReached{PerfReached: t}
	err := w.EachFinished(ctx, rush.FieldYS, func(task *rush.Task) bool {
		c.before = t.reached(task.Key, task.YS)
		return c.before == ""
	})
	return c, err
}

func (t *perfReached) Check(r *rushworker.Result) string {
	if r == nil || r.Condition != nil {
		return t.before
	}
	return t.reached(r.Key, r.YS)
}

func (*perfReached) Patience() time.Duration { return noHurry }

func (t PerfReached) reached(key rush.TaskKey, ys rush.Values) string {
	if total(t.Codomain.Violations(ys)) > 0 {
		return ""
	}
	said := make([]string, 0, len(t.Values))
	for _, target := range t.Codomain {
		want, ok := t.Values[target.Name]
		if !ok {
			continue
		}
		y, ok := ys[target.Name].(float64)
		if !ok || target.Better(want, y) {
			return ""
		}
		said = append(said, fmt.Sprintf("%s = %.6g", target.Name, y))
	}
	return fmt.Sprintf("perf_reached: task %d has %s", key, strings.Join(said, ", "))
}

// A Watch asks a worker's terminators, and stops the network when one of them
// holds: what the built-in loops do by themselves, for loops that take their turns
// in another way. It is used by one goroutine.
type Watch struct {
	ctx    context.Context
	p      *Problem
	w      *rushworker.Worker
	checks []Check
	worked bool // a task has finished, as far as this worker knows
}

// Watch returns the watch of a worker. ctx is that of the worker's loop.
func (p *Problem) Watch(ctx context.Context, w *rushworker.Worker) *Watch {
	return &Watch{ctx: ctx, p: p, w: w}
}

// Start starts the terminators, once before anything else; a reason says that the run is over already.
func (a *Watch) Start() (string, error) {
	for _, t := range a.p.Terminators {
		c, err := t.Start(a.ctx, a.w)
		if err != nil {
			return "", err
		}
		a.checks = append(a.checks, c)
	}
	reason := a.ask(nil)
	if reason == "" {
		return "", nil
	}
	return reason, a.w.StopNetwork(a.ctx, rush.RunDone, reason)
}

func (a *Watch) ask(r *rushworker.Result) string {
	for _, c := range a.checks {
		if reason := c.Check(r); reason != "" {
			return reason
		}
	}
	return ""
}

// Patience bounds a wait by what the terminators bear.
func (a *Watch) Patience(d time.Duration) time.Duration {
	for _, c := range a.checks {
		d = min(d, c.Patience())
	}
	return d
}

// Idle asks the terminators while there is nothing to do.
func (a *Watch) Idle() (stopped bool, err error) {
	if reason := a.ask(nil); reason != "" {
		return true, a.w.StopNetwork(a.ctx, rush.RunDone, reason)
	}
	return false, nil
}

// needsDelivery reports whether the result may end the run, so that it has to
// be stored before anything else is asked for.
func (a *Watch) needsDelivery(r rushworker.Result) bool {
	if r.Condition == nil {
		a.worked = true
	}
	return a.mayStop(r) || a.ask(&r) != ""
}

func (a *Watch) mayStop(r rushworker.Result) bool {
	return r.Condition != nil && r.Condition.Class != rush.ClassCancelled && !a.worked && a.p.StopAfterFailures > 0
}

// Delivered stops the network if the stored result is a reason to.
func (a *Watch) Delivered(r rushworker.Result) (stopped bool, err error) {
	if reason := a.ask(&r); reason != "" {
		return true, a.w.StopNetwork(a.ctx, rush.RunDone, reason)
	}
	if !a.mayStop(r) {
		return false, nil
	}
	reason, err := a.hopeless()
	if reason == "" || err != nil {
		return false, err
	}
	return true, a.w.StopNetwork(a.ctx, rush.RunFailed, reason)
}

// hopeless says why no task is likely to finish: the first ones failed alike.
func (a *Watch) hopeless() (string, error) {
	counts, err := a.w.Counts(a.ctx)
	if err != nil {
		return "", err
	}
	n := a.p.StopAfterFailures
	a.worked = counts.Finished > 0
	if a.worked || counts.Failed < int64(n) {
		return "", nil
	}
	keys, err := a.w.Keys(a.ctx, rush.Failed)
	if err != nil {
		return "", err
	}
	tasks, err := a.w.Tasks(a.ctx, keys[:min(n, len(keys))]...)
	if errors.Is(err, rush.ErrNoTask) {
		return "", nil // somebody deletes tasks: not our decision
	}
	if err != nil || !alike(tasks) {
		return "", err
	}
	return fmt.Sprintf("the first %d tasks failed alike: %s", n, tasks[0].Condition.Error()), nil
}

var digits = regexp.MustCompile(`[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?`)

// alike reports whether all tasks failed with the same class and, but for the
// numbers in it, the same message.
func alike(tasks []*rush.Task) bool {
	kind := func(t *rush.Task) string {
		if t.Condition == nil || t.Condition.Class == rush.ClassCancelled {
			return ""
		}
		return string(t.Condition.Class) + " " + digits.ReplaceAllString(t.Condition.Message, "#")
	}
	return len(tasks) > 0 && !slices.ContainsFunc(tasks, func(t *rush.Task) bool {
		return kind(t) == "" || kind(t) != kind(tasks[0])
	})
}
