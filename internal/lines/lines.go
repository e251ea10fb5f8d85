// Package lines reads text line by line, as people's files hold it: with or
// without a byte order mark, a line feed at the end, and blank lines between.
package lines

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// WithoutMark skips the byte order mark that some spreadsheets write first.
func WithoutMark(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3) // they were peeked at
	}
	return b
}

// CSV returns a reader of a CSV text, whose errors name the line; see [CountCells].
func CSV(r io.Reader) *csv.Reader { return csv.NewReader(WithoutMark(r)) }

// CountCells returns an error of a CSV reader; that a line has too many or too few
// cells is said with both numbers. Cells are those that came with the error, names
// is how many the first line has.
func CountCells(err error, cells []string, names int) error {
	var at *csv.ParseError
	if !errors.As(err, &at) || !errors.Is(err, csv.ErrFieldCount) {
		return err
	}
	return fmt.Errorf("line %d: expected %d cells, as the first line has, found %d", at.Line, names, len(cells))
}

// Read calls parse with each line that is not blank, without the white space
// around it, and returns what parse made of them. An error of parse ends it and
// gets the number of the line, counted from 1.
func Read[T any](r io.Reader, parse func(line []byte) (T, error)) ([]T, error) {
	var all []T
	in := bufio.NewReader(WithoutMark(r))
	for n := 1; ; n++ {
		line, end := in.ReadBytes('\n')
		if end != nil && !errors.Is(end, io.EOF) {
			return nil, end
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			one, err := parse(line)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			all = append(all, one)
		}
		if end != nil {
			return all, nil
		}
	}
}
