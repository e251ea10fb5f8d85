package expression

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/checker/nature"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"

	"github.com/rushnet/rush/internal/nearest"
)

// What an expression may be.
const (
	maxLength = 2000 // characters
	maxNodes  = 1000
)

// An Error says what is wrong in an expression.
type Error struct {
	Offset  int // where, in characters from 0
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Compile checks an expression over the names and makes a program of it. want
// is what its value must be: Any, or Bool. An error is an *[Error].
func Compile(source string, names map[string]Kind, want Kind) (p *Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, &Error{Message: fmt.Sprintf("it cannot be read (%v)", r)}
		}
	}()
	if strings.TrimSpace(source) == "" {
		return nil, &Error{Message: "it is empty; expected an expression such as x > 1"}
	}
	if n := utf8.RuneCountInString(source); n > maxLength {
		return nil, &Error{Message: fmt.Sprintf("expected at most %d characters, found %d; make several of it", maxLength, n)}
	}
	c := &compilation{names: slices.Sorted(maps.Keys(names))}
	c.translation = translate(source, c.names)
	for _, p := range c.parts {
		c.present = append(c.present, c.names[p.name])
	}
	return c.program(source, names, want)
}

// A compilation is an expression on its way to a program.
type compilation struct {
	translation
	names   []string // all there are, sorted
	present []string // those in the expression
	config  *conf.Config
	tree    *parser.Tree
	found   *findings
}

func (c *compilation) program(source string, names map[string]Kind, want Kind) (*Program, error) {
	c.found = newFindings(&c.translation, c.names)
	c.config = conf.CreateNew()
	options := append(functions(), expr.Env(c.environment(names)), expr.Optimize(false), expr.MaxNodes(maxNodes), expr.Patch(c.found))
	if want == Bool {
		options = append(options, expr.AsBool())
	}
	for _, option := range options {
		option(c.config)
	}
	for _, name := range c.present {
		if names[name] == Any {
			c.config.Env.Fields[name] = nature.Nature{} // to be seen when it is evaluated
		}
	}
	for name := range c.config.Disabled {
		delete(c.config.Builtins, name)
	}
	var err error
	if c.tree, err = checker.ParseCheck(c.text, c.config); c.found.problem != nil {
		return nil, c.found.problem
	} else if err != nil {
		return nil, c.explain(source, err)
	}
	c.config.Expect, c.config.ExpectAny = reflect.Invalid, false // of the whole, not of its parts
	root, err := c.split(c.tree.Node)
	if err != nil {
		return nil, c.explain(source, err)
	}
	return &Program{source: source, root: root, names: c.found.used(), compared: c.found.compared}, nil
}

// environment has a value of the right type for each name that the expression
// has: others would only hide functions that are called as they are.
func (c *compilation) environment(names map[string]Kind) map[string]any {
	env := make(map[string]any, len(c.present))
	for _, name := range c.present {
		env[name] = names[name].zero()
	}
	return env
}

// compile makes code of a part of the tree.
func (c *compilation) compile(n *node) (err error) {
	n.code, err = compiler.Compile(&parser.Tree{Node: n.tree, Source: c.tree.Source}, c.config)
	return err
}

// restore puts the names back into a message about the translation.
func (c *compilation) restore(message string) string {
	for i := len(c.names) - 1; i >= 0; i-- {
		message = strings.ReplaceAll(message, c.prefix+itoa(i), c.names[i])
	}
	return message
}

// hint ends a sentence about a name that there is not.
func (c *compilation) hint(name string) string {
	if near, ok := nearest.Name(name, append(functionNames(), c.names...)); ok {
		return fmt.Sprintf("; did you mean %s?", near)
	}
	if len(c.names) == 0 {
		return ""
	}
	return "; there are " + strings.Join(c.names, ", ")
}
