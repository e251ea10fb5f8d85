package search

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxNodes is how many nodes the aliases of a file may repeat.
const maxNodes = 1_000_000

// A tree makes nodes of what the YAML parser found, in one document.
type tree struct {
	*mistakes
	flag    string // the text of the flag that is parsed; "" for a file
	anchors map[string]*node
	aliased int // nodes that aliases have repeated
}

// parseYAML returns the document, or nil if there is none or it is no YAML.
// Everything in it has the path and, if it is not "", the flag.
func parseYAML(data []byte, path, flag string, m *mistakes) *node {
	t := &tree{mistakes: m, flag: flag, anchors: map[string]*node{}}
	file, err := parse(data)
	if err != nil {
		t.syntax(err, path)
		return nil
	}
	var root *node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if root != nil {
			t.add(t.node(doc.Body, path).at, path, "a second document begins here; expected only one, without ---")
			return nil
		}
		root = t.node(doc.Body, path)
	}
	return root
}

// parse calls the parser. Duplicate names are looked for later, where all are
// told at once. A panic of the parser is an error: the file is somebody's.
func parse(data []byte) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the YAML parser cannot read it (%v)", p)
		}
	}()
	return parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
}

// syntax adds the mistake that the parser stopped at.
func (t *tree) syntax(err error, path string) {
	var at place
	message := err.Error()
	var known yaml.Error
	if errors.As(err, &known) {
		at, message = t.place(known.GetToken()), known.GetMessage()
	}
	if t.flag != "" {
		at = place{flag: t.flag}
	}
	hint := ""
	switch line := t.line(at); {
	case strings.Contains(line, "{{"):
		hint = `; a placeholder has to be in quotes: "{{x1}}"`
	case strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
		message, hint = "a tab cannot indent", "; use blanks"
	}
	t.add(at, path, "this is not YAML: %s%s", message, hint)
}

func (c *mistakes) line(at place) string {
	if at.line < 1 || at.line > len(c.lines) {
		return ""
	}
	return c.lines[at.line-1]
}

func (t *tree) place(tok *token.Token) place {
	if t.flag != "" {
		return place{flag: t.flag}
	}
	if tok == nil || tok.Position == nil {
		return place{}
	}
	return place{line: tok.Position.Line, column: max(tok.Position.Column, 1)}
}

// node makes a node. What is wrong is a broken node in it, so that the rest of
// the file is read.
func (t *tree) node(from ast.Node, path string) *node {
	n := &node{at: t.place(from.GetToken()), path: path, size: 1}
	switch from := from.(type) {
	case *ast.MappingNode:
		t.mapping(n, from.Values)
		if len(n.fields) > 0 && !from.IsFlowStyle {
			n.at = n.fields[0].at
		}
	case *ast.MappingValueNode:
		t.mapping(n, []*ast.MappingValueNode{from})
	case *ast.SequenceNode:
		n.kind = list
		for i, v := range from.Values {
			item := t.node(v, below(path, i))
			n.items, n.size = append(n.items, item), n.size+item.size
		}
	case *ast.AnchorNode:
		return t.anchor(n, from)
	case *ast.AliasNode:
		return t.alias(n, from)
	case *ast.TagNode:
		return t.tag(n, from)
	default:
		t.scalar(n, from, "")
	}
	return n
}

func (t *tree) mapping(n *node, values []*ast.MappingValueNode) {
	n.kind = mapping
	for _, v := range values {
		name, at, ok := t.key(v.Key, n.path)
		value := t.node(v.Value, below(n.path, name))
		if value.at.line == 0 || isNothing(v.Value) {
			value.at = at
		}
		if !ok {
			continue
		}
		if first := n.field(name); first != nil {
			t.add(at, below(n.path, name), "it is there twice, first in line %d; remove one", first.at.line)
			continue
		}
		n.fields, n.size = append(n.fields, field{name, at, value}), n.size+value.size
	}
}

// isNothing reports whether a name has no value written after it.
func isNothing(v ast.Node) bool {
	tok := v.GetToken()
	return tok != nil && tok.Type == token.ImplicitNullType
}

// key returns a mapping's name as it is written: 1 and true are names too.
func (t *tree) key(key ast.MapKeyNode, path string) (name string, at place, ok bool) {
	from := ast.Node(key)
	if k, explicit := from.(*ast.MappingKeyNode); explicit {
		from = k.Value
	}
	at = t.place(from.GetToken())
	switch from.(type) {
	case *ast.MergeKeyNode:
		t.add(at, path, "merging maps with << is not YAML 1.2; write the names out")
		return "<<", at, false
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, *ast.AliasNode, *ast.AnchorNode, *ast.TagNode:
		t.add(at, path, "expected a name before the colon, found a %s; put a text in quotes", strings.ToLower(from.Type().String()))
		return "?", at, false
	}
	return textOf(from), at, true
}

func (t *tree) anchor(n *node, from *ast.AnchorNode) *node {
	value := t.node(from.Value, n.path)
	t.anchors[from.Name.GetToken().Value] = value
	return value
}

// alias returns what the anchor names, at the alias's place. An anchor is known
// after its end only, so nothing can hold itself.
func (t *tree) alias(n *node, from *ast.AliasNode) *node {
	name := from.Value.GetToken().Value
	known, ok := t.anchors[name]
	if !ok {
		return t.broken(n, "there is no anchor &%s before this alias", name)
	}
	value := *known
	value.at, value.path = n.at, n.path
	if t.aliased += value.size; t.aliased > maxNodes {
		return t.broken(n, "the aliases repeat more than %d values; write fewer", maxNodes)
	}
	return &value
}

func (t *tree) tag(n *node, from *ast.TagNode) *node {
	tag := from.GetToken().Value
	switch from.Value.(type) {
	case nil:
		return t.broken(n, "there is nothing after the tag %s", tag)
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, *ast.AliasNode, *ast.AnchorNode:
		value := t.node(from.Value, n.path)
		if tag != "!!map" && tag != "!!seq" || (tag == "!!map") != (value.kind == mapping) {
			return t.broken(n, "the tag %s does not fit what it stands before; remove it", tag)
		}
		return value
	}
	t.scalar(n, from.Value, tag)
	return n
}

// scalar sets the value of a node, by the core schema unless it has quotes or a
// tag.
func (t *tree) scalar(n *node, from ast.Node, tag string) {
	n.text = textOf(from)
	var err error
	switch tok := from.GetToken(); {
	case tag != "":
		n.value, err = tagged(tag, n.text)
	case quoted(tok.Type):
		n.value = n.text
	case tok.Type == token.ImplicitNullType:
	default:
		n.value, err = coreScalar(n.text)
	}
	if err != nil {
		t.broken(n, "%v", err)
	}
}

// broken adds a mistake that is in the node itself: nothing more is said of it.
func (t *tree) broken(n *node, format string, args ...any) *node {
	t.wrong(n, format, args...)
	n.kind = broken
	return n
}

func textOf(from ast.Node) string {
	if block, ok := from.(*ast.LiteralNode); ok {
		return block.Value.Value
	}
	return from.GetToken().Value
}

// quoted reports whether a scalar is a text whatever it looks like.
func quoted(t token.Type) bool {
	switch t {
	case token.SingleQuoteType, token.DoubleQuoteType, token.LiteralType, token.FoldedType:
		return true
	}
	return false
}
