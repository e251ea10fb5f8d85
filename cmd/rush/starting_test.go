package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheStartOfWorkersIsShownOnATerminal(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		width int
		want  []string // what is drawn, each in place of the one before
	}{
		{80, []string{"", "0 of 2 workers started", "1 of 2 workers started", ""}},
		{10, []string{"", "0 of 2 w…", "1 of 2 w…", ""}},
		{0, []string{""}},
	} {
		var b bytes.Buffer
		line := newStartLine(&b, 2)
		if line.width != 0 {
			t.Errorf("a buffer is no terminal, found one of %d columns", line.width)
		}
		line.width = tc.width
		line.show(0)
		line.show(1)
		line.clear()
		if diff := cmp.Diff(tc.want, strings.Split(b.String(), "\r\x1b[K")); diff != "" {
			t.Errorf("width %d (-want +got):\n%s", tc.width, diff)
		}
	}
}

// A run's line says how many workers have started while not all have.
func TestAProgressSaysHowManyWorkersHaveStarted(t *testing.T) {
	t.Parallel()
	p := newProgress(nil, "net", nil, 8)
	p.workers = 3
	p.started.Add(2)
	if got, want := p.line(0), "net  2 of 3 workers started · 0/8"; got != want {
		t.Errorf("found %q, expected %q", got, want)
	}
	p.started.Add(1)
	if got, want := p.line(0), "net  0/8"; got != want {
		t.Errorf("found %q, expected %q", got, want)
	}
	if got := p.line(60); strings.Contains(got, "started") {
		t.Errorf("found %q, expected nothing of the start", got)
	}
}
