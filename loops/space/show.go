package space

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/rushnet/rush/internal/nearest"
)

// formatNumber writes a number in the shortest form that reads back as it,
// without an exponent where people would not write one.
func formatNumber(x float64) string {
	if a := math.Abs(x); a == 0 || 1e-4 <= a && a < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// show writes a value as JSON, cut where it is long.
func show(v any) string {
	text, err := marshalValue(v)
	if err != nil {
		text = fmt.Append(nil, v)
	}
	const most = 60
	if runes := []rune(string(text)); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return string(text)
}

// showList writes the first values of a list.
func showList(list []any) string {
	const most = 12
	var parts []string
	for _, v := range list[:min(most, len(list))] {
		parts = append(parts, show(v))
	}
	if more := len(list) - most; more > 0 {
		parts = append(parts, fmt.Sprintf("... (%d more)", more))
	}
	return strings.Join(parts, ", ")
}

// found names a value and its kind, for "expected ..., found ...".
func found(v any) string {
	scalar, ok := plainScalar(v)
	if !ok {
		return fmt.Sprintf("%s (%T)", show(v), v)
	}
	switch s := scalar.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(s)
	case int64:
		return strconv.FormatInt(s, 10)
	case float64:
		if text := show(s); json.Valid([]byte(text)) {
			return text // 3.0, not 3
		}
		return formatNumber(s)
	case string:
		return "the text " + show(s)
	}
	return show(v)
}

// hint returns a question to end a sentence with, if a known name is near.
func hint(name string, known []string) string {
	near, ok := nearest.Name(name, known)
	if !ok {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", near)
}
