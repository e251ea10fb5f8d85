package expression

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// Findings collect what an expression is about while its tree is walked, from
// the leaves up, and give the names back to the identifiers.
type findings struct {
	t        *translation
	names    []string
	seen     map[ast.Node]string // identifiers that are names
	guarded  map[ast.Node]bool   // those of which nil is expected
	compared []Comparison
	problem  *Error
}

// A Comparison says that an expression compares a name with a constant, by ==,
// != or in.
type Comparison struct {
	Name   string
	Value  any // nil, bool, int64, float64 or string
	Offset int // of the constant, in characters from 0
}

func newFindings(t *translation, names []string) *findings {
	return &findings{t: t, names: names, seen: map[ast.Node]string{}, guarded: map[ast.Node]bool{}}
}

// Visit implements [ast.Visitor].
func (f *findings) Visit(n *ast.Node) {
	switch node := (*n).(type) {
	case *ast.IdentifierNode:
		f.identifier(n, node)
	case *ast.BinaryNode:
		f.binary(node)
	case *ast.VariableDeclaratorNode:
		f.refuse(node, "let is not allowed in an expression; write out what it stands for")
	case *ast.SequenceNode:
		f.refuse(node, "an expression cannot have several parts; write one")
	case *ast.PredicateNode, *ast.PointerNode:
		f.refuse(node, "an expression cannot loop; write out what it stands for")
	}
}

func (f *findings) refuse(n ast.Node, message string) {
	if f.problem == nil {
		f.problem = &Error{f.t.original(n.Location().From), message}
	}
}

func (f *findings) identifier(n *ast.Node, node *ast.IdentifierNode) {
	digits, ok := strings.CutPrefix(node.Value, f.t.prefix)
	i, err := strconv.Atoi(digits)
	if node.Value == "$env" {
		f.refuse(node, `expected the name of a parameter in quotes, as in $env["svm.kernel"]`)
	}
	if !ok || err != nil || i >= len(f.names) {
		return
	}
	ast.Patch(n, &ast.IdentifierNode{Value: f.names[i]})
	f.seen[*n] = f.names[i]
}

func (f *findings) binary(node *ast.BinaryNode) {
	switch node.Operator {
	case "..":
		f.refuse(node, "an expression cannot have a range; write 1 <= x and x <= 5")
	case "??":
		f.guarded[node.Left] = true
	case "==", "!=":
		f.compare(node.Left, node.Right)
		f.compare(node.Right, node.Left)
	case "in":
		if array, ok := node.Right.(*ast.ArrayNode); ok {
			for _, item := range array.Nodes {
				f.compare(node.Left, item)
			}
		}
	}
}

func (f *findings) compare(a, b ast.Node) {
	name, ok := f.seen[a]
	if !ok {
		return
	}
	c := Comparison{Name: name, Offset: f.t.original(b.Location().From)}
	switch constant := b.(type) {
	case *ast.NilNode:
		f.guarded[a] = true
	case *ast.BoolNode:
		c.Value = constant.Value
	case *ast.IntegerNode:
		c.Value = int64(constant.Value)
	case *ast.FloatNode:
		c.Value = constant.Value
	case *ast.StringNode:
		c.Value = constant.Value
	default:
		return
	}
	f.compared = append(f.compared, c)
}

// used returns the names that the expression has, sorted.
func (f *findings) used() []string {
	return slices.Compact(slices.Sorted(maps.Values(f.seen)))
}

// needs returns the names in a part of the tree that have to be there for it.
func (f *findings) needs(n ast.Node) []string {
	w := &needed{f: f}
	ast.Walk(&n, w)
	slices.Sort(w.names)
	return slices.Compact(w.names)
}

type needed struct {
	f     *findings
	names []string
}

// Visit implements [ast.Visitor].
func (w *needed) Visit(n *ast.Node) {
	if name, ok := w.f.seen[*n]; ok && !w.f.guarded[*n] {
		w.names = append(w.names, name)
	}
}
