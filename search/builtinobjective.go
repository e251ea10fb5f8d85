package search

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/space"
)

// A builtin is a built-in objective: a function with one output, or with several.
type builtin struct {
	name, about string
	space       space.Space
	codomain    loops.Codomain
	evaluate    func(ctx context.Context, xs, constants rush.Values) (rush.Values, error)
}

// builtinNames lists the built-in objectives in alphabetical order.
func builtinNames() []string {
	return slices.Sorted(slices.Values(slices.Concat(functions.Names(), functions.MultiNames())))
}

// builtinByName returns the built-in objective of that name.
func builtinByName(name string) (builtin, bool) {
	if f, ok := functions.ByName(name); ok {
		return ofFunction(f), true
	}
	f, ok := functions.MultiByName(name)
	if !ok {
		return builtin{}, false
	}
	return ofMulti(f), true
}

// unknownBuiltin is the error about a name that no built-in objective has.
func unknownBuiltin(name string) error {
	return fmt.Errorf("there is no built-in objective %s%s", name, nearest.Hint(name, builtinNames()))
}

func ofFunction(f functions.Function) builtin {
	return builtin{
		name: f.Name, about: f.About, space: f.Space,
		codomain: loops.Codomain{{Name: functions.Output, Goal: functions.Goal}},
		evaluate: func(ctx context.Context, xs, constants rush.Values) (rush.Values, error) {
			return f.With(constants).Evaluate(ctx, xs)
		},
	}
}

func ofMulti(f functions.Multi) builtin {
	b := builtin{
		name: f.Name, about: f.About, space: f.Space,
		evaluate: func(ctx context.Context, xs, _ rush.Values) (rush.Values, error) { return f.Evaluate(ctx, xs) },
	}
	for _, name := range f.Outputs {
		b.codomain = append(b.codomain, loops.Target{Name: name, Goal: functions.Goal})
	}
	for _, name := range f.Constraints {
		b.codomain = append(b.codomain, loops.Target{Name: name, Goal: loops.Constraint})
	}
	return b
}

// outputs are the names of what it returns.
func (b *builtin) outputs() []string {
	names := make([]string, len(b.codomain))
	for i, t := range b.codomain {
		names[i] = t.Name
	}
	return names
}

// onlyOutputs ends the sentence about an output that it does not have.
func (b *builtin) onlyOutputs() string {
	names := b.outputs()
	if len(names) == 1 {
		return "its only one is " + names[0]
	}
	return "it has " + strings.Join(names, ", ")
}

// declaration says what it is, with the inputs with which it is usually searched.
func (b *builtin) declaration() loops.Declaration {
	d := loops.Declaration{Name: b.name, Help: b.about, Arguments: []loops.Argument{}, Outputs: b.outputs()}
	for _, p := range b.space.Params() {
		d.Arguments = append(d.Arguments, loops.Argument{
			Name: p.Name, Type: loops.Number, Required: true, Range: loops.Range{Lower: p.Lower, Upper: p.Upper},
		})
	}
	return d
}

// objective returns it as a search evaluates it.
func (b *builtin) objective() loops.Objective { return scored{b} }

type scored struct{ *builtin }

// Evaluate implements [loops.Objective].
func (s scored) Evaluate(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	return s.evaluate(ctx, e.XS, e.Constants)
}

// Declaration implements [loops.Declared]. It says nothing of the inputs, which may
// have any names.
func (s scored) Declaration() loops.Declaration {
	d := s.declaration()
	d.Arguments = nil
	return d
}

// Prompt implements [loops.Prompt]: it is a formula, or waits for its context.
func (s scored) Prompt() {}

var (
	_ loops.Declared = scored{}
	_ loops.Prompt   = scored{}
)
