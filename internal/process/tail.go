package process

import (
	"strings"
	"unicode/utf8"
)

// A Tail is an io.Writer that keeps the last bytes of what was written to it. One
// goroutine may use it.
type Tail struct {
	size int
	kept []byte // up to twice the size, so that few writes move it
}

// NewTail returns a Tail that keeps size bytes.
func NewTail(size int) *Tail { return &Tail{size: size} }

// Write never fails.
func (t *Tail) Write(b []byte) (int, error) {
	n := len(b)
	if n > t.size {
		b = b[n-t.size:]
	}
	if len(t.kept)+len(b) > 2*t.size {
		t.kept = t.kept[:copy(t.kept, t.last())]
	}
	t.kept = append(t.kept, b...)
	return n, nil
}

// String returns what was kept, as valid UTF-8 and without the last end of line:
// a character that was cut in half at the beginning is left out, and what is no
// character is replaced.
func (t *Tail) String() string {
	b := t.last()
	for i := 1; i < utf8.UTFMax && len(b) > 0 && !utf8.RuneStart(b[0]); i++ {
		b = b[1:]
	}
	return strings.ToValidUTF8(string(trimEnd(b)), string(utf8.RuneError))
}

func (t *Tail) last() []byte { return t.kept[max(0, len(t.kept)-t.size):] }
