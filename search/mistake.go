package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxMistakes is how many mistakes are told at once.
const maxMistakes = 10

// A Mistake is one thing that is wrong in a search file.
type Mistake struct {
	// Line and Column count from 1, in characters; they are 0 when the mistake
	// has no place in the file.
	Line, Column int
	Source       string // the line's text
	Flag         string // the flag that it is in, such as "--set terminate.evals=many"; "" is the file
	Path         string // the part of the file: "terminate.evals"
	Message      string // what was expected, what was found, what to do
}

// An Error says what is wrong in a search file: every mistake, up to ten, in
// the file's order.
type Error struct {
	File     string
	Mistakes []Mistake
	More     int // mistakes beyond those
}

// Error writes each mistake with its place, the line, and a caret under the
// place.
func (e *Error) Error() string {
	var b strings.Builder
	for i, m := range e.Mistakes {
		if i > 0 {
			b.WriteByte('\n')
		}
		m.write(&b, e.File)
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\n%s: and %d more", e.File, e.More)
	}
	return b.String()
}

func (m *Mistake) write(b *strings.Builder, file string) {
	switch {
	case m.Flag != "":
		b.WriteString(m.Flag)
	case m.Line > 0:
		fmt.Fprintf(b, "%s:%d:%d", file, m.Line, m.Column)
	default:
		b.WriteString(file)
	}
	b.WriteString(": ")
	if m.Path != "" && !strings.HasPrefix(m.Flag, setFlag+m.Path+"=") {
		b.WriteString(m.Path + ": ")
	}
	b.WriteString(m.Message)
	if m.Flag == "" && m.Line > 0 {
		m.point(b)
	}
}

// point writes the line and, below it, the caret. What is before the place is
// repeated as blanks; tabs stay tabs, so that the caret is where it belongs.
func (m *Mistake) point(b *strings.Builder) {
	before := []rune(m.Source)
	before = before[:min(m.Column-1, len(before))]
	for i, r := range before {
		if r != '\t' {
			before[i] = ' '
		}
	}
	fmt.Fprintf(b, "\n%5d | %s\n      | %s^", m.Line, m.Source, string(before))
}

// mistakes collects what is wrong.
type mistakes struct {
	lines []string // of the file
	found []Mistake
}

func (c *mistakes) add(at place, path, format string, args ...any) {
	m := Mistake{Line: at.line, Column: at.column, Flag: at.flag, Path: path, Message: fmt.Sprintf(format, args...)}
	if at.line > 0 && at.line <= len(c.lines) {
		m.Source = c.lines[at.line-1]
	}
	c.found = append(c.found, m)
}

// wrong adds a mistake about a node, unless one was told that broke it.
func (c *mistakes) wrong(n *node, format string, args ...any) {
	if n.kind != broken {
		c.add(n.at, n.path, format, args...)
	}
}

// wrongAt is wrong with the caret so many characters into a text, if the text is
// in the file as it is.
func (c *mistakes) wrongAt(n *node, offset int, format string, args ...any) {
	moved := *n
	if text, ok := n.value.(string); ok && n.at.flag == "" {
		line := []rune(c.line(n.at))
		from := min(max(n.at.column-1, 0), len(line))
		for _, quote := range []string{"", `"`, "'"} {
			if strings.HasPrefix(string(line[from:]), quote+text) {
				moved.at.column += len(quote) + offset
				break
			}
		}
	}
	c.wrong(&moved, format, args...)
}

// err returns the mistakes in the order of their places, or nil: what has no
// place first, then the file, then the flags.
func (c *mistakes) err(file string) error {
	if len(c.found) == 0 {
		return nil
	}
	slices.SortStableFunc(c.found, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(min(len(a.Flag), 1), min(len(b.Flag), 1)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	shown := min(len(c.found), maxMistakes)
	return &Error{File: file, Mistakes: c.found[:shown], More: len(c.found) - shown}
}
