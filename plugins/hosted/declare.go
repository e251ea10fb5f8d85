package hosted

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/jsonlines"
)

// declareVerb is the verb by which a program says what it can be given. It is the
// first one, or none.
const declareVerb = "declare"

// ErrNoVerb says that a program called no verb: it is no loop in JSON lines, or
// takes long before its first one.
var ErrNoVerb = errors.New("it calls no verb")

// Describe starts the program of a loop, reads what it declares, and ends it: its
// stdin is closed from the beginning, and its first verb is not answered. A program
// that declares nothing has a nil list of arguments. The error is an [ErrNoVerb]
// when there was no verb until wait was over, or the program had ended well.
func Describe(ctx context.Context, spec plugins.Spec, wait time.Duration) (loops.Declaration, error) {
	d, err := describe(ctx, spec, wait)
	if err != nil {
		return d, fmt.Errorf("ask the loop %s what it takes: %w", &spec, err)
	}
	return d, nil
}

func describe(ctx context.Context, spec plugins.Spec, wait time.Duration) (loops.Declaration, error) {
	var d loops.Declaration
	cmd, err := spec.Cmd()
	if err != nil {
		return d, err
	}
	cmd.Env = append(os.Environ(), cmd.Env...)
	program, err := jsonlines.Start(cmd, &jsonlines.Options{Names: []string{"verb"}})
	if err != nil {
		return d, err
	}
	program.CloseInput()
	waiting, cancel := context.WithTimeoutCause(ctx, wait, fmt.Errorf("%w for %v", ErrNoVerb, wait))
	defer cancel()
	first, err := program.Receive(waiting)
	if errors.Is(err, jsonlines.ErrClosed) {
		return d, noVerb(program)
	}
	program.Stop(0)
	if err != nil {
		return d, err
	}
	r, err := newRequest(first)
	if err != nil || r.verb != declareVerb {
		return d, err
	}
	return r.declaration()
}

// noVerb says how a program ended that called none.
func noVerb(program *jsonlines.Conn) error {
	exit := program.End(DefaultGrace)
	if exit.OK() {
		return fmt.Errorf("%w, and ended", ErrNoVerb)
	}
	message := ending(exit) + " before its first verb"
	if stderr := program.Stderr(); stderr != "" {
		message += "; the last of its stderr:\n" + stderr
	}
	return errors.New(message)
}

// declare checks the loop's arguments against what the program says that it takes,
// and fills in defaults: for searches that were not checked when they began.
func (s *lineServer) declare(_ context.Context, r *request) (reply, error) {
	d, err := r.declaration()
	if err != nil {
		return nil, err
	}
	if s.spoken {
		return nil, fmt.Errorf("%s: it is to be the first verb, before hello", declareVerb)
	}
	args, err := d.Check(s.session.setting.Args)
	if err != nil {
		return nil, err
	}
	s.session.setting.Args = args
	return reply{}, nil
}

// declaration reads the members of the verb declare.
func (r *request) declaration() (loops.Declaration, error) {
	d := loops.Declaration{Help: r.text("help"), Arguments: []loops.Argument{}}
	for i, m := range r.objects("arguments") {
		part := &request{verb: fmt.Sprintf("argument %d", i+1), members: m, known: []string{""}}
		a := part.argument()
		if slices.ContainsFunc(d.Arguments, func(b loops.Argument) bool { return b.Name == a.Name }) {
			part.wrong("name", "there are two arguments named %s", a.Name)
		}
		if err := part.complete(); err != nil {
			r.errs = append(r.errs, err)
		}
		d.Arguments = append(d.Arguments, a)
	}
	return d, r.complete()
}

// argument reads a declared argument.
func (r *request) argument() loops.Argument {
	a := loops.Argument{
		Name: r.text("name"), Type: loops.ArgumentType(r.text("type")), Required: r.flag("required"), Default: r.get("default"),
		Range: r.bounds(), Choices: r.texts("choices"), Help: r.text("help"),
	}
	if a.Name == "" {
		r.wrong("name", "it is missing; expected the argument's name")
	}
	if types := argumentTypes(); !slices.Contains(types, string(a.Type)) {
		r.wrong("type", "found %q%s", a.Type, nearest.Hint(string(a.Type), types))
		return a
	}
	if a.Default == nil {
		return a
	}
	checked, err := loops.CheckArguments([]loops.Argument{a}, rush.Values{a.Name: a.Default})
	if err != nil {
		r.wrong("default", "%v", err)
	}
	a.Default = checked[a.Name]
	return a
}

func argumentTypes() []string {
	var names []string
	for _, t := range []loops.ArgumentType{loops.Number, loops.Integer, loops.Boolean, loops.Text, loops.List, loops.Map, loops.Any} {
		names = append(names, string(t))
	}
	return names
}

// bounds reads lower and upper, of which either may be left out.
func (r *request) bounds() loops.Range {
	lower, upper := r.bound("lower", math.Inf(-1)), r.bound("upper", math.Inf(1))
	if math.IsInf(lower, -1) && math.IsInf(upper, 1) {
		return loops.Range{}
	}
	return loops.Range{Lower: lower, Upper: upper}
}

func (r *request) bound(name string, absent float64) float64 {
	v := r.get(name)
	if v == nil {
		return absent
	}
	x, ok := number(v)
	if f, is := nonFinite[fmt.Sprint(v)]; is {
		x, ok = f, true
	}
	if !ok || math.IsNaN(x) {
		r.wrong(name, "expected a number, found %s", kind(v))
	}
	return x
}
