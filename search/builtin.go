package search

import (
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
)

// Loops are the loops that a search file can name, in the order in which people
// should read them.
func Loops() []loops.Declaration {
	none := []loops.Argument{}
	all := []loops.Declaration{
		{Name: Auto, Help: "Picks one of those below that suits the search: what a search with a space has that names no loop.", Arguments: none},
		{Name: RandomSearch, Help: "Draws points uniformly from the space.", Arguments: none},
		{Name: GridSearch, Help: "Evaluates a grid over the space, and ends.", Arguments: []loops.Argument{{
			Name: "resolution", Type: loops.Any,
			Help: "how many values a parameter has on the grid: one integer, or a map of some parameters to integers",
		}}},
		{Name: DesignPoints, Help: "Evaluates the points of a file, and ends.", Arguments: []loops.Argument{{
			Name: "design", Type: loops.Text, Required: true, Help: "the file: .csv, .jsonl or .parquet",
		}}},
		{Name: Queue, Help: "Evaluates what is pushed until it is told to end.", Arguments: none},
	}
	for _, k := range optimizers() {
		all = append(all, k.Declaration)
	}
	return append(all, chainDeclaration())
}

// Objectives are the built-in objectives that a search file can name, in
// alphabetical order, each with the inputs with which it is usually searched.
func Objectives() []loops.Declaration {
	var all []loops.Declaration
	for _, name := range builtinNames() {
		if b, ok := builtinByName(name); ok {
			all = append(all, b.declaration())
		}
	}
	return all
}

func loopNames() []string {
	var names []string
	for _, l := range Loops() {
		names = append(names, l.Name)
	}
	return names
}

// declaredLoop returns what is declared of a built-in loop, nil if there is none
// of that name.
func declaredLoop(name string) *loops.Declaration {
	for _, l := range Loops() {
		if l.Name == name {
			return &l
		}
	}
	return nil
}

func (d *draft) loopName(n *node) string {
	name, ok := d.text(n, "the name of a loop")
	if ok && declaredLoop(name) == nil {
		d.wrong(n, "there is no loop %s%s", name, nearest.Hint(name, loopNames()))
	}
	return name
}

// builtinLoop reads a name, and the arguments that the loop declares.
func (d *draft) builtinLoop(n *node) {
	name := n.get("name")
	if name == nil {
		d.wrong(n, "the name is missing; expected %s", orList(loopNames()))
		return
	}
	var declared []loops.Argument
	known := []entry{{"name", func(n *node) { d.def.Loop.Name = d.loopName(n) }}}
	text, _ := name.value.(string)
	loop := declaredLoop(text)
	if loop != nil {
		declared = loop.Arguments
	}
	for _, a := range declared {
		known = append(known, entry{a.Name, func(n *node) { d.loopArgument(n, a) }})
	}
	var rest node
	rest, own := *n, []field{}
	for _, f := range n.fields {
		if slices.ContainsFunc(known, func(e entry) bool { return e.name == f.name }) {
			own = append(own, f)
		} else if loop != nil {
			d.add(f.at, below(n.path, f.name), "the loop %s has no argument %s%s", loop.Name, f.name, whichArgument(f.name, declared))
		}
	}
	rest.fields = own
	d.fields(&rest, "{name: random_search}", known...)
	d.needsArguments(n)
	d.optimizerDefaults()
}

// whichArgument ends the sentence about an argument that a loop does not have.
func whichArgument(name string, declared []loops.Argument) string {
	if len(declared) == 0 {
		return "; it takes none: remove it"
	}
	var names []string
	for _, a := range declared {
		names = append(names, a.Name)
	}
	if near, ok := nearest.Name(name, names); ok {
		return "; did you mean " + near + "?"
	}
	return "; it takes " + strings.Join(names, ", ")
}

// loopArgument reads one argument of a built-in loop.
func (d *draft) loopArgument(n *node, a loops.Argument) {
	if _, err := loops.CheckArguments([]loops.Argument{a}, rush.Values{a.Name: n.plain()}); err != nil {
		d.wrong(n, "expected %s (%s), found %s%s", a.Expected(), a.Help, n.found(), meant(n, a.Choices))
		return
	}
	switch a.Name {
	case "resolution":
		d.def.Loop.Resolution = d.resolution(n)
	case "design":
		d.def.Loop.Design = &Design{File: n.plain().(string)}
	default:
		if d.def.Loop.Args == nil {
			d.def.Loop.Args = make(Args)
		}
		d.def.Loop.Args[a.Name] = n.plain()
	}
}

// meant asks whether one of the choices was meant by a text.
func meant(n *node, choices []string) string {
	if text, ok := n.value.(string); ok {
		if near, ok := nearest.Name(text, choices); ok {
			return "; did you mean " + near + "?"
		}
	}
	return ""
}

// needsArguments looks for arguments of a built-in loop that are missing.
func (d *draft) needsArguments(n *node) {
	l := declaredLoop(d.def.Loop.Name)
	if l == nil {
		return
	}
	for _, a := range l.Arguments {
		if a.Required && n.field(a.Name) == nil {
			d.wrong(n, "the argument %s is missing; expected %s (%s)", a.Name, a.Expected(), a.Help)
		}
	}
}
