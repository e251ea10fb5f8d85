package space

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
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

// didYouMean returns a question that names the nearest of the known names, or a
// list of them when none is near.
func didYouMean(name string, known []string) string {
	if h := hint(name, known); h != "" {
		return h
	}
	const most = 12
	list := slices.Clone(known[:min(most, len(known))])
	if len(known) > most {
		list = append(list, "...")
	}
	if len(list) == 0 {
		return "; there are none"
	}
	return "; there are " + strings.Join(list, ", ")
}

// hint is didYouMean without the list.
func hint(name string, known []string) string {
	n := len([]rune(name))
	best, distance := "", min(n, 1+max(1, n/3))
	for _, k := range known {
		if d := editDistance(strings.ToLower(name), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

// editDistance counts the insertions, deletions and replacements of characters
// between two words (Levenshtein).
func editDistance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			replace := diagonal
			if r != s {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(to)]
}
