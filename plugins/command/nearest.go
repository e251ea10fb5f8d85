package command

import (
	"maps"
	"slices"
	"strings"
)

// nearest says which of the known names could have been meant, or which there are.
func nearest(name string, known scope) string {
	names := slices.Sorted(maps.Keys(known))
	best, distance := "", 1+max(1, len([]rune(name))/3)
	for _, k := range names {
		if d := editDistance(strings.ToLower(name), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	if best != "" {
		return "did you mean {{" + best + "}}?"
	}
	return "there are " + strings.Join(names, ", ")
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
