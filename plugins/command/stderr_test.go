//go:build unix

package command_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush/plugins/command"
)

func TestLinesOfStderrAreLogged(t *testing.T) {
	t.Parallel()
	var got []string
	e := task(nil)
	e.Log = slog.New(lineHandler{slog.DiscardHandler, func(r slog.Record) { got = append(got, r.Level.String()+" "+r.Message) }})
	if _, err := evaluate(t, sh(`printf 'one\r\n\ntwo\n%05000d\nthree' 0 >&2; echo 1`), e); err != nil {
		t.Fatal(err)
	}
	want := []string{"DEBUG one", "DEBUG two", "DEBUG " + strings.Repeat("0", 4096), "DEBUG " + strings.Repeat("0", 904), "DEBUG three"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The process ends while the log stands still with its first line.
func TestASlowLogDoesNotBlockTheProcess(t *testing.T) {
	t.Parallel()
	const lines = 100_000
	watch, waitGone := newWatch(t)
	spec := command.Spec{
		Command: []string{"python3", "-c", fmt.Sprintf("import os, sys\nf = open(os.environ['WATCH'], 'w')\nfor i in range(%d): print(i, file=sys.stderr)\nprint(1)", lines)},
		Env:     map[string]string{"WATCH": watch},
	}
	var logged []string
	e := task(nil)
	e.Log = slog.New(lineHandler{slog.DiscardHandler, func(r slog.Record) {
		if len(logged) == 0 {
			waitGone()
		}
		logged = append(logged, r.Message)
	}})
	if _, err := evaluate(t, spec, e); err != nil {
		t.Fatal(err)
	}
	var leftOut int
	if _, err := fmt.Sscanf(logged[len(logged)-1], "(lines that were left out: %d)", &leftOut); err != nil {
		t.Fatalf("the last line is %q: %v", logged[len(logged)-1], err)
	}
	if got := len(logged) - 1 + leftOut; got != lines {
		t.Errorf("%d lines were logged and %d left out, want %d together", len(logged)-1, leftOut, lines)
	}
}
