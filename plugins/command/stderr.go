package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/loops"
)

// readStderr reads stderr to its end, hands its lines to e.Output, or logs them if
// there is none, and returns the last of it.
func readStderr(ctx context.Context, stderr io.Reader, e *loops.Evaluation) string {
	tail := process.NewTail(stderrTail)
	var lines *lineLog
	switch {
	case e.Output != nil:
		lines = newLineLog(func(line string) { e.Output("stderr", line) })
	case e.Log.Enabled(ctx, slog.LevelDebug):
		lines = newLineLog(func(line string) { e.Log.LogAttrs(ctx, slog.LevelDebug, line, slog.String("stream", "stderr")) })
	default:
		_, _ = io.Copy(tail, stderr)
		return tail.String()
	}
	_, _ = io.Copy(io.MultiWriter(tail, lines), stderr)
	lines.close()
	return tail.String()
}

const (
	waitingLines = 256     // that a log may be behind
	maxLogLine   = 4 << 10 // bytes; longer lines are logged in parts
)

// A lineLog is an io.Writer that logs lines and never waits for the log: lines
// that come too fast are left out, and counted.
type lineLog struct {
	part    []byte // of a line, not yet ended
	lines   chan string
	leftOut int
	logged  chan struct{} // closed when all lines are
	log     func(line string)
}

func newLineLog(log func(line string)) *lineLog {
	l := &lineLog{lines: make(chan string, waitingLines), logged: make(chan struct{}), log: log}
	go func() {
		defer close(l.logged)
		for line := range l.lines {
			l.log(line)
		}
	}()
	return l
}

// Write never fails.
func (l *lineLog) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		line, rest, ended := bytes.Cut(b, []byte("\n"))
		if room := maxLogLine - len(l.part); len(line) > room {
			line, rest, ended = b[:room], b[room:], true
		}
		l.part = append(l.part, line...)
		if b = rest; ended {
			l.send()
		}
	}
	return n, nil
}

// send passes a line on if the log is not too far behind.
func (l *lineLog) send() {
	line := strings.ToValidUTF8(strings.TrimSuffix(string(l.part), "\r"), string(utf8.RuneError))
	l.part = l.part[:0]
	if line == "" {
		return
	}
	select {
	case l.lines <- line:
	default:
		l.leftOut++
	}
}

// close logs what is waiting, and how much was left out.
func (l *lineLog) close() {
	l.send()
	close(l.lines)
	<-l.logged
	if l.leftOut > 0 {
		l.log(fmt.Sprintf("(lines that were left out: %d)", l.leftOut))
	}
}
