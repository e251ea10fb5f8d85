package expression

import (
	"math"

	"github.com/expr-lang/expr/ast"
)

// least is the shortfall of a comparison that fails by nothing, such as 1 < 1.
const least = 1e-12

// Shortfall says how far a condition is from not being false, for who looks for values
// with which it is not: 0 if it is true or unknown; else, for a comparison of numbers, by how
// much they miss it, and 1 for anything else. Of parts that are joined by "and" it is the
// sum, by "or" the least. It is +Inf where the condition cannot be evaluated.
func (p *Program) Shortfall(values map[string]any) float64 { return p.root.shortfall(values, false) }

// shortfall is that of the node, or of its opposite.
func (n *node) shortfall(values map[string]any, opposite bool) float64 {
	switch n.operator {
	case "not":
		return n.parts[0].shortfall(values, !opposite)
	case "":
		return n.leafShortfall(values, opposite)
	}
	a, b := n.parts[0].shortfall(values, opposite), n.parts[1].shortfall(values, opposite)
	if (n.operator == "and") != opposite {
		return a + b
	}
	return min(a, b)
}

func (n *node) leafShortfall(values map[string]any, opposite bool) float64 {
	t, err := n.leaf(values)
	if opposite {
		t = True - t
	}
	switch {
	case err != nil:
		return math.Inf(1)
	case t != False:
		return 0
	case n.sides[0] == nil:
		return 1
	}
	a, ok := n.sides[0].number(values)
	b, too := n.sides[1].number(values)
	if d := math.Abs(a - b); ok && too && d-d == 0 {
		return max(d, least)
	}
	return 1
}

// number evaluates the node; false if it is no number.
func (n *node) number(values map[string]any) (float64, bool) {
	v, err := n.run(values)
	if err != nil {
		return 0, false
	}
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case int:
		return float64(v), true
	}
	return 0, false
}

// compareSides makes code of the sides of a comparison by size or of equality.
func (c *compilation) compareSides(n *node) error {
	t, ok := n.tree.(*ast.BinaryNode)
	if !ok {
		return nil
	}
	switch t.Operator {
	case "<", "<=", ">", ">=", "==":
	default:
		return nil
	}
	for i, side := range []ast.Node{t.Left, t.Right} {
		part := &node{tree: side}
		if err := c.compile(part); err != nil {
			return err
		}
		n.sides[i] = part
	}
	return nil
}
