package wire

import (
	"fmt"
	"math"

	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush"
)

// Decode reads what Encode wrote; empty bytes give nil values.
func Decode(b []byte) (rush.Values, error) {
	if len(b) == 0 {
		return nil, nil
	}
	m, rest, err := readMap(b, 0)
	if err != nil {
		return nil, fmt.Errorf("decode values: %w", err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("decode values: %d bytes left over", len(rest))
	}
	return m, nil
}

// ReadValue reads one value and returns the bytes after it.
func ReadValue(b []byte) (v any, rest []byte, err error) { return readValue(b, 0) }

func readMap(b []byte, depth int) (map[string]any, []byte, error) {
	n, b, err := msgp.ReadMapHeaderBytes(b)
	if err != nil {
		return nil, b, err
	}
	if int64(n) > int64(len(b)) {
		return nil, b, fmt.Errorf("a map of %d entries in %d bytes", n, len(b))
	}
	m := make(map[string]any, n)
	for range n {
		var name []byte
		if name, b, err = msgp.ReadMapKeyZC(b); err != nil {
			return nil, b, err
		}
		key := string(name)
		if m[key], b, err = readValue(b, depth+1); err != nil {
			return nil, b, fmt.Errorf("%s: %w", key, err)
		}
	}
	return m, b, nil
}

func readList(b []byte, depth int) ([]any, []byte, error) {
	n, b, err := msgp.ReadArrayHeaderBytes(b)
	if err != nil {
		return nil, b, err
	}
	if int64(n) > int64(len(b)) {
		return nil, b, fmt.Errorf("a list of %d values in %d bytes", n, len(b))
	}
	list := make([]any, n)
	for i := range list {
		if list[i], b, err = readValue(b, depth+1); err != nil {
			return nil, b, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return list, b, nil
}

func readValue(b []byte, depth int) (any, []byte, error) {
	if depth > maxDepth {
		return nil, b, fmt.Errorf("lists and maps are nested more than %d deep", maxDepth)
	}
	switch kind := msgp.NextType(b); kind {
	case msgp.NilType:
		rest, err := msgp.ReadNilBytes(b)
		return nil, rest, err
	case msgp.BoolType:
		return boxed(msgp.ReadBoolBytes(b))
	case msgp.IntType:
		return boxed(msgp.ReadInt64Bytes(b))
	case msgp.UintType:
		u, rest, err := msgp.ReadUint64Bytes(b)
		if err == nil && u > math.MaxInt64 {
			err = fmt.Errorf("the integer %d is larger than %d", u, int64(math.MaxInt64))
		}
		return int64(u), rest, err
	case msgp.Float64Type, msgp.Float32Type:
		return boxed(msgp.ReadFloat64Bytes(b))
	case msgp.StrType:
		return boxed(msgp.ReadStringBytes(b))
	case msgp.BinType:
		return boxed(msgp.ReadBytesBytes(b, nil))
	case msgp.TimeType, msgp.ExtensionType: // NextType does not know a time at the very end of b
		if IsReference(b) {
			return boxed(ReadReference(b))
		}
		t, rest, err := msgp.ReadTimeBytes(b)
		return t.UTC(), rest, err
	case msgp.MapType:
		return boxed(readMap(b, depth))
	case msgp.ArrayType:
		return boxed(readList(b, depth))
	default:
		return nil, b, fmt.Errorf("found a %s, which is not a value of a task", kind)
	}
}

func boxed[T any](v T, rest []byte, err error) (any, []byte, error) { return v, rest, err }
