package search

import (
	"fmt"
	"strconv"
	"strings"
)

// indexes reads which rows come before: an integer, a list of them, or a text of
// them.
func indexes(v any) ([]int, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		var list []any
		for _, word := range strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(" \t,;", r) }) {
			i, err := strconv.ParseInt(word, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("expected numbers of rows, from 0, as in 0 1, found %q", v)
			}
			list = append(list, i)
		}
		return indexes(list)
	case []any:
		var all []int
		for _, item := range v {
			i, ok := item.(int64)
			if !ok || i < 0 || i != int64(int(i)) {
				return nil, fmt.Errorf("expected numbers of rows, from 0, found %v", item)
			}
			all = append(all, int(i))
		}
		return all, nil
	}
	return indexes([]any{v})
}
