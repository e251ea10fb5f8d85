package hosted

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// A Session is a worker in the hands of a program in another language. Its
// methods are the verbs that the program can call; they take turns, so that any
// goroutine may call them.
type Session struct {
	w       *rushworker.Worker
	setting plugins.Setting

	mu    sync.Mutex // guards what follows; held during a verb
	watch *loops.Watch
	over  string                      // why the loop is to end
	held  map[rush.TaskKey]*rush.Task // running, and not ended yet
	// reports are those of held tasks of which something was reported.
	reports map[rush.TaskKey]*loops.Reports
}

// A Point is what a loop proposes.
type Point struct {
	XS, Extra rush.Values
	Options   *rush.Options // nil: those of the search's tasks
}

// newTask is the point as one that is to be created.
func (s *Session) newTask(p Point) rush.Task {
	t := rush.Task{XS: p.XS, XSExtra: p.Extra, Options: s.setting.Problem.Task}
	if p.Options != nil {
		t.Options = *p.Options
	}
	return t
}

// An Outcome is how the evaluation of a task ended: finished with YS, or failed
// with Condition.
type Outcome struct {
	Key       rush.TaskKey
	YS, Extra rush.Values
	Condition *rush.Condition
}

// A Handout is what Take brought: a task to evaluate, or else the number of a
// task that is to be proposed and the random-number stream to draw it with. It has
// neither when the loop is to end.
type Handout struct {
	Task   *rush.Task
	Key    rush.TaskKey // rush.NoTask if there is a Task
	Stream seeds.Stream
}

// New returns the session of a worker whose loop is made with the setting.
func New(ctx context.Context, w *rushworker.Worker, s plugins.Setting) (*Session, error) {
	h := &Session{
		w: w, setting: s, watch: s.Problem.Watch(ctx, w),
		held: map[rush.TaskKey]*rush.Task{}, reports: map[rush.TaskKey]*loops.Reports{},
	}
	var err error
	h.over, err = h.watch.Start()
	return h, err
}

// Over says why the loop is to end, "" to go on: the worker or the run was
// stopped, a terminator holds, or the budget is used.
func (s *Session) Over() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over != "" {
		return s.over, nil
	}
	if s.w.Terminated() {
		s.over = s.w.StopReason()
		return s.over, nil
	}
	return "", s.ask(s.watch.Idle())
}

// ask notes what the terminators said.
func (s *Session) ask(stopped bool, err error) error {
	if stopped {
		s.over = "a terminator holds"
	}
	return err
}

// Pop takes a task from the worker's queues, waiting up to wait for one, also while
// nothing is left anywhere that could bring one but a push; nil if there is none.
func (s *Session) Pop(ctx context.Context, wait time.Duration) (*rush.Task, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.next(ctx, rushworker.Step{Pop: true, Wait: s.watch.Patience(wait), Idle: true})
	return t.Task, err
}

// Take takes a task from the worker's queues or, if there is none, claims the
// number of the task that the loop is to propose next, with Start.
func (s *Session) Take(ctx context.Context) (Handout, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.next(ctx, rushworker.Step{Pop: true, Claim: true})
	h := Handout{Task: t.Task, Key: t.Claimed}
	if h.Key != rush.NoTask {
		h.Stream = s.w.Proposer(h.Key)
	} else if h.Task == nil && err == nil && s.over == "" && t.Exhausted {
		s.over = "the budget is used"
	}
	return h, err
}

// Start makes a running task of a number that Take claimed; nil if the number is
// not the worker's any more: Take another one.
func (s *Session) Start(ctx context.Context, key rush.TaskKey, p Point, proposing time.Duration) (*rush.Task, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.next(ctx, rushworker.Step{Propose: &rushworker.Proposal{
		Key: key, XS: p.XS, Extra: p.Extra, Options: s.newTask(p).Options, Proposing: proposing,
	}})
	return t.Task, err
}

// PushRunning creates tasks that this worker evaluates now. None, and no error,
// when the budget has no room for them: the loop is over then.
func (s *Session) PushRunning(ctx context.Context, points []Point) ([]*rush.Task, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	given := make([]rush.Task, len(points))
	for i, p := range points {
		given[i] = s.newTask(p)
	}
	tasks, err := s.w.PushRunningTasks(ctx, given)
	if errors.Is(err, rush.ErrExhausted) {
		s.over = "the budget is used"
		return nil, nil
	}
	for _, t := range tasks {
		s.held[t.Key] = t
	}
	return tasks, err
}

// Push queues tasks for whoever takes them, this worker or another one, and
// returns their numbers. They take nothing from the budget.
func (s *Session) Push(ctx context.Context, points []Point) ([]rush.TaskKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	given := make([]rush.Task, len(points))
	for i, p := range points {
		given[i] = s.newTask(p)
	}
	return s.w.PushTasks(ctx, given)
}

// Evaluate scores a task that the loop holds with the search's objective. The
// outcome is to be delivered like any other.
func (s *Session) Evaluate(ctx context.Context, key rush.TaskKey) (Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	task, err := s.task(key)
	if err != nil {
		return Outcome{}, err
	}
	if s.setting.Problem.Objective == nil {
		return Outcome{}, errors.New("the search has no objective; the loop is to score its points itself")
	}
	r := s.setting.Problem.Evaluate(ctx, s.w, task)
	task.Spent = r.Spent
	if r.Requeue { // the worker ends, and the task is another one's
		if _, err := s.next(ctx, rushworker.Step{Done: []rushworker.Result{r}}); err != nil {
			return Outcome{}, err
		}
		delete(s.held, key)
		return Outcome{}, s.w.GaveUp()
	}
	return Outcome{Key: key, YS: r.YS, Extra: r.Extra, Condition: r.Condition}, nil
}

// End delivers outcomes of tasks that the loop holds, all in one round trip.
func (s *Session) End(ctx context.Context, outcomes []Outcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	results := make([]rushworker.Result, len(outcomes))
	for i, o := range outcomes {
		task, err := s.task(o.Key)
		if err != nil {
			return err
		}
		results[i] = rushworker.Result{Key: o.Key, Attempt: task.Attempt, YS: o.YS, Extra: o.Extra, Condition: o.Condition, Spent: task.Spent}
		if reports := s.reports[o.Key]; reports != nil && o.Condition == nil {
			results[i].Extra = reports.Extra(o.Extra)
		}
	}
	if _, err := s.next(ctx, rushworker.Step{Done: results}); err != nil {
		return err
	}
	for _, r := range results {
		delete(s.held, r.Key)
		delete(s.reports, r.Key)
		if err := s.ask(s.watch.Delivered(r)); err != nil {
			return err
		}
	}
	return nil
}

// Progress makes known how far a task is that the loop holds; nil clears it.
func (s *Session) Progress(ctx context.Context, key rush.TaskKey, value any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	task, err := s.task(key)
	if err != nil {
		return err
	}
	return s.w.Progress(ctx, task, value)
}

// Report makes known what a task that the loop holds had after a step, such as an
// epoch, in place of what was reported for that step before, and says whether the
// loop should stop the task early: then it is to finish it with what it has.
func (s *Session) Report(ctx context.Context, key rush.TaskKey, step int64, ys rush.Values) (stop bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	task, err := s.task(key)
	if err != nil {
		return false, err
	}
	if s.reports[key] == nil {
		s.reports[key] = s.setting.Problem.Reports(s.w, task)
	}
	return s.reports[key].Report(ctx, step, ys)
}

// Log writes into the worker's log.
func (s *Session) Log(ctx context.Context, level slog.Level, message string, attrs rush.Values) {
	list := make([]slog.Attr, 0, len(attrs))
	for name, value := range attrs {
		list = append(list, slog.Any(name, value))
	}
	s.w.Log().LogAttrs(ctx, level, message, list...)
}

// next takes a step and keeps what it brought.
func (s *Session) next(ctx context.Context, step rushworker.Step) (rushworker.Turn, error) {
	t, err := s.w.Next(ctx, step)
	if t.Stop != "" {
		s.over = t.Stop
	}
	if t.Task != nil {
		s.held[t.Task.Key] = t.Task
	}
	return t, err
}

func (s *Session) task(key rush.TaskKey) (*rush.Task, error) {
	if t, ok := s.held[key]; ok {
		return t, nil
	}
	return nil, fmt.Errorf("task %d is not held by this loop: it was never handed out, or has ended", key)
}
