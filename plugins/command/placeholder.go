package command

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/rushnet/rush/internal/nearest"
)

// A text is a text with placeholders: literals[0], names[0], literals[1], ...
type text struct {
	source   string
	literals []string // one more than names
	names    []string
}

// placeholder is a name in two pairs of braces, with or without blanks around it.
var placeholder = regexp.MustCompile(`\{\{[ \t]*([^{}\s](?:[^{}\n]*[^{}\s])?)[ \t]*\}\}`)

func parseText(source string) text {
	t := text{source: source}
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(source, -1) {
		t.literals = append(t.literals, source[from:at[0]])
		t.names = append(t.names, source[at[2]:at[3]])
		from = at[1]
	}
	t.literals = append(t.literals, source[from:])
	return t
}

// parseTexts parses each of several texts.
func parseTexts(sources []string) []text {
	texts := make([]text, len(sources))
	for i, source := range sources {
		texts[i] = parseText(source)
	}
	return texts
}

// literal reports whether there are no placeholders.
func (t text) literal() bool { return len(t.names) == 0 }

// has reports whether one of the placeholders is name.
func (t text) has(name string) bool {
	for _, n := range t.names {
		if n == name {
			return true
		}
	}
	return false
}

// fill puts values in.
func (t text) fill(values scope) (string, error) {
	if t.literal() {
		return t.source, nil
	}
	var b strings.Builder
	for i, name := range t.names {
		value, ok := values[name]
		if !ok {
			return "", unknownName(name, values)
		}
		b.WriteString(t.literals[i])
		b.WriteString(value)
	}
	b.WriteString(t.literals[len(t.names)])
	return b.String(), nil
}

// check returns an error if a placeholder is not one of the known names.
func (t text) check(known scope) error {
	for _, name := range t.names {
		if _, ok := known[name]; !ok {
			return unknownName(name, known)
		}
	}
	return nil
}

// A scope has the value of every name that a placeholder may have.
type scope map[string]string

func unknownName(name string, known scope) error {
	return fmt.Errorf("{{%s}} is no parameter, constant or name of rush; %s", name, meant(name, known))
}

// meant says which of the known names could have been meant, or which there are.
func meant(name string, known scope) string {
	names := slices.Sorted(maps.Keys(known))
	if near, ok := nearest.Name(name, names); ok {
		return "did you mean {{" + near + "}}?"
	}
	return "there are " + strings.Join(names, ", ")
}
