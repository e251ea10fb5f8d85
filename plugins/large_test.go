//go:build unix

package plugins_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
)

// MiB is the unit of large values.
const MiB = 1 << 20

// roomy, set in the environment, makes the test binary serve large.
const roomy = "RUSH_PLUGINS_TEST_ROOMY"

// large is a program that gives back what it gets.
var large = plugins.Program{Objectives: map[string]loops.Objective{
	"echo": loops.ObjectiveFunc(func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
		e.Progress(ctx, e.XS["progress"])
		if ys, ok := e.XS["report"].([]byte); ok {
			if _, err := e.Report(ctx, 1, rush.Values{"blob": ys}); err != nil {
				return nil, err
			}
		}
		return rush.Values{"x": e.XS["x"], "c": e.Constants["c"]}, nil
	}),
}}

// sizes takes reports, and keeps how large they were.
type sizes struct{ reported []int }

func (s *sizes) Report(_ context.Context, _ int64, ys rush.Values) (bool, error) {
	s.reported = append(s.reported, len(ys["blob"].([]byte)))
	return false, nil
}

func (s *sizes) ShouldStop(context.Context) (bool, error) { return false, nil }

// blob is size bytes, of which no two parts are alike.
func blob(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b) // it never fails
	return b
}

// Values of 64 MiB go in messages, larger ones through files that are gone
// afterwards.
func TestLargeValues(t *testing.T) {
	t.Parallel()
	scratch := t.TempDir()
	i := plugins.NewIsolator(plugins.IsolatorSpec{Spec: self(t, roomy)})
	defer i.Close()
	evaluate := func(xs, constants rush.Values) (rush.Values, *sizes, int, error) {
		e := point(xs)
		e.Constants, e.Scratch = constants, scratch
		got, progress := &sizes{}, 0
		e.Reporter = got
		e.Progressed = func(_ context.Context, value any) error {
			if b, ok := value.([]byte); ok {
				progress = len(b)
			}
			return nil
		}
		ys, err := i.Evaluate(t.Context(), "echo", e)
		return ys, got, progress, err
	}
	small := []byte("small")
	for _, tc := range []struct{ x, c int }{{64 * MiB, 5}, {5, 64 * MiB}, {40 * MiB, 40 * MiB}, {100 * MiB, 70 * MiB}} {
		x, c := blob(tc.x), blob(tc.c)
		ys, _, _, err := evaluate(rush.Values{"x": x}, rush.Values{"c": c})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(ys["x"].([]byte), x) || !bytes.Equal(ys["c"].([]byte), c) {
			t.Errorf("%d and %d bytes did not come back as they were", tc.x, tc.c)
		}
	}
	_, got, progress, err := evaluate(rush.Values{"progress": blob(30 * MiB), "report": blob(30 * MiB)}, nil)
	if err != nil || progress != 30*MiB || len(got.reported) != 1 || got.reported[0] != 30*MiB {
		t.Errorf("found progress of %d bytes and reports of %v, %v", progress, got.reported, err)
	}
	_, got, _, err = evaluate(rush.Values{"x": small, "report": blob(66 * MiB)}, nil)
	if err == nil || !strings.Contains(err.Error(), "report of step 1: it has") || len(got.reported) != 0 {
		t.Errorf("found reports of %v, %v", got.reported, err)
	}
	if ys, _, _, err := evaluate(rush.Values{"x": small}, nil); err != nil || !bytes.Equal(ys["x"].([]byte), small) {
		t.Errorf("afterwards: found %v, %v", ys, err)
	}
	left, err := os.ReadDir(scratch)
	if err != nil || len(left) != 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}
