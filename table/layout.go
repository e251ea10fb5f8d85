package table

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"github.com/rushnet/rush"
)

// What the metadata of a table's fields says.
const (
	// MetaRole is "xs", "ys", "xs_extra" or "ys_extra", and "task" for the
	// columns that every task has.
	MetaRole = "rush.role"
	// MetaName is the name in the task, which is the column's unless it needed
	// a prefix.
	MetaName = "rush.name"
	// MetaEncoding is "text" for a column of values of several kinds: strings
	// as they stand, everything else as JSON text.
	MetaEncoding = "rush.encoding"
	// MetaUnit is "s" for seconds.
	MetaUnit = "rush.unit"
)

const maxColumns = 10_000

// A layout is the columns that the rows observed so far need. It only grows.
type layout struct {
	mem   memory.Allocator
	fixed []*fixedColumn
	roles [roleCount]roleLayout

	columns []*valueColumn // in the order of discovery
	version int            // raised by every change of what follows
	names   []string       // of columns
	order   []int          // of columns, as they stand in a table
	schema  *arrow.Schema
}

// A valueColumn is a name of one role.
type valueColumn struct {
	role     int
	name     string
	declared int // place in the schema; math.MaxInt when inferred
	shape    shape
	dtype    arrow.DataType // of shape, when last settled
	text     bool           // whether shape was kindText then
}

// A roleLayout finds a role's columns by name.
type roleLayout struct {
	byName map[string]int
	last   []int // the columns of the row before, in its order: most rows are alike
}

func newLayout(o *Options) (*layout, error) {
	if err := o.Schema.Validate(); err != nil {
		return nil, fmt.Errorf("declare columns: %w", err)
	}
	l := &layout{mem: o.Allocator}
	for i := range fixedColumns {
		if o.Fields.Has(fixedColumns[i].needs) {
			l.fixed = append(l.fixed, &fixedColumns[i])
		}
	}
	for i := range l.roles {
		l.roles[i].byName = map[string]int{}
	}
	for i, c := range o.Schema {
		at := l.add(roleIndex(c.Role), c.Name)
		l.columns[at].declared = i
		l.columns[at].shape.kind, _ = c.Type.kind()
	}
	return l, l.settle()
}

func (l *layout) add(role int, name string) int {
	l.columns = append(l.columns, &valueColumn{role: role, name: name, declared: math.MaxInt})
	at := len(l.columns) - 1
	l.roles[role].byName[name] = at
	return at
}

// find returns the column of the pos-th name of a row, -1 when there is none.
func (l *layout) find(role, pos int, name []byte) int {
	r := &l.roles[role]
	if pos < len(r.last) && l.columns[r.last[pos]].name == string(name) {
		return r.last[pos]
	}
	at, ok := r.byName[string(name)]
	if !ok {
		return -1
	}
	r.last = append(r.last[:min(pos, len(r.last))], at)
	return at
}

// observe makes room for rows. settle must follow before they are filled in.
func (l *layout) observe(recs []*rush.Record) error {
	for _, rec := range recs {
		for role := range roles {
			if err := l.observeMap(role, roleBytes(rec, role)); err != nil {
				return &rush.TaskError{Key: rec.Key, Err: err}
			}
		}
	}
	return nil
}

func (l *layout) observeMap(role int, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	m, err := openMap(b)
	if err != nil {
		return fmt.Errorf("read its %s: %w", roles[role], err)
	}
	for pos := 0; m.left > 0; pos++ {
		name, err := m.next()
		if err != nil {
			return fmt.Errorf("read a name of its %s: %w", roles[role], err)
		}
		at := l.find(role, pos, name)
		if at < 0 {
			at = l.add(role, string(name))
		}
		if m.rest, err = l.columns[at].shape.observe(m.rest, 0); err != nil {
			return fmt.Errorf("read %q of its %s: %w", name, roles[role], err)
		}
	}
	if len(m.rest) > 0 {
		return fmt.Errorf("read its %s: %d bytes left over", roles[role], len(m.rest))
	}
	return nil
}

// settle brings types, names and order up to what was observed.
func (l *layout) settle() error {
	if len(l.columns) > maxColumns {
		return fmt.Errorf("the tasks have values of more than %d names, which no table can hold; "+
			"put names that differ from task to task into one value that is a map", maxColumns)
	}
	changed := l.schema == nil || len(l.names) < len(l.columns)
	for _, c := range l.columns {
		if c.shape.size() > maxFields {
			c.shape = shape{kind: kindText}
		}
		dtype, text := c.shape.arrowType(), c.shape.kind == kindText
		if c.dtype == nil || text != c.text || !arrow.TypeEqual(dtype, c.dtype) {
			c.dtype, c.text, changed = dtype, text, true
		}
	}
	if changed {
		l.version++
		l.arrange()
	}
	return nil
}

// arrange makes names, order and schema.
func (l *layout) arrange() {
	l.names = columnNames(l.columns)
	l.order = l.order[:0]
	for i := range l.columns {
		l.order = append(l.order, i)
	}
	slices.SortFunc(l.order, func(i, j int) int {
		a, b := l.columns[i], l.columns[j]
		return cmp.Or(cmp.Compare(a.role, b.role), cmp.Compare(a.declared, b.declared), strings.Compare(a.name, b.name))
	})
	var fields []arrow.Field
	for _, c := range l.fixed[:leading] {
		fields = append(fields, c.field())
	}
	for _, i := range l.order {
		fields = append(fields, l.columns[i].field(l.names[i]))
	}
	for _, c := range l.fixed[leading:] {
		fields = append(fields, c.field())
	}
	l.schema = arrow.NewSchema(fields, nil)
}

func (c *fixedColumn) field() arrow.Field {
	keys, values := []string{MetaRole}, []string{"task"}
	if c.unit != "" {
		keys, values = append(keys, MetaUnit), append(values, c.unit)
	}
	return arrow.Field{Name: c.name, Type: c.dtype, Nullable: true, Metadata: arrow.NewMetadata(keys, values)}
}

func (c *valueColumn) field(name string) arrow.Field {
	keys, values := []string{MetaRole, MetaName}, []string{string(roles[c.role]), label(c.name)}
	if c.text {
		keys, values = append(keys, MetaEncoding), append(values, "text")
	}
	return arrow.Field{Name: name, Type: c.dtype, Nullable: true, Metadata: arrow.NewMetadata(keys, values)}
}

// columnNames gives each column its name in tables: the bare one, unless that
// is empty or another column has it too. A prefixed name is taken by no other
// column but one of that bare name, which then gets a prefix itself.
func columnNames(columns []*valueColumn) []string {
	names := make([]string, len(columns))
	prefixed := make([]bool, len(columns))
	for i, c := range columns {
		names[i] = label(c.name)
	}
	for again := true; again; {
		again = false
		count := map[string]int{}
		for _, name := range names {
			count[name]++
		}
		for i, c := range columns {
			if !prefixed[i] && (names[i] == "" || count[names[i]] > 1 || isFixedName(names[i])) {
				names[i] = string(roles[c.role]) + "." + names[i]
				prefixed[i], again = true, true
			}
		}
	}
	return names
}

// label is a name as text: its bytes that are no UTF-8 are escaped.
func label(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}
