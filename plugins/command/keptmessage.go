package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// messageNames are what make a line of a process that is kept a message. One that
// has several of them is the first of them.
func messageNames() []string { return []string{"log", "progress", "report", "ask", "error", "ys"} }

// handle does what a message asks for. over says that it was the answer: with the
// outputs, or with a condition that says that the task failed. Another error is
// what no program should say.
func (p *keptProcess) handle(ctx context.Context, m rush.Values, e *loops.Evaluation) (ys rush.Values, over bool, err error) {
	for _, name := range messageNames() {
		value, ok := m[name]
		if !ok {
			continue
		}
		switch name {
		case "log":
			record(ctx, m, e.Log)
			return nil, false, nil
		case "progress":
			e.Progress(ctx, value)
			return nil, false, nil
		case "report":
			return nil, false, p.report(ctx, value, e)
		case "ask":
			return nil, false, p.ask(ctx, value, e)
		case "error":
			if value != nil { // null is said by programs that always say it
				return nil, true, failure(m, e)
			}
		case "ys":
			ys, err := p.o.outputs(m, e)
			return ys, true, err
		}
	}
	return nil, true, errors.New(`the program's answer is {"error":null} and has no ys`)
}

// record logs a message: its text, at its level, with everything else that it has.
func record(ctx context.Context, m rush.Values, log *slog.Logger) {
	level, attrs := slog.LevelInfo, []slog.Attr{}
	for _, name := range sortedNames(m) {
		if name == "level" {
			if text, ok := m[name].(string); ok && level.UnmarshalText([]byte(text)) == nil {
				continue
			}
		}
		if name != "log" {
			attrs = append(attrs, slog.Any(name, m[name]))
		}
	}
	text, ok := m["log"].(string)
	if !ok {
		text = fmt.Sprint(m["log"])
	}
	log.LogAttrs(ctx, level, text, attrs...)
}

// report keeps intermediate values, and answers whether to stop early.
func (p *keptProcess) report(ctx context.Context, value any, e *loops.Evaluation) error {
	m, _ := value.(map[string]any)
	step, ok := m["step"].(int64)
	ys, isMap := m["ys"].(map[string]any)
	if !ok || !isMap {
		return fmt.Errorf(`the program's report is none: expected {"report":{"step":3,"ys":{"y":1.5}}} with an integer for the step, found %v`, value)
	}
	stop, err := e.Report(ctx, step, ys)
	if err != nil {
		e.Log.LogAttrs(ctx, slog.LevelWarn, "the task's report could not be stored", slog.Any("error", err))
	}
	return p.tell(ctx, stop)
}

// ask answers the question whether to stop early, which reports nothing.
func (p *keptProcess) ask(ctx context.Context, value any, e *loops.Evaluation) error {
	if value != "stop" {
		return fmt.Errorf(`the program's question is none: expected {"ask":"stop"}, found %v`, value)
	}
	return p.tell(ctx, e.ShouldStop(ctx))
}

// tell sends the answer that a program waits for.
func (p *keptProcess) tell(ctx context.Context, stop bool) error {
	return p.conn.Send(ctx, fmt.Appendf(nil, `{"stop":%t}`, stop))
}

// told is a condition that came of an answer, whatever it is. The process that gave
// it goes on.
type told struct{ *rush.Condition }

// failure is the condition that the program tells.
func failure(m rush.Values, e *loops.Evaluation) error {
	if err := sameTask(m, e); err != nil {
		return err
	}
	c := &rush.Condition{Class: rush.ClassError, Message: fmt.Sprint(m["error"])}
	c.Trace, _ = m["trace"].(string)
	known := []rush.Class{rush.ClassError, rush.ClassTimeout, rush.ClassCrashed}
	switch class, ok := m["class"].(string); {
	case ok && slices.Contains(known, rush.Class(class)):
		c.Class = rush.Class(class)
	case m["class"] != nil:
		c.Message += fmt.Sprintf(" (the program said that its class is %v; expected one of %v)", m["class"], known)
	}
	return told{c}
}

// outputs are those of an answer. A number alone will do when the codomain has
// one name; null stands for what was reported last.
func (o *Objective) outputs(m rush.Values, e *loops.Evaluation) (rush.Values, error) {
	if err := sameTask(m, e); err != nil {
		return nil, err
	}
	switch ys := m["ys"].(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return ys, nil
	case int64, float64:
		if o.answer.single != "" {
			return rush.Values{o.answer.single: ys}, nil
		}
	}
	return nil, told{&rush.Condition{
		Class: rush.ClassError, Message: fmt.Sprintf("the answer is none: expected ys to be %s, found %v", o.answer.expected(), m["ys"]),
	}}
}

// sameTask refuses the answer to another task.
func sameTask(m rush.Values, e *loops.Evaluation) error {
	for name, want := range map[string]int64{"task": int64(e.Task), "attempt": int64(e.Attempt)} {
		if got, ok := m[name]; ok && got != want {
			return fmt.Errorf("the program answered %s %v when it was asked for %s %d", name, got, name, want)
		}
	}
	return nil
}
