package loops

import (
	"context"
	"fmt"
	"reflect"

	"github.com/rushnet/rush"
)

// Func makes an objective of a function from a struct, or a map from names to
// values, to another one:
//
//	type Point struct {
//		Rate  float64
//		Depth *int64 `rush:"max_depth"` // not in every point
//	}
//	type Score struct{ Loss float64 }
//
//	loops.Func(func(ctx context.Context, e *loops.Evaluation, p Point) (Score, error) { ... })
//
// A field's input or output is named by its tag rush, or else as the field is in
// lower case with underscores (MaxDepth: max_depth); "-" leaves it out. A field is
// a number, a bool, a string, a slice or a map of these, or any; a pointer may be
// missing. An evaluation whose inputs are not those fails, and names them. What a
// function of structs takes and returns is declared (see [Declared]), so that a
// search that does not fit is refused before a worker starts. A tag help is shown
// with the input.
//
// e has all that is known beside the inputs: the log, the random numbers, progress
// and intermediate values. Func panics when T or U can be no such inputs or outputs.
func Func[T, U any](f func(ctx context.Context, e *Evaluation, in T) (U, error)) Objective {
	in, err := newShape(reflect.TypeFor[T]())
	if err != nil {
		panic(fmt.Sprintf("loops.Func: inputs: %v", err))
	}
	out, err := newShape(reflect.TypeFor[U]())
	if err != nil {
		panic(fmt.Sprintf("loops.Func: outputs: %v", err))
	}
	return &funcObjective{in: in, out: out, call: func(ctx context.Context, e *Evaluation, in reflect.Value) (reflect.Value, error) {
		ys, err := f(ctx, e, in.Interface().(T))
		return reflect.ValueOf(&ys).Elem(), err
	}}
}

// A funcObjective is what Func returns.
type funcObjective struct {
	in, out *shape
	call    func(ctx context.Context, e *Evaluation, in reflect.Value) (reflect.Value, error)
}

var _ Declared = (*funcObjective)(nil)

// Evaluate implements Objective.
func (o *funcObjective) Evaluate(ctx context.Context, e *Evaluation) (rush.Values, error) {
	in, err := o.in.read(e.XS)
	if err != nil {
		return nil, fmt.Errorf("the inputs do not fit the objective: %w", err)
	}
	out, err := o.call(ctx, e, in)
	if err != nil {
		return nil, err
	}
	return o.out.write(out), nil
}

// Declaration implements Declared.
func (o *funcObjective) Declaration() Declaration {
	return Declaration{Arguments: o.in.arguments, Outputs: o.out.names()}
}
