package space

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// maxDepth bounds the nesting of a level, so that a list that holds itself is
// an error.
const maxDepth = 100

// plainJSON returns a value in the one form that levels have: nil, bool, int64,
// float64, string, []any, map[string]any.
func plainJSON(v any) (any, error) { return plainAt(v, 0) }

func plainAt(v any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("lists and maps are nested more than %d deep", maxDepth)
	}
	if scalar, ok := plainScalar(v); ok {
		if f, isFloat := scalar.(float64); isFloat && (math.IsNaN(f) || math.IsInf(f, 0)) {
			return nil, fmt.Errorf("expected a finite number, found %s", formatNumber(f))
		}
		return scalar, nil
	}
	if n, ok := v.(json.Number); ok {
		return nil, fmt.Errorf("expected a number that a float64 can hold, found %s", n)
	}
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.Slice && r.Type().Elem().Kind() != reflect.Uint8:
		list := make([]any, r.Len())
		for i := range list {
			var err error
			if list[i], err = plainAt(r.Index(i).Interface(), depth+1); err != nil {
				return nil, err
			}
		}
		return list, nil
	case r.Kind() == reflect.Map && r.Type().Key().Kind() == reflect.String:
		m := make(map[string]any, r.Len())
		for it := r.MapRange(); it.Next(); {
			var err error
			if m[it.Key().String()], err = plainAt(it.Value().Interface(), depth+1); err != nil {
				return nil, err
			}
		}
		return m, nil
	}
	return nil, fmt.Errorf("expected null, a bool, a number, a string, a list or a map, found a %T", v)
}

// plainScalar turns every Go type that stands for null, a bool, a number or a
// string into nil, bool, int64, float64 or string.
func plainScalar(v any) (any, bool) {
	switch v := v.(type) {
	case nil, bool, int64, float64, string:
		return v, true
	case json.Number:
		n, err := parseNumber(string(v))
		return n, err == nil
	}
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.Bool:
		return r.Bool(), true
	case r.CanInt():
		return r.Int(), true
	case r.CanUint() && r.Uint() <= math.MaxInt64:
		return int64(r.Uint()), true
	case r.CanFloat():
		return r.Float(), true
	case r.Kind() == reflect.String:
		return r.String(), true
	}
	return nil, false
}

// parseNumber reads a number: without fraction and exponent it is an int64 if
// it fits, else a float64.
func parseNumber(s string) (any, error) {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, ".eE") {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n, nil
		}
	}
	return strconv.ParseFloat(s, 64)
}

// toFloat returns a number of any Go type as a float64.
func toFloat(v any) (float64, bool) {
	scalar, _ := plainScalar(v)
	switch n := scalar.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// A set finds values of the one form in a list.
type set struct {
	list    []any
	scalars map[any]int // the first index of each scalar, by its key
}

func newSet(list []any) set {
	s := set{list, make(map[any]int, len(list))}
	for i, v := range list {
		k, ok := key(v)
		if _, there := s.scalars[k]; ok && !there {
			s.scalars[k] = i
		}
	}
	return s
}

// find returns the index of the first value that equals v, or -1.
func (s set) find(v any) int {
	if k, ok := key(v); ok {
		if i, there := s.scalars[k]; there {
			return i
		}
		return -1
	}
	for i := range s.list {
		if equal(s.list[i], v) {
			return i
		}
	}
	return -1
}

// key returns what stands for a scalar in a map; 3 and 3.0 have the same.
func key(v any) (any, bool) {
	switch v := v.(type) {
	case nil, bool, int64, string:
		return v, true
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < math.MaxInt64 {
			return int64(v), true
		}
		return v, true
	}
	return nil, false
}

// equal compares values of the one form; numbers by what they are, not by their
// type.
func equal(a, b any) bool {
	if k, ok := key(a); ok {
		l, ok := key(b)
		return ok && k == l
	}
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name := range a {
			if other, there := b[name]; !there || !equal(a[name], other) {
				return false
			}
		}
		return true
	}
	return false
}
