package search

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/command"
)

// An Objective says what scores the points; one of its fields is set.
type Objective struct {
	Builtin  string        `json:"builtin,omitempty"`  // a name of package loops/functions
	Function string        `json:"function,omitempty"` // an objective of the worker's program, by name
	Command  *command.Spec `json:"command,omitempty"`
	Plugin   *Plugin       `json:"plugin,omitempty"`
}

const objectiveExample = "{builtin: branin} or {command: [python3, train.py]}"

func (d *draft) objective(n *node) {
	if name, ok := n.value.(string); ok && n.kind == scalar {
		if _, known := builtinByName(name); known {
			d.wrong(n, "expected a map such as %s, found %s; write {builtin: %s}", objectiveExample, n.found(), name)
			return
		}
	}
	var spec command.Spec
	var plugin Plugin
	o := &d.def.Objective
	d.fields(n, objectiveExample, append([]entry{
		{"builtin", func(n *node) { o.Builtin = d.builtin(n) }},
		{"function", func(n *node) { o.Function, _ = d.text(n, "the name of an objective of the program") }},
		{"command", func(n *node) { o.Command, spec.Command = &spec, d.words(n) }},
		{"plugin", func(n *node) { o.Plugin, plugin.Command = &plugin, d.words(n) }},
		{"keep", func(n *node) { spec.Keep, _ = d.boolean(n) }},
		{"dir", func(n *node) { spec.Dir = d.commandDir(n) }},
		{"env", func(n *node) { spec.Env = d.commandEnv(n); plugin.Env = spec.Env }},
		{"template", func(n *node) { spec.Template = d.commandTemplates(n) }},
		{"answer", func(n *node) { spec.Answer = d.commandAnswer(n) }},
	}, d.pluginParts(&plugin)...)...)
	spec.SHA256 = plugin.SHA256
	if n.kind == mapping {
		d.oneObjective(n)
	}
}

// oneObjective looks for what does not go together.
func (d *draft) oneObjective(n *node) {
	var kinds []string
	for _, name := range []string{"builtin", "command", "function", "plugin"} {
		if n.get(name) != nil {
			kinds = append(kinds, name)
		}
	}
	if len(kinds) > 1 {
		d.add(n.field(kinds[1]).at, n.path, "%s are given; an objective is only one of them", strings.Join(kinds, " and "))
		return
	}
	if len(kinds) == 0 {
		if allKnown := !slices.ContainsFunc(n.fields, func(f field) bool { return partOf(f.name) == nil }); allKnown {
			d.wrong(n, "it does not say what to run; expected builtin, command, function or plugin, as in %s", objectiveExample)
		}
		return
	}
	for _, f := range n.fields {
		if of := partOf(f.name); of != nil && !slices.Contains(of, kinds[0]) {
			d.add(f.at, f.value.path, "it is for %ss; a %s has no %s", strings.Join(of, "s and "), kinds[0], f.name)
		}
	}
}

// partOf returns the kinds of objectives that a field beside the kind is for.
func partOf(name string) []string {
	return map[string][]string{
		"dir": {"command"}, "template": {"command"}, "answer": {"command"}, "keep": {"command"},
		"env":  {"command", "plugin"},
		"name": {"plugin"}, "sha256": {"command", "plugin"},
	}[name]
}

func (d *draft) builtin(n *node) string {
	name, ok := d.text(n, "the name of a built-in objective")
	if !ok {
		return ""
	}
	if _, known := builtinByName(name); !known {
		d.wrong(n, "%s", unknownBuiltin(name))
	}
	return name
}

// checkObjective checks the objective against the other parts. inputs are the
// names of what it will get, nil if they are not known.
func (d *draft) checkObjective(inputs []string) {
	switch o := &d.def.Objective; {
	case !d.has("objective"):
		if !d.strange && d.def.Loop.Command == nil && d.def.Loop.Plugin == nil { // such a loop may score its points itself
			d.blame("objective", "it is missing: say what scores the points, as in objective: %s", objectiveExample)
		}
	case o.Builtin != "":
		d.checkBuiltin()
	case o.Command != nil && d.good("constants"):
		opts := &command.Options{Parameters: inputs, Constants: slices.Sorted(maps.Keys(d.def.Constants)), Workers: d.file.Workers}
		if _, err := command.New(*o.Command, d.def.Dir, d.def.Codomain, opts); err != nil {
			d.blameCommand(err)
		}
	}
}

// errTried is the cause with which a trial of a built-in objective ends that had
// nothing to complain about.
var errTried = errors.New("tried")

// checkBuiltin tries one point: the functions know what they take.
func (d *draft) checkBuiltin() {
	b, ok := builtinByName(d.def.Objective.Builtin)
	if !ok {
		return // it was told
	}
	if point := d.somePoint(); point != nil && d.good("constants") {
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(errTried)
		if _, err := b.evaluate(ctx, point, d.def.Constants); err != nil && !errors.Is(err, errTried) {
			d.blameInput(strings.TrimPrefix(err.Error(), b.name+": "))
		}
	}
	for _, target := range d.def.Codomain {
		if !b.codomain.Has(target.Name) {
			f := d.root.get("codomain").field(target.Name)
			d.add(f.at, f.value.path, "the built-in objective has no output %s; %s", target.Name, b.onlyOutputs())
		}
	}
}

// blameInput adds what a built-in objective says of its inputs, at the parameter
// that it names, at the design, or at the space.
func (d *draft) blameInput(message string) {
	if design := d.root.get("loop").get("design"); design != nil && d.def.Space.Len() == 0 {
		d.wrong(design, "%s", message)
		return
	}
	name, rest, _ := strings.Cut(message, ": ")
	if f := d.root.get("space").field(name); f != nil {
		d.add(f.at, f.value.path, "%s", rest)
		return
	}
	d.blame("space", "%s", message)
}

// somePoint returns a point of the search as its objective gets it, or nil.
func (d *draft) somePoint() rush.Values {
	switch {
	case len(d.def.points) > 0:
		return d.def.points[0]
	case d.good("space") && d.def.Space.Len() > 0:
		u := make([]float64, d.def.Space.Len())
		point, err := d.def.Space.Domain(d.def.Space.FromUnit(u))
		if err == nil {
			return point
		}
	}
	return nil
}

// objective makes the objective.
func (d *Definition) objective(b Build) (loops.Objective, error) {
	switch o := &d.Objective; {
	case o.Builtin != "":
		b, ok := builtinByName(o.Builtin)
		if !ok {
			return nil, unknownBuiltin(o.Builtin)
		}
		return b.objective(), nil
	case o.Function != "":
		f, ok := b.Objectives[o.Function]
		if !ok {
			return nil, fmt.Errorf("the program has no objective %s%s", o.Function, nearest.Hint(o.Function, slices.Sorted(maps.Keys(b.Objectives))))
		}
		return f, nil
	case o.Command != nil:
		return d.command(b)
	case o.Plugin != nil:
		return plugins.NewObjective(d.located(o.Plugin.Spec), o.Plugin.Name)
	}
	if d.Loop.Command != nil || d.Loop.Plugin != nil {
		return nil, nil // it scores its points itself
	}
	return nil, errors.New("the search has no objective")
}
