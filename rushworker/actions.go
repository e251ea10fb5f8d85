package rushworker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// An Action is what a loop or a program offers to be called by a message EVAL,
// between two turns. argument is any value of package rush, nil if none was
// given; so is what it returns.
type Action func(ctx context.Context, argument any) (any, error)

// actions are what can be called by messages.
type actions struct {
	mu      sync.Mutex // guards what follows
	named   map[string]Action
	refresh []func(context.Context) error
}

// Offer lets a message EVAL call an action by its name. The last one of a name
// counts; nil takes it back.
func (w *Worker) Offer(name string, f Action) {
	w.actions.mu.Lock()
	defer w.actions.mu.Unlock()
	if w.actions.named == nil {
		w.actions.named = map[string]Action{}
	}
	if w.actions.named[name] = f; f == nil {
		delete(w.actions.named, name)
	}
}

// OnRefresh has a function called for each message REFRESH, between two turns,
// when the network's environment was read anew, and after the functions that were
// given before.
func (w *Worker) OnRefresh(f func(context.Context) error) {
	w.actions.mu.Lock()
	defer w.actions.mu.Unlock()
	w.actions.refresh = append(w.actions.refresh, f)
}

func (w *Worker) refresh(ctx context.Context) error {
	if err := w.readEnvironment(ctx); err != nil {
		return err
	}
	w.actions.mu.Lock()
	calls := slices.Clone(w.actions.refresh)
	w.actions.mu.Unlock()
	var errs []error
	for _, f := range calls {
		errs = append(errs, f(ctx))
	}
	return errors.Join(errs...)
}

// eval calls the action that the argument of EVAL names.
func (w *Worker) eval(ctx context.Context, argument any) (v any, err error) {
	name, given, err := called(argument)
	if err != nil {
		return nil, err
	}
	w.actions.mu.Lock()
	f, names := w.actions.named[name], slices.Sorted(maps.Keys(w.actions.named))
	w.actions.mu.Unlock()
	if f == nil {
		return nil, fmt.Errorf("the worker offers no action %q; it has %s", name, orNone(names))
	}
	defer func() {
		if p := recover(); p != nil {
			v, err = nil, fmt.Errorf("action %s panicked: %v", name, p)
		}
	}()
	if v, err = f(ctx, given); err != nil {
		return nil, fmt.Errorf("action %s: %w", name, err)
	}
	return v, nil
}

// called reads the argument of EVAL: a name, or a list of it and an argument.
func called(argument any) (name string, given any, err error) {
	switch v := argument.(type) {
	case string:
		return v, nil, nil
	case []any:
		if len(v) == 1 || len(v) == 2 {
			if name, ok := v[0].(string); ok {
				return name, append(v, nil)[1], nil
			}
		}
	}
	return "", nil, fmt.Errorf("EVAL was given %v; expected the name of an action, or a list of it and its argument", argument)
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
