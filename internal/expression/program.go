package expression

import (
	"errors"
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// A Truth is what a condition is.
type Truth int

// The truths, in their order: and is the least, or the greatest of two.
const (
	False Truth = iota
	Unknown
	True
)

// A Program is an expression that was checked. It never changes and may be used
// by any number of goroutines.
type Program struct {
	source   string
	root     *node
	names    []string
	compared []Comparison
}

// A node is a part of a condition: an and, an or, a not, or something to
// evaluate.
type node struct {
	operator string // "and", "or", "not"; "" is a leaf
	parts    []*node

	tree  ast.Node
	code  *vm.Program
	needs []string // names without which it is unknown
	sides [2]*node // of a comparison by size or of equality, else nil
}

// split parts a condition at its and, or and not, and makes code of the rest.
func (c *compilation) split(tree ast.Node) (*node, error) {
	n := &node{tree: tree}
	var below []ast.Node
	switch t := tree.(type) {
	case *ast.BinaryNode:
		if n.operator = operators[t.Operator]; n.operator != "" {
			below = []ast.Node{t.Left, t.Right}
		}
	case *ast.UnaryNode:
		if n.operator = operators[t.Operator]; n.operator != "" {
			below = []ast.Node{t.Node}
		}
	}
	if n.operator == "" {
		n.needs = c.found.needs(tree)
		if err := c.compile(n); err != nil {
			return nil, err
		}
		return n, c.compareSides(n)
	}
	for _, b := range below {
		part, err := c.split(b)
		if err != nil {
			return nil, err
		}
		n.parts = append(n.parts, part)
	}
	return n, nil
}

// operators are those that conditions are split at. Nothing writes to it.
var operators = map[string]string{"and": "and", "&&": "and", "or": "or", "||": "or", "not": "not", "!": "not"}

// String returns the expression as it was written.
func (p *Program) String() string { return p.source }

// Names returns the names that the expression has, sorted. They must not be
// changed.
func (p *Program) Names() []string { return p.names }

// Compared returns the constants that names are compared with. They must not be
// changed.
func (p *Program) Compared() []Comparison { return p.compared }

// Truth evaluates a condition. A name that values does not have is not there.
func (p *Program) Truth(values map[string]any) (Truth, error) { return p.root.truth(values) }

// Value evaluates an expression of any kind. A name that it needs and values does
// not have is an error.
func (p *Program) Value(values map[string]any) (any, error) {
	if p.root.operator == "" {
		if name, ok := p.root.missing(values); !ok {
			return nil, fmt.Errorf("%s has no value", name)
		}
		return p.root.run(values)
	}
	t, err := p.root.truth(values)
	if err == nil && t == Unknown {
		err = errors.New("a value that it needs is not there")
	}
	return t == True, err
}

func (n *node) truth(values map[string]any) (Truth, error) {
	if n.operator == "" {
		return n.leaf(values)
	}
	a, err := n.parts[0].truth(values)
	switch {
	case err != nil:
		return False, err
	case n.operator == "not":
		return True - a, nil
	case n.operator == "and" && a == False || n.operator == "or" && a == True:
		return a, nil
	}
	b, err := n.parts[1].truth(values)
	switch {
	case err != nil:
		return False, err
	case n.operator == "and":
		return min(a, b), nil
	}
	return max(a, b), nil
}

func (n *node) leaf(values map[string]any) (Truth, error) {
	if _, ok := n.missing(values); !ok {
		return Unknown, nil
	}
	v, err := n.run(values)
	if err != nil {
		return False, err
	}
	switch v {
	case true:
		return True, nil
	case false:
		return False, nil
	}
	return False, fmt.Errorf("expected true or false, found %v", v)
}

// missing returns the first name without which the node is unknown.
func (n *node) missing(values map[string]any) (name string, ok bool) {
	i := slices.IndexFunc(n.needs, func(name string) bool {
		_, there := values[name]
		return !there
	})
	if i < 0 {
		return "", true
	}
	return n.needs[i], false
}

func (n *node) run(values map[string]any) (any, error) {
	v, err := vm.Run(n.code, values)
	var known *file.Error
	if errors.As(err, &known) {
		return nil, errors.New(known.Message)
	}
	return v, err
}
