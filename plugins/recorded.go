package plugins

import (
	"bytes"
	"io"
)

// Recorded is the stream of lines on a worker's stderr that are in the network's
// log already, as records.
const Recorded = "recorded"

// recordedMark begins such a line on its way to the host.
const recordedMark = 0x1e // the character that separates records

// A marker marks what is written to it, a line at a time.
type marker struct{ io.Writer }

// Write writes a line with its mark in one piece.
func (m marker) Write(line []byte) (int, error) {
	n, err := m.Writer.Write(append([]byte{recordedMark}, line...))
	return max(n-1, 0), err
}

// unmark returns a line of stderr without its mark, and its stream.
func unmark(line []byte) (stream string, rest []byte) {
	if rest, ok := bytes.CutPrefix(line, []byte{recordedMark}); ok {
		return Recorded, rest
	}
	return "stderr", line
}
