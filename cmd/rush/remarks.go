package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"unicode"
)

// remarks prints log records of level info and above as plain lines.
type remarks struct {
	mu sync.Mutex // held while a line is written
	w  io.Writer
}

var _ slog.Handler = (*remarks)(nil)

// Enabled leaves out what is for debugging.
func (*remarks) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

// Handle prints a record as one line; what is called as the message is belongs to it: "action reset".
func (h *remarks) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Message)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == r.Message {
			fmt.Fprintf(&b, " %v", a.Value)
		} else {
			fmt.Fprintf(&b, " · %s %v", a.Key, a.Value)
		}
		return true
	})
	line := strings.Map(visible, b.String())
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := fmt.Fprintln(h.w, line)
	return err
}

// visible puts a space in place of what would begin another line or steer a terminal:
// records have names and errors that others wrote.
func visible(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
		return ' '
	}
	return r
}

// WithAttrs is not used here.
func (h *remarks) WithAttrs([]slog.Attr) slog.Handler { return h }

// WithGroup is not used here.
func (h *remarks) WithGroup(string) slog.Handler { return h }
