package loops

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"runtime/debug"
	"sort"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/rushworker"
)

// A Problem is what a loop works on: how points are scored, what is wanted of
// the outputs, and when it is enough. One Problem may serve several workers of
// a process at once; it must not be changed then.
type Problem struct {
	// Objective scores every task that names no function of its own.
	Objective Objective
	// Functions score the tasks that name them.
	Functions map[string]Objective
	// Space is what the points are of, whose trafos Objective gets the values of
	// ([space.Space.Domain]). They are kept with the task, among the extras of its
	// outputs, under [space.DomainPrefix] and the name. The zero value gives points as they
	// are.
	Space     space.Space
	Codomain  Codomain
	Constants rush.Values
	// Task is what the tasks that the loop proposes are given; its Timeout,
	// Stall, Memory and Isolate are also those of queued tasks without them.
	Task rush.Options
	// Isolator evaluates the tasks whose options say Isolate. Nil evaluates
	// them here, without their limits of memory and silence, as it suits a
	// debugger.
	Isolator Isolator
	// Name is what the program serves Objective under, for the Isolator; empty
	// is the program's only one.
	Name string
	// Grace is how long an evaluation in processes of its own may take to end once
	// it was told to, until they are killed; 0 is the default of whoever starts
	// them.
	Grace       time.Duration
	Terminators []Terminator
	// Stopper ends evaluations early whose reports promise little. Nil ends none.
	Stopper Stopper
	// StopAfterFailures ends the run when that many tasks have failed alike
	// before any finished. 0 never does.
	StopAfterFailures int
	// Crashes is how many crashes in a row of an objective in processes of its own
	// a worker bears, before it ends; see [Unusable]. 0 is any number.
	Crashes int
	// Callbacks are called at the stages of workers.
	Callbacks Callbacks
}

// Close closes the objective, if it is one that can be: what it keeps for the
// next task is ended.
func (p *Problem) Close() error {
	if c, ok := p.Objective.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// A Renewer is an objective that keeps processes for the next tasks.
type Renewer interface {
	Objective
	// Renew has the next tasks evaluated by fresh processes, which have this
	// program's environment as it is then.
	Renew()
}

// Renew renews those of its objectives that are a [Renewer].
func (p *Problem) Renew() {
	for _, o := range p.Functions {
		renew(o)
	}
	renew(p.Objective)
}

func renew(o Objective) {
	if r, ok := o.(Renewer); ok {
		r.Renew()
	}
}

// abandonAfter is how long an objective may go on after its timeout and its grace
// before it is left alone.
const abandonAfter = 2 * time.Second

// Evaluate scores one task and returns what to deliver. Every way in which an
// objective can go wrong becomes a Result with a Condition. An objective that is
// Unusable ends the worker, too, as [rushworker.Worker.GiveUp] does. When somebody
// cancels the task the objective's ctx ends, and the Condition is the one that
// the task has by then.
func (p *Problem) Evaluate(ctx context.Context, w *rushworker.Worker, task *rush.Task) rushworker.Result {
	p.beforeEval(ctx, w, task)
	r := p.evaluate(ctx, w, task)
	p.afterEval(ctx, w, task, &r)
	return r
}

func (p *Problem) evaluate(ctx context.Context, w *rushworker.Worker, task *rush.Task) rushworker.Result {
	ctx, over := w.Evaluating(ctx, task)
	defer over()
	r := rushworker.Result{Key: task.Key, Attempt: task.Attempt, Spent: task.Spent}
	began := time.Now()
	reports := p.Reports(w, task)
	xs, changed, err := p.domain(task)
	var out rush.Values
	checkpoints := p.checkpoints(w, task)
	if err == nil {
		out, err = p.call(ctx, w, task, xs, reports, checkpoints)
	}
	r.Spent.Evaluating = time.Since(began)
	if err == nil {
		r.YS, r.Extra, err = p.Codomain.Split(reports.outputs(out))
	}
	if err == nil {
		r.Extra = with(reports.Extra(r.Extra), changed)
	}
	if u, ok := errors.AsType[*Unusable](err); ok {
		w.GiveUp(u)
		r.Requeue = !u.Begun
	}
	if c := rushworker.Cancelled(ctx); c != nil && err != nil {
		err, r.Requeue = c, false
	}
	if err != nil {
		r.YS, r.Condition = nil, condition(err)
	}
	checkpoints.conclude(ctx, &r)
	return r
}

// call calls the task's objective, not longer than the task's timeout.
func (p *Problem) call(ctx context.Context, w *rushworker.Worker, task *rush.Task, xs rush.Values, reports *Reports, checkpoints *checkpoints) (rush.Values, error) {
	o, err := p.objective(task)
	if err != nil {
		return nil, err
	}
	if err := unreadable(ctx, w, task); err != nil {
		return nil, err
	}
	e := &Evaluation{
		XS: xs, Constants: constants(p.Constants, w.Constants(), task.Captured), Network: w.Network(), Worker: w.ID(), Task: task.Key,
		Attempt: task.Attempt, Options: p.options(task), Stream: w.Stream(task), Log: reports.log, Scratch: w.Scratch(),
		Output:     w.TaskOutput(task.Key),
		Crashes:    p.Crashes,
		Reporter:   reports,
		Progressed: func(ctx context.Context, value any) error { return w.Progress(ctx, task, value) },
	}
	if checkpoints != nil {
		e.Checkpointer = checkpoints
	}
	if o, err = p.place(o, task.Function, e.Options); err != nil {
		return nil, err
	}
	return p.limited(ctx, o, e)
}

// constants returns the problem's constants with those of the network's
// environment and what the task captured; the last that has a name counts.
func constants(shared, environment, captured rush.Values) rush.Values {
	if len(environment) == 0 && len(captured) == 0 {
		return shared
	}
	all := make(rush.Values, len(shared)+len(environment)+len(captured))
	maps.Copy(all, shared)
	maps.Copy(all, environment)
	maps.Copy(all, captured)
	return all
}

// unreadable says why a large input, or what the task captured, is not there.
func unreadable(ctx context.Context, w *rushworker.Worker, task *rush.Task) error {
	for _, v := range []rush.Values{task.XS, task.XSExtra} {
		for name, value := range v {
			r, ok := value.(rush.Reference)
			if !ok {
				continue
			}
			_, err := w.Objects().Values(ctx, r.Hash)
			return fmt.Errorf("its value %s, of %d bytes, is in the object store and cannot be read: %w", name, r.Size, err)
		}
	}
	return nil
}

func (p *Problem) objective(task *rush.Task) (Objective, error) {
	if task.Function == "" && p.Objective != nil {
		return p.Objective, nil
	}
	if o, ok := p.Functions[task.Function]; ok {
		return o, nil
	}
	if task.Function == "" {
		return nil, errors.New("the worker has no objective; give one with the loop, or name a function with the task")
	}
	known := make([]string, 0, len(p.Functions))
	for name := range p.Functions {
		known = append(known, name)
	}
	sort.Strings(known)
	return nil, fmt.Errorf("the task names the function %q; this worker has %s", task.Function, list(known))
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// limited calls the objective with a deadline, if the task has a timeout. One
// that does not return soon after ctx has ended is abandoned: its goroutine goes
// on, its result is dropped. A [Prompt] one needs no goroutine.
func (p *Problem) limited(ctx context.Context, o Objective, e *Evaluation) (rush.Values, error) {
	if e.Options.Timeout > 0 {
		timeout := &rush.Condition{Class: rush.ClassTimeout, Message: fmt.Sprintf("the objective ran longer than %v", e.Options.Timeout)}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, e.Options.Timeout, timeout)
		defer cancel()
	}
	if _, ok := o.(Prompt); ok {
		ys, err := safely(ctx, o, e)
		return ys, timedOut(ctx, err)
	}
	type answer struct {
		ys  rush.Values
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		ys, err := safely(ctx, o, e)
		answers <- answer{ys, err}
	}()
	select {
	case a := <-answers:
		return a.ys, timedOut(ctx, a.err)
	case <-ctx.Done():
	}
	late := time.NewTimer(p.Grace + abandonAfter)
	defer late.Stop()
	select {
	case a := <-answers:
		return a.ys, timedOut(ctx, a.err)
	case <-late.C:
		return nil, timedOut(ctx, context.Cause(ctx))
	}
}

// timedOut returns the error, or the timeout's condition if the error only
// says that the context ended. An answer that came in spite of the deadline is
// an answer.
func timedOut(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return context.Cause(ctx)
	}
	return err
}

// safely calls the objective and turns a panic into a condition.
func safely(ctx context.Context, o Objective, e *Evaluation) (ys rush.Values, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &rush.Condition{Class: rush.ClassError, Message: fmt.Sprintf("the objective panicked: %v", p), Trace: string(debug.Stack())}
		}
	}()
	return o.Evaluate(ctx, e)
}

// condition makes a task's condition of an error.
func condition(err error) *rush.Condition {
	if c, ok := errors.AsType[*rush.Condition](err); ok {
		return c
	}
	if u, ok := errors.AsType[*Unusable](err); ok {
		return &rush.Condition{Class: rush.ClassCrashed, Message: u.Err.Error()}
	}
	return &rush.Condition{Class: rush.ClassError, Message: err.Error()}
}

// Split checks an objective's outputs and parts them into ys and extras. The
// targets become float64 and must be there, and be numbers. Without targets
// everything is ys.
func (c Codomain) Split(out rush.Values) (ys, extra rush.Values, err error) {
	if len(c) == 0 {
		if out == nil {
			out = rush.Values{}
		}
		return out, nil, nil
	}
	ys = make(rush.Values, len(c))
	for _, t := range c {
		v, ok := out[t.Name]
		if !ok {
			return nil, nil, fmt.Errorf("the objective returned no %q; expected every name of the codomain, found %s", t.Name, list(names(out)))
		}
		f, err := number(v)
		if err != nil {
			return nil, nil, fmt.Errorf("the objective returned %s = %v; expected a number: %w", t.Name, v, err)
		}
		if math.IsNaN(f) && t.Goal != Record {
			return nil, nil, fmt.Errorf("the objective returned %s = NaN; expected a number %s", t.Name, t.Goal.purpose())
		}
		ys[t.Name] = f
	}
	for name, v := range out {
		if !c.Has(name) {
			if extra == nil {
				extra = rush.Values{}
			}
			extra[name] = v
		}
	}
	return ys, extra, nil
}

// purpose says what a number is wanted for.
func (g Goal) purpose() string {
	if g == Constraint {
		return "of at most 0, or how much it is above"
	}
	return "to " + string(g)
}

func names(v rush.Values) []string {
	out := make([]string, 0, len(v))
	for name := range v {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

func number(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case float32:
		return float64(v), nil
	case int:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	}
	return 0, fmt.Errorf("it is a %T", v)
}
