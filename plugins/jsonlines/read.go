package jsonlines

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/internal/wire"
)

// A LineError is a line that begins like a message and is none.
type LineError struct {
	Line string // its beginning
	Err  error  // what is wrong with it
}

// Error quotes the line.
func (e *LineError) Error() string {
	return fmt.Sprintf("the line %s is no message: %v", e.Line, e.Err)
}

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// A message is what a line says, or why that cannot be told.
type message struct {
	values rush.Values
	err    error
}

// readStdout tells messages from prints, to the end.
func (c *Conn) readStdout() {
	defer close(c.in)
	b := &batches{c: c, r: activeReader{c.group.Stdout(), c.opts.Active}}
	err := process.Lines(b, MaxLine, func(line []byte) {
		if at := c.behindPrint(line); at > 0 {
			c.opts.Output("stdout", text(line[:at]))
			line = line[at:]
		}
		if m, ok := c.message(line); ok {
			b.batch = append(b.batch, m)
			return
		}
		c.opts.Output("stdout", text(line))
	})
	if err != nil {
		c.fail(err)
		c.Kill() // it would block on what nobody reads
	}
	b.flush()
}

// behindPrint returns where a message begins that stands behind something that was
// printed without an end of line; 0 if there is none.
func (c *Conn) behindPrint(line []byte) int {
	if len(line) == 0 || line[0] == '{' || !bytes.HasSuffix(bytes.TrimSpace(line), []byte("}")) {
		return 0
	}
	for _, name := range c.opts.Names {
		at := bytes.Index(line, []byte(`{"`+name+`"`))
		if at <= 0 || len(bytes.TrimSpace(line[:at])) == 0 {
			continue
		}
		if _, err := wire.ParseJSONObject(line[at:]); err == nil {
			return at
		}
	}
	return 0
}

// message returns what a line says, and false when it is a print.
func (c *Conn) message(line []byte) (message, bool) {
	if line = bytes.TrimSpace(line); len(line) == 0 || line[0] != '{' {
		return message{}, false
	}
	values, err := wire.ParseJSONObject(line)
	if err != nil {
		return message{err: lineError(line, err)}, c.beginsLikeMessage(line)
	}
	named := len(c.opts.Names) == 0
	for _, name := range c.opts.Names {
		_, ok := values[name]
		named = named || ok
	}
	return message{values: values}, named
}

// beginsLikeMessage reports whether the first name of what should be an object is
// that of a message.
func (c *Conn) beginsLikeMessage(line []byte) bool {
	rest := string(bytes.TrimLeft(line[1:min(len(line), maxExcerpt)], " \t"))
	for _, name := range c.opts.Names {
		if strings.HasPrefix(rest, `"`+name+`"`) || strings.HasPrefix(rest, `'`+name+`'`) {
			return true
		}
	}
	return false
}

const maxExcerpt = 200 // bytes

func lineError(line []byte, err error) error {
	excerpt := strconv.Quote(string(line[:min(len(line), maxExcerpt)]))
	if len(line) > maxExcerpt {
		excerpt += fmt.Sprintf("... (%d bytes)", len(line))
	}
	if bytes.HasPrefix(line, []byte("{'")) {
		err = errors.New("JSON has double quotes (in Python, print(json.dumps(...), flush=True))")
	}
	return &LineError{Line: excerpt, Err: err}
}

// batches is a reader that passes on the messages of what was read before it reads
// more: those that were written at once are received at once, so that Pending
// finds a second answer to one question.
type batches struct {
	c     *Conn
	r     io.Reader
	batch []message
}

func (b *batches) Read(p []byte) (int, error) {
	b.flush()
	return b.r.Read(p)
}

func (b *batches) flush() {
	if len(b.batch) == 0 {
		return
	}
	select {
	case b.c.in <- b.batch:
	case <-b.c.over:
	}
	b.batch = nil
}

// An activeReader tells when something was read.
type activeReader struct {
	r      io.Reader
	active func()
}

func (r activeReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if n > 0 {
		r.active()
	}
	return n, err
}

func (c *Conn) readStderr() {
	stderr := activeReader{c.group.Stderr(), c.opts.Active}
	err := process.Lines(stderr, MaxLine, func(line []byte) {
		c.mu.Lock()
		_, _ = c.tail.Write(line)
		_, _ = c.tail.Write([]byte{'\n'})
		c.mu.Unlock()
		c.opts.Output("stderr", text(line))
	})
	if err != nil {
		c.fail(err)
		c.Kill()
	}
}

// write writes the lines to the program until its stdin is to be closed.
func (c *Conn) write() {
	defer c.stdin.Close()
	for {
		select {
		case line := <-c.out:
			if !c.writeLine(line) {
				return
			}
			continue
		case <-c.group.Done():
			return
		case <-c.input:
		}
		select { // what was sent before the end
		case line := <-c.out:
			if !c.writeLine(line) {
				return
			}
		default:
			return
		}
	}
}

// writeLine writes a line, unless the program does not take it.
func (c *Conn) writeLine(line []byte) bool {
	_, err := c.stdin.Write(line)
	if err != nil {
		c.fail(fmt.Errorf("write to its stdin: %w", err))
	}
	return err == nil
}

func (c *Conn) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault == nil {
		c.fault = err
	}
}

// text is a line as people see it.
func text(line []byte) string { return strings.ToValidUTF8(string(line), string(utf8.RuneError)) }
