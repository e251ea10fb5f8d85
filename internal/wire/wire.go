// Package wire turns values into bytes and back: MessagePack for the stores
// and between processes, JSON for people, files and other languages.
//
// Both keep an integer an integer and a float a float. Maps are written with
// their keys sorted, so that equal values have equal bytes.
package wire

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush"
)

// maxDepth bounds the nesting of lists and maps, in what is written and in
// what is read, so that hostile or cyclic values cannot exhaust the stack.
const maxDepth = 100

// Encode returns the values as a MessagePack map; nil values give nil.
func Encode(v rush.Values) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	return AppendMap(nil, v)
}

// AppendMap appends the values as a MessagePack map.
func AppendMap(b []byte, v rush.Values) ([]byte, error) { return appendMap(b, v, 0) }

// AppendValue appends one value; see rush.Values for which there are. Other
// integer, float, slice and map types are converted; anything else is an
// error that names its type.
func AppendValue(b []byte, v any) ([]byte, error) { return appendValue(b, v, 0) }

func appendMap(b []byte, m map[string]any, depth int) ([]byte, error) {
	var few [16]string
	names := few[:0]
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	b = msgp.AppendMapHeader(b, uint32(len(names)))
	for _, name := range names {
		var err error
		b = msgp.AppendString(b, name)
		if b, err = appendValue(b, m[name], depth+1); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return b, nil
}

func appendValue(b []byte, v any, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("lists and maps are nested more than %d deep", maxDepth)
	}
	switch v := v.(type) {
	case nil:
		return msgp.AppendNil(b), nil
	case bool:
		return msgp.AppendBool(b, v), nil
	case int64:
		return msgp.AppendInt64(b, v), nil
	case int:
		return msgp.AppendInt64(b, int64(v)), nil
	case float64:
		return msgp.AppendFloat64(b, v), nil
	case string:
		return msgp.AppendString(b, v), nil
	case []byte:
		return msgp.AppendBytes(b, v), nil
	case time.Time:
		return msgp.AppendTimeExt(b, v), nil
	case rush.Reference:
		return appendReference(b, v)
	case rush.Values:
		return appendMap(b, v, depth)
	case map[string]any:
		return appendMap(b, v, depth)
	case []any:
		return appendList(b, v, depth)
	}
	return appendReflected(b, reflect.ValueOf(v), depth)
}

func appendList(b []byte, list []any, depth int) ([]byte, error) {
	b = msgp.AppendArrayHeader(b, uint32(len(list)))
	for i, v := range list {
		var err error
		if b, err = appendValue(b, v, depth+1); err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return b, nil
}

// appendReflected writes the types that are not values themselves but stand
// for one.
func appendReflected(b []byte, v reflect.Value, depth int) ([]byte, error) {
	switch v.Kind() {
	case reflect.Bool:
		return msgp.AppendBool(b, v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return msgp.AppendInt64(b, v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > math.MaxInt64 {
			return nil, fmt.Errorf("the integer %d is larger than %d; give it as a string or a float", v.Uint(), int64(math.MaxInt64))
		}
		return msgp.AppendInt64(b, int64(v.Uint())), nil
	case reflect.Float32, reflect.Float64:
		return msgp.AppendFloat64(b, v.Float()), nil
	case reflect.String:
		return msgp.AppendString(b, v.String()), nil
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return msgp.AppendNil(b), nil
		}
		return appendValue(b, v.Elem().Interface(), depth+1)
	case reflect.Slice, reflect.Array:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = v.Index(i).Interface()
		}
		return appendList(b, list, depth)
	case reflect.Map:
		if v.Type().Key().Kind() != reflect.String {
			break
		}
		m := make(map[string]any, v.Len())
		for it := v.MapRange(); it.Next(); {
			m[it.Key().String()] = it.Value().Interface()
		}
		return appendMap(b, m, depth)
	}
	return nil, fmt.Errorf("a value of type %s cannot be stored; expected null, a bool, a number, a string, bytes, a time, a list, or a map with string keys", typeName(v))
}

func typeName(v reflect.Value) string {
	if !v.IsValid() {
		return "nil"
	}
	return v.Type().String()
}
