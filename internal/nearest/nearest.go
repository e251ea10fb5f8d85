// Package nearest finds the name that a person may have meant.
package nearest

import (
	"fmt"
	"strings"
)

// Hint returns a question to end a sentence with, "; did you mean evals?", or
// else, when no known name is near, the list of them.
func Hint(name string, known []string) string {
	if near, ok := Name(name, known); ok {
		return fmt.Sprintf("; did you mean %s?", near)
	}
	if len(known) == 0 {
		return "; there are none"
	}
	const most = 16
	list := strings.Join(known[:min(most, len(known))], ", ")
	if len(known) > most {
		list += ", ..."
	}
	return "; there are " + list
}

// Name returns the known name that is nearest, if any is near: at most a third
// of the characters would have to be changed, or one, but not all. Case does not
// matter.
func Name(name string, known []string) (string, bool) {
	n := len([]rune(name))
	best, distance := "", min(n, 1+max(1, n/3))
	for _, k := range known {
		if d := edits(strings.ToLower(name), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	return best, best != ""
}

// edits counts the insertions, deletions and replacements of characters between
// two words (Levenshtein).
func edits(a, b string) int {
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
