package main

import (
	"strings"
	"unicode/utf8"
)

// pageWidth is how many columns texts for people have.
const pageWidth = 80

// columns writes a row: every cell but the last in its width, and the last one
// wrapped below itself, or on lines of its own where that leaves too little room.
// It ends with an end of line.
func columns(indent string, widths []int, row []string) string {
	const least = 30 // columns for the last cell
	var b strings.Builder
	b.WriteString(indent)
	for len(row) > 1 && row[len(row)-1] == "" {
		row = row[:len(row)-1]
	}
	last := len(row) - 1
	for i, text := range row[:last] {
		b.WriteString(text)
		b.WriteString(strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(text))+2))
	}
	at := utf8.RuneCountInString(b.String())
	words := row[last]
	if room := pageWidth - at; utf8.RuneCountInString(words) > room && room < least {
		at = utf8.RuneCountInString(indent) + 4
		return strings.TrimRight(b.String(), " ") + "\n" + strings.Repeat(" ", at) + wrapped(words, at) + "\n"
	}
	return strings.TrimRight(b.String()+wrapped(words, at), " ") + "\n"
}

// wrapped breaks a text between words so that it stays in the page when it begins
// at a column, and goes on below that.
func wrapped(text string, at int) string {
	var b strings.Builder
	column := at
	for i, word := range strings.Fields(text) {
		width := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+width > pageWidth:
			b.WriteString("\n" + strings.Repeat(" ", at))
			column = at
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += width
	}
	return b.String()
}

// widthsOf is the width that each column needs but the last of a row.
func widthsOf(rows [][]string) []int {
	var widths []int
	for _, row := range rows {
		for i, text := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if i+1 < len(row) {
				widths[i] = max(widths[i], utf8.RuneCountInString(text))
			}
		}
	}
	return widths
}
