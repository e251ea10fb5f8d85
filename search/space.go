package search

import (
	"errors"

	"github.com/rushnet/rush/loops/space"
)

// space reads the parameters, in the order in which they are written: it is
// that of the random draws.
func (d *draft) space(n *node) {
	if !d.isMapping(n, "{x1: {type: dbl, lower: -5, upper: 10}}") {
		return
	}
	if len(n.fields) == 0 {
		d.wrong(n, "there are no parameters; add one, or remove it")
		return
	}
	before := len(d.found)
	params := make([]space.Param, len(n.fields))
	for i, f := range n.fields {
		params[i] = d.param(f)
	}
	if len(d.found) > before {
		return
	}
	var err error
	if d.def.Space, err = space.New(params...); err != nil {
		d.blameParam(n, err)
	}
}

// param reads one parameter and checks it by itself.
func (d *draft) param(f field) space.Param {
	before := len(d.found)
	p := space.Param{Name: f.name}
	number := func(into *float64) func(*node) {
		return func(n *node) { *into, _ = d.number(n, "a number") }
	}
	values := func(into *[]any) func(*node) {
		return func(n *node) {
			if n.kind != list {
				d.wrong(n, "expected a list such as [1, 2, 3], found %s", n.found())
				return
			}
			*into = n.plain().([]any)
		}
	}
	rest := f.value
	if n := rest.get("default"); n != nil && n.kind == scalar && n.value == nil {
		p.Default = new(any(nil)) // it is a value here, and nowhere else none
		rest = rest.without("default")
	}
	d.fields(rest, "{type: dbl, lower: 0, upper: 1}",
		entry{"type", func(n *node) { p.Type = d.paramType(n) }},
		entry{"lower", number(&p.Lower)},
		entry{"upper", number(&p.Upper)},
		entry{"log", func(n *node) { p.Log, _ = d.boolean(n) }},
		entry{"levels", values(&p.Levels)},
		entry{"by", number(&p.By)},
		entry{"values", values(&p.Values)},
		entry{"depends", func(n *node) { p.Depends = d.expression(n, `kernel == "rbf"`) }},
		entry{"trafo", func(n *node) { p.Trafo = d.expression(n, "10^x") }},
		entry{"special", values(&p.Special)},
		entry{"default", func(n *node) { p.Default = new(n.plain()) }},
		entry{"fidelity", func(n *node) { p.Fidelity, _ = d.boolean(n) }},
	)
	if len(d.found) > before {
		return p
	}
	d.paramComplete(f, p)
	if len(d.found) == before {
		alone := p
		alone.Depends = "" // on others
		if _, err := space.New(alone); err != nil {
			d.blameParam(&node{fields: []field{f}, at: f.at, path: "space"}, err)
		}
	}
	return p
}

func (d *draft) paramType(n *node) space.Type {
	text, ok := d.text(n, "a type (dbl, int, fct or lgl)")
	if !ok {
		return ""
	}
	t, err := space.ParseType(text)
	if err != nil {
		d.wrong(n, "%v", err)
	}
	return t
}

// paramComplete looks for what has to be there, which package space cannot tell
// from zeros.
func (d *draft) paramComplete(f field, p space.Param) {
	if p.Type == "" {
		d.add(f.at, f.value.path, "the type is missing; expected type: dbl, int, fct or lgl")
		return
	}
	if by := f.value.get("by"); by != nil && p.By == 0 {
		d.wrong(by, "expected a step above 0, found %s", by.found())
	}
	if p.Type != space.Dbl && p.Type != space.Int {
		return
	}
	bounds := 0
	for _, name := range []string{"lower", "upper"} {
		if f.value.get(name) != nil {
			bounds++
		}
	}
	if bounds == 2 || bounds == 0 && len(p.Values) > 0 {
		return
	}
	for _, name := range []string{"lower", "upper"} {
		if f.value.get(name) == nil {
			d.add(f.at, f.value.path, "%s is missing; a parameter of type %s has both bounds, lower and upper", name, p.Type)
		}
	}
}

// blameParam adds the mistake that package space found, at the field that it is
// about.
func (d *draft) blameParam(n *node, err error) {
	var about *space.ParamError
	if !errors.As(err, &about) {
		d.wrong(n, "%v", err)
		return
	}
	f := n.field(about.Param)
	if f == nil {
		d.wrong(n, "%v", about.Err)
		return
	}
	if part := f.value.get(about.Field); part != nil {
		d.wrongAt(part, about.Offset, "%v", about.Err)
		return
	}
	d.add(f.at, below(n.path, f.name), "%v", about.Err)
}

// expression reads an expression of package space as a text. A number or a bool
// is one too.
func (d *draft) expression(n *node, example string) string {
	if n.kind == scalar && n.value != nil {
		if text, ok := n.value.(string); ok {
			return text
		}
		return n.text
	}
	d.wrong(n, "expected an expression such as %s, found %s", example, n.found())
	return ""
}

// constraint reads one expression over the parameters or a list of them. The
// space is there by the time that check adds them to it.
func (d *draft) constraint(n *node) {
	const example = "units1 + units2 <= 512"
	items := n.items
	if n.kind != list {
		items = []*node{n}
	}
	for _, item := range items {
		d.constraints = append(d.constraints, d.expression(item, example))
	}
	d.constraintNodes = items
}

// constrain adds the constraints to the space.
func (d *draft) constrain() {
	if len(d.constraints) == 0 || !d.good("space", "constraint") {
		return
	}
	if d.def.Space.Len() == 0 {
		d.blame("constraint", "there is no space that it could be about; add one, or remove it")
		return
	}
	s, err := d.def.Space.Constrain(d.constraints...)
	var about *space.ConstraintError
	switch {
	case err == nil:
		d.def.Space = s
	case errors.As(err, &about):
		d.wrongAt(d.constraintNodes[about.Index], about.Offset, "%v", about.Err)
		d.bad["constraint"] = true
	default:
		d.blame("constraint", "%v", err)
		d.bad["constraint"] = true
	}
	if err != nil {
		d.bad["space"] = true
	}
}
