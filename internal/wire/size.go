package wire

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/tinylib/msgp/msgp"
)

// Size returns about how many bytes a value takes when it is encoded, without
// encoding it; types that only stand for a value count as a few.
func Size(v any) int64 {
	const few = 9
	switch v := v.(type) {
	case string:
		return few + int64(len(v))
	case []byte:
		return few + int64(len(v))
	case []any:
		var n int64 = few
		for _, e := range v {
			n += Size(e)
		}
		return n
	case map[string]any:
		var n int64 = few
		for name, e := range v {
			n += few + int64(len(name)) + Size(e)
		}
		return n
	case []float64:
		return few + few*int64(len(v))
	}
	return few
}

// Parts returns an encoded value in parts, of which the first was made for it,
// and bytes and strings that are the value's own memory are the second.
func Parts(v any) ([][]byte, error) {
	switch v := v.(type) {
	case []byte:
		if int64(len(v)) > math.MaxUint32 {
			return nil, tooLong(len(v))
		}
		return [][]byte{msgp.AppendBytesHeader(nil, uint32(len(v))), v}, nil
	case string:
		if int64(len(v)) > math.MaxUint32 {
			return nil, tooLong(len(v))
		}
		const str32 = 0xdb
		header := binary.BigEndian.AppendUint32([]byte{str32}, uint32(len(v)))
		return [][]byte{header, msgp.UnsafeBytes(v)}, nil
	}
	b, err := AppendValue(nil, v)
	return [][]byte{b}, err
}

func tooLong(n int) error {
	return fmt.Errorf("a value of %d bytes is longer than the %d that one can have; put it into the object store by itself", n, int64(math.MaxUint32))
}

// Join reads a value that is all of b. Bytes and strings share b's memory,
// which must not be changed afterwards.
func Join(b []byte) (v any, err error) {
	rest := b
	switch msgp.NextType(b) {
	case msgp.BinType:
		v, rest, err = boxed(msgp.ReadBytesZC(b))
	case msgp.StrType:
		var s []byte
		s, rest, err = msgp.ReadStringZC(b)
		v = msgp.UnsafeString(s)
	default:
		v, rest, err = ReadValue(b)
	}
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("decode a value: %d bytes left over", len(rest))
	}
	return v, err
}
