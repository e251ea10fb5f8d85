package main

import (
	"context"
	"fmt"
	"io"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// startShown starts workers and shows meanwhile how many have started.
func (a *app) startShown(ctx context.Context, net *network.Rush, w network.Workers) ([]rush.WorkerID, error) {
	w.N = numberOfWorkers(w.N)
	line := newStartLine(a.err, w.N)
	defer line.clear()
	w.Started = func(_ rush.WorkerID, err error) {
		if err == nil {
			line.show(line.shown + 1)
		}
	}
	line.show(0)
	return net.StartWorkers(ctx, w)
}

// A startLine shows on a terminal how many workers have started, until it is
// cleared; elsewhere it shows nothing. It belongs to one goroutine.
type startLine struct {
	w     io.Writer
	width int // of the terminal; 0 is none
	of    int // workers
	shown int // how many have started
}

func newStartLine(w io.Writer, of int) *startLine {
	return &startLine{w: w, width: terminal(w), of: of}
}

// show shows that so many have started.
func (l *startLine) show(started int) {
	l.shown = started
	if l.width > 0 {
		fmt.Fprintf(l.w, "\r\x1b[K%s", oneLine(startedText(started, l.of), l.width-1))
	}
}

// clear takes the line away.
func (l *startLine) clear() {
	if l.width > 0 {
		fmt.Fprint(l.w, "\r\x1b[K")
	}
}

func startedText(started, of int) string { return fmt.Sprintf("%d of %d workers started", started, of) }
