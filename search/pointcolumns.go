package search

import (
	"slices"
	"strings"

	"github.com/rushnet/rush/table"
)

// A pointColumns finds out which columns of a table are inputs.
type pointColumns struct {
	def  *Definition
	link string // the column that says which rows come before; "" for none

	own  bool     // whether rush wrote the table, as far as can be told
	left []string // columns left out
	last []string // the names that were chosen from last
	as   []string // what came of them
}

// The columns that rush writes whatever it is asked for.
var always = []string{"number", "state", "attempt"}

// choose returns for each column the name of the input that it has, or "" if it is
// left out. A column about which nothing is known keeps its name: the space refuses
// it.
func (c *pointColumns) choose(columns []table.FileColumn) []string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.Name
	}
	says := slices.ContainsFunc(columns, func(f table.FileColumn) bool { return f.Role != "" })
	own := says || !slices.ContainsFunc(always, func(name string) bool { return !slices.Contains(names, name) })
	c.own = c.own || own
	as := make([]string, len(columns))
	for i, column := range columns {
		as[i] = c.input(column, names, own)
	}
	if own && !says && c.def.Space.Len() > 0 {
		c.leaveExtras(names, as)
	}
	for i, name := range names {
		if as[i] == "" && !slices.Contains(c.left, name) {
			c.left = append(c.left, name)
		}
	}
	return as
}

// input is the name of the input that a column has, "" for one that is left out.
func (c *pointColumns) input(f table.FileColumn, names []string, own bool) string {
	free := c.def.Space.Len() == 0
	_, isParam := c.def.Space.Param(f.Name)
	bare, prefixed := strings.CutPrefix(f.Name, string(table.XS)+".")
	switch {
	case c.link != "" && f.Name == c.link:
		return f.Name
	case f.Role == string(table.XS):
		return f.Of
	case f.Role != "":
		return ""
	case prefixed && !isParam && (c.isParam(bare) || free && own):
		return bare
	case isParam && own && slices.Contains(names, string(table.XS)+"."+f.Name):
		return "" // it is of the task, or an output
	case isParam || free && !own:
		return f.Name
	case table.TaskColumn(f.Name) || c.isNoInput(f.Name):
		return ""
	}
	if inputs := c.def.Inputs(); free && inputs != nil && !slices.Contains(inputs, f.Name) {
		return ""
	}
	return f.Name
}

func (c *pointColumns) isParam(name string) bool {
	_, ok := c.def.Space.Param(name)
	return ok
}

// isNoInput reports whether a name is that of an output, or has the prefix of one or of
// an extra.
func (c *pointColumns) isNoInput(name string) bool {
	for _, role := range []table.Role{table.YS, table.XSExtra, table.YSExtra} {
		if strings.HasPrefix(name, string(role)+".") {
			return true
		}
	}
	return c.def.Codomain.Has(name)
}

// leaveExtras leaves out what stands where rush writes extras: behind the inputs and the
// outputs, and before the columns that every task has. What stands before an output is
// an input, which the space does not have.
func (c *pointColumns) leaveExtras(names, as []string) {
	first, end := 0, len(names)
	for i, name := range names {
		switch {
		case i >= 2 && table.TaskColumn(name):
			end = min(end, i)
		case as[i] != "" && c.isParam(as[i]), strings.HasPrefix(name, string(table.YS)+"."), c.def.Codomain.Has(name):
			first = i + 1
		}
	}
	for i := first; i < end; i++ {
		as[i] = ""
	}
}
