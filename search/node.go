package search

import (
	"fmt"
	"slices"
	"strconv"
)

// A kind is what a node of the file is.
type kind int

const (
	scalar kind = iota
	list
	mapping
	broken // it is wrong in itself, and that was told
)

// A node is a part of the search file, or of a --set flag, and knows its place.
type node struct {
	kind   kind
	value  any    // of a scalar: nil, bool, int64, float64, string
	text   string // of a scalar, as it is written
	items  []*node
	fields []field // of a mapping, in the file's order
	at     place
	path   string // for people: "terminate.evals"; "" is the whole file
	size   int    // nodes in it, those that aliases repeat too
}

// A field is a name and its value in a mapping.
type field struct {
	name  string
	at    place
	value *node
}

// A place is where something was written.
type place struct {
	line, column int    // from 1, in characters; 0 is nowhere in particular
	flag         string // the text of the flag that it stands in; "" is the file
}

// get returns the value of a name in a mapping, or nil.
func (n *node) get(name string) *node {
	if f := n.field(name); f != nil {
		return f.value
	}
	return nil
}

// field returns the name and its value in a mapping, or nil.
func (n *node) field(name string) *field {
	if n == nil {
		return nil
	}
	for i := range n.fields {
		if n.fields[i].name == name {
			return &n.fields[i]
		}
	}
	return nil
}

// without returns the mapping without a name.
func (n *node) without(name string) *node {
	rest := *n
	rest.fields = slices.DeleteFunc(slices.Clone(n.fields), func(f field) bool { return f.name == name })
	return &rest
}

// plain returns the node as a value of [rush.Values].
func (n *node) plain() any {
	switch n.kind {
	case list:
		values := make([]any, len(n.items))
		for i, item := range n.items {
			values[i] = item.plain()
		}
		return values
	case mapping:
		values := make(map[string]any, len(n.fields))
		for _, f := range n.fields {
			values[f.name] = f.value.plain()
		}
		return values
	}
	return n.value
}

// isBroken reports whether something in the node is.
func (n *node) isBroken() bool {
	return n.kind == broken ||
		slices.ContainsFunc(n.items, (*node).isBroken) ||
		slices.ContainsFunc(n.fields, func(f field) bool { return f.value.isBroken() })
}

// found names what a node is, for "expected ..., found ...".
func (n *node) found() string {
	switch {
	case n.kind == list && len(n.items) == 0:
		return "an empty list"
	case n.kind == mapping && len(n.fields) == 0:
		return "an empty map"
	case n.kind == list:
		return "a list"
	case n.kind == mapping:
		return "a map"
	}
	switch v := n.value.(type) {
	case nil:
		return "nothing"
	case string:
		return "the text " + strconv.Quote(cut(v))
	case bool:
		return strconv.FormatBool(v)
	}
	return n.text
}

// cut shortens what is too long for a sentence.
func cut(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return s
}

// below returns the path of a name or a list's item in n.
func below(path string, name any) string {
	if i, ok := name.(int); ok {
		return fmt.Sprintf("%s[%d]", path, i)
	}
	if path == "" {
		return fmt.Sprint(name)
	}
	return fmt.Sprintf("%s.%s", path, name)
}
