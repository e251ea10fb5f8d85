package loops

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
)

func TestOutputsArePartedByTheCodomain(t *testing.T) {
	t.Parallel()
	y := Codomain{{"y", Minimize}}
	for name, c := range map[string]struct {
		codomain  Codomain
		out       rush.Values
		ys, extra rush.Values
		err       string
	}{
		"targets are floats":          {y, rush.Values{"y": int64(3)}, rush.Values{"y": 3.0}, nil, ""},
		"other names are extras":      {y, rush.Values{"y": 1.5, "epochs": int64(7)}, rush.Values{"y": 1.5}, rush.Values{"epochs": int64(7)}, ""},
		"infinity is a number":        {y, rush.Values{"y": math.Inf(1)}, rush.Values{"y": math.Inf(1)}, nil, ""},
		"a missing target":            {y, rush.Values{"z": 1.0}, nil, nil, `no "y"; expected every name of the codomain, found z`},
		"no outputs":                  {y, nil, nil, nil, `no "y"; expected every name of the codomain, found none`},
		"a target that is NaN":        {y, rush.Values{"y": math.NaN()}, nil, nil, "y = NaN; expected a number to minimize"},
		"a target that is text":       {y, rush.Values{"y": "high"}, nil, nil, "y = high; expected a number: it is a string"},
		"without a codomain all is y": {nil, rush.Values{"a": math.NaN(), "b": "x"}, rush.Values{"a": math.NaN(), "b": "x"}, nil, ""},
		"without a codomain nothing":  {nil, nil, rush.Values{}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ys, extra, err := c.codomain.Split(c.out)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("found error %v, expected %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]rush.Values{c.ys, c.extra}, []rush.Values{ys, extra}, cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAPanicIsACondition(t *testing.T) {
	t.Parallel()
	_, err := safely(context.Background(), ObjectiveFunc(func(context.Context, *Evaluation) (rush.Values, error) {
		panic("out of cheese")
	}), &Evaluation{})
	var c *rush.Condition
	if !errors.As(err, &c) || c.Class != rush.ClassError || !strings.Contains(c.Message, "out of cheese") || !strings.Contains(c.Trace, "problem_test.go") {
		t.Errorf("found %#v, expected a condition with the panic's text and where it came from", err)
	}
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	for name, f := range map[string]ObjectiveFunc{
		"one that observes its context": func(ctx context.Context, _ *Evaluation) (rush.Values, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"one that wraps its context's error": func(ctx context.Context, _ *Evaluation) (rush.Values, error) {
			<-ctx.Done()
			return nil, fmt.Errorf("stopped: %w", ctx.Err())
		},
		"one that ignores its context": func(context.Context, *Evaluation) (rush.Values, error) {
			<-release
			return rush.Values{"y": 1.0}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := new(Problem).limited(context.Background(), f, &Evaluation{Options: rush.Options{Timeout: time.Millisecond}})
			var c *rush.Condition
			if !errors.As(err, &c) || c.Class != rush.ClassTimeout {
				t.Errorf("found %v, expected a condition of class timeout", err)
			}
		})
	}
}

// A prompt objective runs where it is called, and has its deadline all the same.
func TestAPromptObjectiveHasNoGoroutine(t *testing.T) {
	t.Parallel()
	e := &Evaluation{Options: rush.Options{Timeout: time.Millisecond}}
	_, err := new(Problem).limited(context.Background(), prompt{func(ctx context.Context, _ *Evaluation) (rush.Values, error) {
		if stack := string(debug.Stack()); !strings.Contains(stack, "TestAPromptObjectiveHasNoGoroutine(") {
			t.Errorf("it is called from elsewhere:\n%s", stack)
		}
		<-ctx.Done()
		return nil, ctx.Err()
	}}, e)
	if c, ok := errors.AsType[*rush.Condition](err); !ok || c.Class != rush.ClassTimeout {
		t.Errorf("found %v, expected a condition of class timeout", err)
	}
}

// prompt is a function that returns soon.
type prompt struct{ ObjectiveFunc }

func (prompt) Prompt() {}

// What an evaluation costs that may have to be abandoned, beside one that need not.
func BenchmarkLimited(b *testing.B) {
	ys := rush.Values{"y": 1.0}
	f := ObjectiveFunc(func(context.Context, *Evaluation) (rush.Values, error) { return ys, nil })
	for _, one := range []struct {
		name string
		o    Objective
	}{{"any", f}, {"prompt", prompt{f}}} {
		b.Run(one.name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := new(Problem).limited(ctx, one.o, &Evaluation{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestAnAnswerInSpiteOfTheDeadlineIsAnAnswer(t *testing.T) {
	t.Parallel()
	ys, err := new(Problem).limited(context.Background(), ObjectiveFunc(func(ctx context.Context, _ *Evaluation) (rush.Values, error) {
		<-ctx.Done()
		return rush.Values{"y": 2.0}, nil
	}), &Evaluation{Options: rush.Options{Timeout: time.Millisecond}})
	if err != nil || ys["y"] != 2.0 {
		t.Errorf("found %v, %v; expected y = 2", ys, err)
	}
}

func TestFailingAlike(t *testing.T) {
	t.Parallel()
	task := func(class rush.Class, message string) *rush.Task {
		return &rush.Task{State: rush.Failed, Condition: &rush.Condition{Class: class, Message: message}}
	}
	for name, c := range map[string]struct {
		tasks []*rush.Task
		want  bool
	}{
		"the same":            {[]*rush.Task{task("error", "no file"), task("error", "no file")}, true},
		"but for the numbers": {[]*rush.Task{task("error", "x = 1.5 is bad"), task("error", "x = 27 is bad")}, true},
		"other classes":       {[]*rush.Task{task("error", "no file"), task("crashed", "no file")}, false},
		"other messages":      {[]*rush.Task{task("error", "no file"), task("error", "no disk")}, false},
		"no condition":        {[]*rush.Task{{}, {}}, false},
		"none":                {nil, false},
	} {
		if got := alike(c.tasks); got != c.want {
			t.Errorf("%s: found %v, expected %v", name, got, c.want)
		}
	}
}
