package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// arrowUnfolder reads a table of rush, or of another program: columns has the
// chunks of each field. Columns that have structs are left to the column RestName; in
// Parquet, where there is none, they are left out (see parquetSource).
func arrowUnfolder(schema *arrow.Schema, columns [][]arrow.Array, format FileFormat, outputs []string) (*unfolder, error) {
	u := &unfolder{}
	own := false // whether the fields say their roles
	var names []string
	for _, f := range schema.Fields() {
		_, says := f.Metadata.GetValue(MetaRole)
		own = own || says
		names = append(names, f.Name)
	}
	u.guessed = !own
	readable := isReadable
	if format == Parquet || slices.Contains(names, RestName) {
		readable = isForeign
	}
	guess := rolesOf(names, outputs)
	for i, f := range schema.Fields() {
		if !readable(f.Type) {
			if isReadable(f.Type) {
				continue
			}
			return nil, fmt.Errorf("column %s: its type is %s; expected integers, floats, booleans, texts, bytes, times or lists of them", f.Name, f.Type)
		}
		c := readColumn{name: f.Name, cell: chunkCells(columns[i])}
		role, says := f.Metadata.GetValue(MetaRole)
		switch {
		case f.Name == RestName:
			u.rest = &c
		case !own:
			guess(u, c)
		case role == "task" || !says && isFixedName(f.Name):
			u.fixed = append(u.fixed, c)
		case !says: // added by somebody
			u.add(YSExtra, c)
		case roleIndex(Role(role)) < 0:
			return nil, fmt.Errorf("column %s: its %s is %q; expected xs, ys, xs_extra, ys_extra or task", f.Name, MetaRole, role)
		default:
			if name, ok := f.Metadata.GetValue(MetaName); ok {
				c.name = name
			}
			u.add(Role(role), c)
		}
	}
	u.ready()
	return u, nil
}

// rolesOf returns what finds a column its place by name alone. In a table with a
// number and a state, as rush writes it, the names of the columns that every
// task has mean these; everywhere else all are values. They are inputs, but
// for the named outputs and where a prefix says what they are.
func rolesOf(names, outputs []string) func(*unfolder, readColumn) {
	exported := slices.Contains(names, "number") && slices.Contains(names, "state")
	return func(u *unfolder, c readColumn) {
		if exported && isFixedName(c.name) {
			u.fixed = append(u.fixed, c)
			return
		}
		for _, role := range []Role{XSExtra, YSExtra, XS, YS} {
			if name, ok := strings.CutPrefix(c.name, string(role)+"."); ok && name != "" {
				c.name = name
				u.add(role, c)
				return
			}
		}
		if slices.Contains(outputs, c.name) {
			u.add(YS, c)
			return
		}
		u.add(XS, c)
	}
}

// chunkCells returns the cells of a column by row.
func chunkCells(chunks []arrow.Array) func(row int) (any, error) {
	at, from := 0, 0 // the chunk, and its first row
	return func(row int) (any, error) {
		if row < from {
			at, from = 0, 0
		}
		for row-from >= chunks[at].Len() {
			from += chunks[at].Len()
			at++
		}
		return readCell(chunks[at], row-from)
	}
}

// isReadable reports whether readCell knows the type.
func isReadable(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return isReadable(t.ValueType)
	case *arrow.ListType:
		return isReadable(t.Elem())
	case *arrow.StructType:
		return !slices.ContainsFunc(t.Fields(), func(f arrow.Field) bool { return !isReadable(f.Type) })
	}
	return isForeign(t)
}

// readCell is foreignCell, which knows structs too.
func readCell(a arrow.Array, i int) (any, error) {
	if isNull(a, i) {
		return nil, nil
	}
	switch a := a.(type) {
	case *array.Dictionary:
		return readCell(a.Dictionary(), a.GetValueIndex(i))
	case *array.List:
		from, to := a.ValueOffsets(i)
		list := make([]any, 0, to-from)
		for j := from; j < to; j++ {
			v, err := readCell(a.ListValues(), int(j))
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case *array.Struct:
		m := map[string]any{}
		for j, f := range a.DataType().(*arrow.StructType).Fields() {
			v, err := readCell(a.Field(j), i)
			if err != nil {
				return nil, err
			}
			if v != nil {
				m[f.Name] = v
			}
		}
		return m, nil
	}
	return foreignCell(a, i)
}
