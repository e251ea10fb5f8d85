package expression

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"
)

// explain turns an error of the language's into one about the source.
func (c *compilation) explain(source string, err error) *Error {
	var known *file.Error
	if !errors.As(err, &known) {
		return &Error{Message: inWords(strings.SplitN(err.Error(), "\n", 2)[0])}
	}
	e := &Error{Offset: c.original(known.From), Message: c.restore(known.Message)}
	if name, ok := strings.CutPrefix(e.Message, "unknown name "); ok {
		e.Message = fmt.Sprintf("there is no parameter or function %s%s", name, c.hint(name))
	}
	if quote, at := unclosed(source); e.Message == "literal not terminated" && quote != 0 {
		e.Offset, e.Message = at, fmt.Sprintf("the text that begins here has no closing %c", quote)
	}
	e.Message = inWords(e.Message)
	for _, name := range c.names {
		if slices.Contains(words, name) && strings.Contains(e.Message, `("`+name+`")`) {
			e.Message += fmt.Sprintf("; the parameter %s is written $env[%q], since %[1]s is a word of the language", name, name)
		}
	}
	return e
}

// unclosed finds a text that does not end, and what it begins with; 0 if all do.
func unclosed(source string) (quote rune, at int) {
	for i := 0; i < len(source); {
		r, size := utf8.DecodeRuneInString(source[i:])
		if n := quoted(source[i:] + "\x00"); n > len(source)-i { // up to the end of whatever follows
			if strings.ContainsRune("\"'`", r) {
				return r, utf8.RuneCountInString(source[:i])
			}
			return 0, 0
		} else if n > 0 {
			size = n
		}
		i += size
	}
	return 0, 0
}

// What the language says of operators and types.
var (
	twoKinds = regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (.+) and (.+)\)$`)
	oneKind  = regexp.MustCompile(`^invalid operation: (\S+) \(mismatched type (.+)\)$`)
	inArray  = regexp.MustCompile(`^cannot use (.+) as type (.+) in array$`)
	notBool  = regexp.MustCompile(`^expected bool, but got (.+)$`)
)

// inWords says in this package's words what is said of types.
func inWords(message string) string {
	if m := twoKinds.FindStringSubmatch(message); m != nil {
		return ofTwo(m[1], kindWord(m[2]), kindWord(m[3]))
	}
	if m := oneKind.FindStringSubmatch(message); m != nil && m[1] == "not" || m != nil && m[1] == "!" {
		return fmt.Sprintf("expected a condition such as x > 1 after %s, found %s", m[1], kindWord(m[2]))
	} else if m != nil {
		return fmt.Sprintf("expected a number after %s, found %s", m[1], kindWord(m[2]))
	}
	if m := inArray.FindStringSubmatch(message); m != nil {
		return ofTwo("in", kindWord(m[1]), kindWord(m[2]))
	}
	if m := notBool.FindStringSubmatch(message); m != nil {
		return "expected a condition such as x > 1, found " + kindWord(m[1])
	}
	if message == `unexpected token Operator("=")` {
		return "= compares nothing; did you mean ==?"
	}
	return message
}

// ofTwo says what is wrong with an operator between values of two kinds.
func ofTwo(op, a, b string) string {
	switch op {
	case "and", "or", "&&", "||":
		return fmt.Sprintf("expected conditions on both sides of %s, found %s and %s", op, a, b)
	case "contains", "startsWith", "endsWith", "matches":
		return fmt.Sprintf("expected texts on both sides of %s, found %s and %s", op, a, b)
	case "==", "<", "<=", ">", ">=":
		return fmt.Sprintf("%s is compared with %s by %s, which never holds", a, b, op)
	case "!=":
		return fmt.Sprintf("%s is compared with %s by !=, which always holds", a, b)
	case "%":
		return "expected integers on both sides of %"
	case "in":
		if b != "a list" && a == b {
			return `expected a list after in, as in ["a", "b"]`
		}
		return fmt.Sprintf("%s is compared with %s by in, which never holds", a, b)
	}
	return fmt.Sprintf("expected numbers on both sides of %s, found %s and %s", op, a, b)
}

// kindWord names a type of the language for people.
func kindWord(kind string) string {
	switch kind {
	case "float64", "int", "int64":
		return "a number"
	case "string":
		return "a text"
	case "bool":
		return "a condition"
	case "nil", "unknown":
		return "nil"
	}
	if strings.HasPrefix(kind, "[]") || strings.HasPrefix(kind, "array") {
		return "a list"
	}
	return kind
}
