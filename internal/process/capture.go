package process

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrTooLong says that there was more output than was allowed.
var ErrTooLong = errors.New("too much output")

// ReadAll reads to the end. If there are more than limit bytes it returns the
// first of them and an error that is [ErrTooLong]; the rest is not read.
func ReadAll(r io.Reader, limit int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err == nil && len(b) > limit {
		return b[:limit], tooLong("output", limit)
	}
	return b, err
}

// Lines reads to the end and calls each with every line, without its end of line
// (LF or CR LF); the last need not have one. A line may have any length up to
// limit bytes (0: any length); a longer one is an error that is [ErrTooLong], and
// the rest is not read. The line is overwritten when each returns.
func Lines(r io.Reader, limit int, each func(line []byte)) error {
	in := bufio.NewReaderSize(r, 32<<10)
	var long []byte // what was read of a line that is longer than in's buffer
	for {
		line, err := in.ReadSlice('\n')
		if len(long) > 0 || errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, line...)
			line = long
		}
		if limit > 0 && len(trimEnd(line)) > limit {
			return tooLong("line", limit)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(line) > 0 {
			each(trimEnd(line))
		}
		long = long[:0]
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func tooLong(what string, limit int) error {
	return fmt.Errorf("%w: the %s has more than %d bytes", ErrTooLong, what, limit)
}

func trimEnd(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}
