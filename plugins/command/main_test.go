//go:build unix

package command_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/command"
	"github.com/rushnet/rush/seeds"
)

// patience is for how long a test waits for what should come at once.
const patience = time.Minute

// keptProgram is set in the environment when this binary is to be a program that
// is kept.
const keptProgram = "COMMAND_TEST_KEPT"

func TestMain(m *testing.M) {
	if os.Getenv(keptProgram) != "" {
		answerLines()
		return
	}
	goleak.VerifyTestMain(m)
}

var minimizeY = loops.Codomain{{Name: "y", Goal: loops.Minimize}}

// task returns the evaluation of a point.
func task(xs rush.Values) *loops.Evaluation {
	return &loops.Evaluation{
		XS: xs, Network: "net", Worker: "w1", Task: 7, Attempt: 2,
		Stream: seeds.New(42), Log: slog.New(slog.DiscardHandler),
	}
}

// sh is a command that is a shell with a script.
func sh(script string) command.Spec { return command.Spec{Command: []string{"sh", "-c", script}} }

// newIn makes an objective of a search file in base.
func newIn(t *testing.T, base string, spec command.Spec, opts *command.Options) *command.Objective {
	t.Helper()
	o, err := command.New(spec, base, minimizeY, opts)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// evaluate runs a command for a point, in a directory of its own.
func evaluate(t *testing.T, spec command.Spec, e *loops.Evaluation) (rush.Values, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return newIn(t, t.TempDir(), spec, &command.Options{Workers: 1}).Evaluate(ctx, e)
}

// printed runs a command that prints its answer as a text, y.
func printed(t *testing.T, spec command.Spec, e *loops.Evaluation) string {
	t.Helper()
	spec.Answer = &command.Answer{Regex: map[string]string{"y": `(?s)\A(.*)\z`}}
	got, err := evaluate(t, spec, e)
	if err != nil {
		t.Fatal(err)
	}
	text, ok := got["y"].(string)
	if !ok {
		t.Fatalf("got %#v, want a text", got["y"])
	}
	return text
}

// conditionOf returns the condition that an error is.
func conditionOf(t *testing.T, err error) *rush.Condition {
	t.Helper()
	c, ok := errors.AsType[*rush.Condition](err)
	if !ok {
		t.Fatalf("got error %v of type %T, want a condition", err, err)
	}
	return c
}

// write writes a file and returns its path.
func write(t *testing.T, dir, name, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// listing returns the names in a directory, with blanks between them.
func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return strings.Join(names, " ")
}
