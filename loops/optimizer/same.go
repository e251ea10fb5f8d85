package optimizer

import (
	"bytes"
	"math"
	"slices"
	"time"

	"github.com/rushnet/rush"
)

// sameValues reports whether values are the same once they went through a store:
// there all integers are int64 and all floats float64. NaN is NaN, and none is an
// empty map.
func sameValues(a, b rush.Values) bool {
	if len(a) != len(b) {
		return false
	}
	for name, v := range a {
		if w, ok := b[name]; !ok || !same(v, w) {
			return false
		}
	}
	return true
}

func same(a, b any) bool {
	switch a := stored(a).(type) {
	case float64:
		b, ok := stored(b).(float64)
		return ok && math.Float64bits(a) == math.Float64bits(b) || ok && math.IsNaN(a) && math.IsNaN(b)
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	case time.Time:
		b, ok := b.(time.Time)
		return ok && a.Equal(b)
	case []any:
		b, ok := stored(b).([]any)
		return ok && slices.EqualFunc(a, b, same)
	case map[string]any:
		b, ok := stored(b).(map[string]any)
		return ok && sameValues(a, b)
	default:
		switch b := stored(b).(type) {
		case []byte, []any, map[string]any:
			return false
		default:
			return a == b
		}
	}
}

// stored is a value in the form in which it comes back from a store, as far as
// optimizers give them: numbers, and lists of them.
func stored(v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int32:
		return int64(v)
	case float32:
		return float64(v)
	case rush.Values:
		return map[string]any(v)
	case []float64:
		return list(v)
	case []int:
		return list(v)
	case []int64:
		return list(v)
	case []string:
		return list(v)
	}
	return v
}

func list[T any](v []T) []any {
	all := make([]any, len(v))
	for i := range v {
		all[i] = v[i]
	}
	return all
}
