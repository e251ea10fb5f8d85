package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush/internal/wire"
)

// A kind is what a value is, and what a column of such values is.
type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindInt
	kindFloat
	kindString
	kindBytes
	kindTime
	kindList
	kindMap
	kindText // values of several kinds, each as text
)

const (
	maxDepth  = 16      // of lists and maps, in columns of their own type
	maxFields = 1000    // names of maps, in one column
	exactInts = 1 << 53 // up to here, every integer is a float64
)

// A shape is the type of all values that it has observed: the least one that
// holds them all. It depends on the set of the values only, never on their
// order, so that tables do not depend on how their rows arrived.
type shape struct {
	kind   kind
	big    bool    // of kindInt: an integer beyond 2^53 was seen
	elem   *shape  // of kindList
	fields []field // of kindMap, by name
}

type field struct {
	name  string
	shape *shape
}

// observe widens the shape to hold the MessagePack value that b begins with,
// and returns the bytes after it.
func (s *shape) observe(b []byte, depth int) ([]byte, error) {
	k, err := kindOf(b)
	if err != nil {
		return nil, err
	}
	switch k {
	case kindInt:
		v, rest, err := msgp.ReadInt64Bytes(b)
		s.widen(kindInt, v > exactInts || v < -exactInts)
		return rest, err
	case kindList:
		return s.observeList(b, depth)
	case kindMap:
		return s.observeMap(b, depth)
	}
	s.widen(k, false)
	if k == kindTime { // which other extensions are not
		_, rest, err := msgp.ReadTimeUTCBytes(b)
		return rest, err
	}
	return msgp.Skip(b)
}

// widen makes room for a value of a kind.
func (s *shape) widen(k kind, big bool) {
	switch {
	case k == kindNull || s.kind == kindText:
	case s.kind == kindNull:
		s.kind, s.big = k, big
	case s.kind == k:
		s.big = s.big || big
	case s.isNumber() && (k == kindInt || k == kindFloat) && !s.big && !big:
		s.kind = kindFloat
	default:
		*s = shape{kind: kindText}
	}
}

func (s *shape) isNumber() bool { return s.kind == kindInt || s.kind == kindFloat }

func (s *shape) observeList(b []byte, depth int) ([]byte, error) {
	s.widenNested(kindList, depth)
	if s.kind != kindList {
		return msgp.Skip(b)
	}
	if s.elem == nil {
		s.elem = &shape{}
	}
	n, b, err := listHeader(b)
	if err != nil {
		return nil, err
	}
	elem := s.elem
	for range n {
		if b, err = elem.observe(b, depth+1); err != nil {
			return nil, err
		}
	}
	if elem.kind == kindText {
		*s = shape{kind: kindText}
	}
	return b, nil
}

func (s *shape) observeMap(b []byte, depth int) ([]byte, error) {
	s.widenNested(kindMap, depth)
	if s.kind != kindMap {
		return msgp.Skip(b)
	}
	m, err := openMap(b)
	if err != nil {
		return nil, err
	}
	mixed, at := false, 0
	for m.left > 0 {
		name, err := m.next()
		if err != nil {
			return nil, err
		}
		i, ok := s.find(name, at)
		if !ok {
			s.fields = slices.Insert(s.fields, i, field{name: string(name), shape: &shape{}})
		}
		at = i + 1
		if m.rest, err = s.fields[i].shape.observe(m.rest, depth+1); err != nil {
			return nil, err
		}
		mixed = mixed || s.fields[i].shape.kind == kindText
	}
	if mixed {
		*s = shape{kind: kindText}
	}
	return m.rest, nil
}

func (s *shape) widenNested(k kind, depth int) {
	if depth >= maxDepth {
		k = kindText
	}
	s.widen(k, false)
}

// find returns the index of a map's field, trying the one at hint first, or
// where it belongs.
func (s *shape) find(name []byte, hint int) (int, bool) {
	if hint < len(s.fields) && s.fields[hint].name == string(name) {
		return hint, true
	}
	return slices.BinarySearchFunc(s.fields, name, func(f field, name []byte) int {
		return strings.Compare(f.name, msgp.UnsafeString(name))
	})
}

// size counts the names of maps in the shape.
func (s *shape) size() int {
	n := len(s.fields)
	for _, f := range s.fields {
		n += f.shape.size()
	}
	if s.elem != nil {
		n += s.elem.size()
	}
	return n
}

// arrowType is the Arrow type of the shape's values.
func (s *shape) arrowType() arrow.DataType {
	switch s.kind {
	case kindNull:
		return arrow.Null
	case kindBool:
		return arrow.FixedWidthTypes.Boolean
	case kindInt:
		return arrow.PrimitiveTypes.Int64
	case kindFloat:
		return arrow.PrimitiveTypes.Float64
	case kindBytes:
		return arrow.BinaryTypes.Binary
	case kindTime:
		return arrow.FixedWidthTypes.Timestamp_us
	case kindList:
		return arrow.ListOf(s.elem.arrowType())
	case kindMap:
		fields := make([]arrow.Field, len(s.fields))
		for i, f := range s.fields {
			fields[i] = arrow.Field{Name: label(f.name), Type: f.shape.arrowType(), Nullable: true}
		}
		return arrow.StructOf(fields...)
	}
	return arrow.BinaryTypes.String
}

// kindOf returns the kind of the MessagePack value that b begins with.
func kindOf(b []byte) (kind, error) {
	switch t := msgp.NextType(b); t {
	case msgp.NilType:
		return kindNull, nil
	case msgp.BoolType:
		return kindBool, nil
	case msgp.IntType, msgp.UintType:
		return kindInt, nil
	case msgp.Float64Type, msgp.Float32Type:
		return kindFloat, nil
	case msgp.StrType:
		return kindString, nil
	case msgp.BinType:
		return kindBytes, nil
	case msgp.TimeType, msgp.ExtensionType: // NextType does not know a time at the very end of b
		if wire.IsReference(b) {
			return kindString, nil
		}
		return kindTime, nil
	case msgp.ArrayType:
		return kindList, nil
	case msgp.MapType:
		return kindMap, nil
	default:
		if len(b) == 0 {
			return 0, msgp.ErrShortBytes
		}
		return 0, fmt.Errorf("found a %s, which is not a value of a task", t)
	}
}

// mapReader walks over a MessagePack map. The caller takes each value off the
// front of rest before it asks for the next name.
type mapReader struct {
	left uint32 // entries
	rest []byte
}

func openMap(b []byte) (mapReader, error) {
	n, rest, err := msgp.ReadMapHeaderBytes(b)
	if err == nil && int64(n)*2 > int64(len(rest)) {
		err = fmt.Errorf("a map of %d entries in %d bytes", n, len(rest))
	}
	return mapReader{left: n, rest: rest}, err
}

// next returns the name of the next entry; it is part of the map's bytes.
func (m *mapReader) next() (name []byte, err error) {
	m.left--
	name, m.rest, err = msgp.ReadMapKeyZC(m.rest)
	return name, err
}

func listHeader(b []byte) (n uint32, rest []byte, err error) {
	n, rest, err = msgp.ReadArrayHeaderBytes(b)
	if err == nil && int64(n) > int64(len(rest)) {
		err = fmt.Errorf("a list of %d values in %d bytes", n, len(rest))
	}
	return n, rest, err
}

// readText reads a string, or what is shown of a reference to an object.
func readText(b []byte) (text, rest []byte, err error) {
	if !wire.IsReference(b) {
		return msgp.ReadStringZC(b)
	}
	r, rest, err := wire.ReadReference(b)
	return []byte(r.String()), rest, err
}
