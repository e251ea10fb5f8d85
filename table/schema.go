package table

import (
	"fmt"

	"github.com/rushnet/rush"
)

// A Role says which of a task's four groups of values a column belongs to.
type Role string

// The roles, in the order of their columns.
const (
	XS      Role = "xs"
	YS      Role = "ys"
	XSExtra Role = "xs_extra"
	YSExtra Role = "ys_extra"
)

// A Type is what a declared column holds.
type Type string

// The types that can be declared.
const (
	Inferred Type = "" // the column is there, and its values decide its type
	Bool     Type = "bool"
	Int64    Type = "int64"
	Float64  Type = "float64"
	String   Type = "string"
	Bytes    Type = "bytes"
	Time     Type = "time" // microseconds, UTC
)

// A Column declares a column: it is in every table, also without any value. A
// value that does not fit its type is not lost: it widens the type as if the
// column had been inferred.
type Column struct {
	Name string
	Role Role
	Type Type
}

// A Schema declares columns, in their order within each role.
type Schema []Column

// Validate reports the first column whose role or type does not exist, or
// that is declared twice; nil means that the schema can be used.
func (s Schema) Validate() error {
	seen := map[Column]bool{}
	for _, c := range s {
		if roleIndex(c.Role) < 0 {
			return fmt.Errorf("column %q has the role %q; expected xs, ys, xs_extra or ys_extra", c.Name, c.Role)
		}
		if _, ok := c.Type.kind(); !ok {
			return fmt.Errorf("column %q has the type %q; expected bool, int64, float64, string, bytes, time, or none", c.Name, c.Type)
		}
		id := Column{Name: c.Name, Role: c.Role}
		if seen[id] {
			return fmt.Errorf("column %q of %s is declared twice", c.Name, c.Role)
		}
		seen[id] = true
	}
	return nil
}

func (t Type) kind() (kind, bool) {
	switch t {
	case Inferred:
		return kindNull, true
	case Bool:
		return kindBool, true
	case Int64:
		return kindInt, true
	case Float64:
		return kindFloat, true
	case String:
		return kindString, true
	case Bytes:
		return kindBytes, true
	case Time:
		return kindTime, true
	}
	return 0, false
}

const roleCount = 4

// roles is the order of the roles; a role's place in it is its index.
var roles = [roleCount]Role{XS, YS, XSExtra, YSExtra}

func roleIndex(r Role) int {
	for i, role := range roles {
		if r == role {
			return i
		}
	}
	return -1
}

// roleBytes returns the values of a record that have the i-th role.
func roleBytes(r *rush.Record, i int) []byte {
	switch roles[i] {
	case XS:
		return r.XS
	case YS:
		return r.YS
	case XSExtra:
		return r.XSExtra
	}
	return r.YSExtra
}
