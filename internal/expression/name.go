package expression

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words are those of the language: written bare they are never names.
var words = []string{"and", "or", "not", "in", "matches", "contains", "startsWith", "endsWith", "true", "false", "nil", "let", "if", "else"}

// A translation is an expression in which every name has become an identifier of
// the language, for there are names with dots and dashes.
type translation struct {
	text   string
	prefix string // of the identifiers: prefix0, prefix1, ...
	parts  []part
}

// A part says where a name was, in characters, and which.
type part struct{ name, from, fromEnd, to, toEnd int }

// translate replaces the names in an expression.
func translate(source string, names []string) translation {
	t := translation{prefix: "name"}
	for strings.Contains(source, t.prefix) {
		t.prefix += "_"
	}
	order := make([]int, len(names)) // the longest first
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(names[b]) - len(names[a]) })
	var out strings.Builder
	before := rune(0) // the character in front
	for rest := source; rest != ""; {
		size := quoted(rest)
		if size == 0 && !continues(before) {
			if i, n := nameAt(rest, names, order); n > 0 {
				t.replace(&out, source, rest, n, i)
				before, rest = 'x', rest[n:]
				continue
			}
		}
		if size == 0 {
			_, size = utf8.DecodeRuneInString(rest)
		}
		out.WriteString(rest[:size])
		before, _ = utf8.DecodeLastRuneInString(rest[:size])
		rest = rest[size:]
	}
	t.text = out.String()
	return t
}

// replace writes the identifier of the i-th name for the first n bytes of rest.
func (t *translation) replace(out *strings.Builder, source, rest string, n, i int) {
	from := utf8.RuneCountInString(source[:len(source)-len(rest)])
	to := utf8.RuneCountInString(out.String())
	id := t.prefix + itoa(i)
	out.WriteString(id)
	t.parts = append(t.parts, part{i, from, from + utf8.RuneCountInString(rest[:n]), to, to + len(id)})
}

// nameAt returns the name at the beginning of an expression's rest, and how many
// bytes it takes there; 0 is none.
func nameAt(rest string, names []string, order []int) (i, n int) {
	for _, i := range order {
		for _, quote := range []string{`"`, `'`} {
			if form := "$env[" + quote + names[i] + quote + "]"; strings.HasPrefix(rest, form) {
				return i, len(form)
			}
		}
		if bare(names[i]) && strings.HasPrefix(rest, names[i]) && endsName(rest[len(names[i]):]) {
			return i, len(names[i])
		}
	}
	return 0, 0
}

// bare reports whether a name may be written as it is.
func bare(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	return (unicode.IsLetter(first) || first == '_') && !slices.Contains(words, name)
}

// endsName reports whether a name may end in front of rest: no other goes on
// there, and no function is called.
func endsName(rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !continues(next) && !strings.HasPrefix(strings.TrimLeft(rest, " \t\n"), "(")
}

// continues reports whether a character can be inside of an identifier.
func continues(r rune) bool {
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// quoted returns the size of the text in quotes, or of the comment, that begins
// here; 0 if none does.
func quoted(rest string) int {
	switch {
	case rest[0] == '"' || rest[0] == '\'' || rest[0] == '`':
		for i := 1; i < len(rest); i++ {
			switch {
			case rest[i] == '\\' && rest[0] != '`':
				i++
			case rest[i] == rest[0]:
				return i + 1
			}
		}
		return len(rest)
	case strings.HasPrefix(rest, "//"):
		if end := strings.IndexByte(rest, '\n'); end > 0 {
			return end
		}
		return len(rest)
	case strings.HasPrefix(rest, "/*"):
		if end := strings.Index(rest, "*/"); end > 0 {
			return end + 2
		}
		return len(rest)
	}
	return 0
}

// original returns where a place in the translation, in characters, was in the
// source.
func (t *translation) original(at int) int {
	shift := 0
	for _, p := range t.parts {
		if at < p.to {
			break
		}
		if at < p.toEnd {
			return p.from
		}
		shift = p.fromEnd - p.toEnd
	}
	return at + shift
}
