package command

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxExcerpt = 200 // bytes

// excerpt quotes the beginning of what was found.
func excerpt(b []byte) string {
	if len(b) <= maxExcerpt {
		return fmt.Sprintf("%q", b)
	}
	end := maxExcerpt
	for end > 0 && !utf8.RuneStart(b[end]) {
		end--
	}
	return fmt.Sprintf("%q... (%d bytes)", b[:end], len(b))
}

// excerptEnd quotes the end of what was found.
func excerptEnd(b []byte) string {
	if len(b) == 0 {
		return "nothing: it is empty"
	}
	from := max(0, len(b)-maxExcerpt)
	for from < len(b) && from > 0 && !utf8.RuneStart(b[from]) {
		from++
	}
	return fmt.Sprintf("%q", b[from:])
}

// telling returns the last line of stderr that says something, or "". R ends with
// lines that do not.
func telling(stderr string) string {
	lines := strings.Split(stderr, "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		line := strings.TrimSpace(lines[i])
		if line == "Execution halted" || strings.HasPrefix(line, "Calls: ") || !strings.ContainsFunc(line, unicode.IsLetter) {
			continue
		}
		if len(line) > maxExcerpt {
			return strings.ToValidUTF8(line[:maxExcerpt], "") + "..."
		}
		return line
	}
	return ""
}
