package search

import (
	"slices"
	"strconv"
	"strings"
)

// setFlag is how a mistake in what changed the file begins.
const setFlag = "--set "

// set applies one --set flag, such as terminate.evals=500, to the file's nodes
// and returns the root. A name with dots stands in double quotes:
// space."svm.kernel".log=true. An item of a list is named by its number, from 0.
// Without a value, or with null, what is named is removed.
func set(root *node, text string, m *mistakes) *node {
	at := place{flag: setFlag + text}
	names, value, wrong := parseSet(text)
	if wrong != "" {
		m.add(at, "", "expected NAME.NAME=VALUE, such as terminate.evals=500; %s", wrong)
		return root
	}
	before := len(m.found)
	v := parseYAML([]byte(value), "", at.flag, m)
	if len(m.found) > before {
		return root
	}
	if root == nil {
		root = &node{kind: mapping}
	}
	a := assignment{at: at, value: v, mistakes: m}
	a.in(root, names)
	return root
}

// parseSet parts the text into the names and the value; what is wrong with it is
// a part of a sentence.
func parseSet(text string) (names []string, value, wrong string) {
	path, value, ok := cutAssignment(text)
	switch {
	case strings.Count(text, `"`)%2 == 1 && !ok:
		return nil, "", "a quote is not closed"
	case !ok:
		return nil, "", "it has no ="
	}
	names, wrong = splitPath(path)
	return names, value, wrong
}

// cutAssignment parts the text at the first = that is not in quotes.
func cutAssignment(text string) (path, value string, ok bool) {
	quoted := false
	for i, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '=' && !quoted:
			return text[:i], text[i+1:], true
		}
	}
	return "", "", false
}

// splitPath parts a path at its dots; what is wrong with it is a part of a
// sentence.
func splitPath(path string) (names []string, wrong string) {
	for i, part := range strings.Split(path, `"`) {
		switch {
		case i%2 == 1: // between quotes
			names = append(names, part)
		case i == 0:
			if part != "" {
				names = strings.Split(strings.TrimSuffix(part, "."), ".")
			}
		default:
			if part = strings.Trim(part, "."); part != "" {
				names = append(names, strings.Split(part, ".")...)
			}
		}
	}
	for _, name := range names {
		if name == "" {
			return nil, "a name is empty"
		}
	}
	if len(names) == 0 {
		return nil, "the name is empty"
	}
	return names, ""
}

// An assignment is a --set at work.
type assignment struct {
	at    place
	value *node // nil removes
	*mistakes
}

// in assigns to what the names lead to, from n on.
func (a *assignment) in(n *node, names []string) {
	a.open(n)
	switch n.kind {
	case list:
		a.inList(n, names)
		return
	case scalar:
		a.add(a.at, "", "%s is %s, which has no %s in it; set it as a whole", n.path, n.found(), names[0])
		return
	}
	if len(names) == 1 {
		a.assign(n, names[0])
		return
	}
	f := n.field(names[0])
	if f == nil {
		f = n.append(field{names[0], a.at, &node{kind: mapping, at: a.at, path: below(n.path, names[0])}})
	}
	value := *f.value // an alias may share it
	f.value = &value
	a.in(&value, names[1:])
}

// assign sets, or removes, one name of a mapping.
func (a *assignment) assign(n *node, name string) {
	i := slices.IndexFunc(n.fields, func(f field) bool { return f.name == name })
	switch {
	case a.removes() && i < 0:
		a.add(a.at, "", "there is nothing to remove")
	case a.removes():
		n.fields = slices.Delete(n.fields, i, i+1)
	case i < 0:
		n.append(field{name, a.at, a.graft(a.value, below(n.path, name))})
	default:
		n.fields[i].at, n.fields[i].value = a.at, a.graft(a.value, n.fields[i].value.path)
	}
}

func (n *node) append(f field) *field {
	n.fields = append(n.fields, f)
	return &n.fields[len(n.fields)-1]
}

func (a *assignment) removes() bool {
	return a.value == nil || a.value.kind == scalar && a.value.value == nil
}

// open turns the short forms of the file into the maps that they stand for.
func (a *assignment) open(n *node) {
	text, ok := n.value.(string)
	switch {
	case n.kind != scalar:
		n.fields = slices.Clone(n.fields)
	case n.path == "loop" && ok:
		name := &node{value: text, text: n.text, at: n.at, path: "loop.name"}
		n.kind, n.value, n.fields = mapping, nil, []field{{"name", n.at, name}}
	case n.path == "terminate" && text == "none", n.value == nil:
		n.kind, n.value = mapping, nil
	}
}

func (a *assignment) inList(n *node, names []string) {
	i, err := strconv.Atoi(names[0])
	if err != nil || i < 0 || i >= len(n.items) {
		a.add(a.at, "", "%s is a list of %d; expected a number from 0 to %d in place of %s", n.path, len(n.items), len(n.items)-1, names[0])
		return
	}
	n.items = slices.Clone(n.items)
	item := *n.items[i]
	n.items[i] = &item
	switch {
	case len(names) > 1:
		a.in(&item, names[1:])
	case a.removes():
		n.items = slices.Delete(n.items, i, i+1)
	default:
		n.items[i] = a.graft(a.value, item.path)
	}
}

// graft gives the value its path in the file.
func (a *assignment) graft(n *node, path string) *node {
	n.path = path
	for i, item := range n.items {
		a.graft(item, below(path, i))
	}
	for _, f := range n.fields {
		a.graft(f.value, below(path, f.name))
	}
	return n
}
