//go:build unix

package command_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/command"
)

// A shelf keeps one checkpoint.
type shelf struct{ from, saved string }

func (s *shelf) SaveCheckpoint(_ context.Context, r io.Reader) error {
	b, err := io.ReadAll(r)
	s.saved = string(b)
	return err
}

func (s *shelf) Checkpoint(context.Context) (io.ReadCloser, error) {
	if s.from == "" {
		return nil, loops.ErrNoCheckpoint
	}
	return io.NopCloser(strings.NewReader(s.from)), nil
}

// A command reads the checkpoint of the task that it continues from one file and
// leaves its own in another; the files are gone afterwards.
func TestCommandsHandCheckpointsOnThroughFiles(t *testing.T) {
	t.Parallel()
	once := newIn(t, t.TempDir(), sh(`
if [ -n "$RUSH_CHECKPOINT_FROM" ]; then cat "$RUSH_CHECKPOINT_FROM" > "$RUSH_CHECKPOINT"; fi
if [ -n "$RUSH_CHECKPOINT" ]; then echo "task $RUSH_TASK" >> "$RUSH_CHECKPOINT"; fi
[ "$RUSH_X_fail" = true ] && exit 1
echo 1`), nil)
	stays := newKept(t, kept(loop(`
to=$(echo "$line" | sed -n 's/.*"checkpoint":"\([^"]*\)".*/\1/p')
from=$(echo "$line" | sed -n 's/.*"checkpoint_from":"\([^"]*\)".*/\1/p')
if [ -n "$from" ]; then cat "$from" > "$to"; fi
if [ -n "$to" ]; then echo "task 7" >> "$to"; fi
case $line in *'"fail":true'*) echo '{"error":"it diverged"}'; continue;; esac
echo '{"ys":{"y":1}}'`)))
	for name, o := range map[string]*command.Objective{"one process for each task": once, "a process that stays": stays} {
		for _, c := range []struct {
			from string
			fail bool
			want string
		}{{"", false, "task 7\n"}, {"task 3\n", false, "task 3\ntask 7\n"}, {"task 3\n", true, ""}} {
			s := &shelf{from: c.from}
			e := task(map[string]any{"fail": c.fail})
			e.Checkpointer, e.Scratch = s, t.TempDir()
			if _, err := score(t, o, e); (err != nil) != c.fail || s.saved != c.want {
				t.Errorf("%s: saved %q, %v; expected %q", name, s.saved, err, c.want)
			}
			if left, err := os.ReadDir(e.Scratch); err != nil || len(left) > 0 {
				t.Errorf("%s: %v is left, %v", name, left, err)
			}
		}
		if _, err := score(t, o, task(nil)); err != nil { // nobody could continue it
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A checkpoint that cannot be had fails the task; one that cannot be saved does not.
func TestACheckpointThatCannotBeRead(t *testing.T) {
	t.Parallel()
	o := newIn(t, t.TempDir(), sh(`echo x > "$RUSH_CHECKPOINT"; echo 1`), nil)
	e := task(nil)
	e.Checkpointer, e.Scratch = broken{}, t.TempDir()
	if _, err := score(t, o, e); !errors.Is(err, errBroken) {
		t.Errorf("%v, expected %v", err, errBroken)
	}
	e.Checkpointer = broken{readable: true}
	if _, err := score(t, o, e); err != nil {
		t.Error(err)
	}
}

var errBroken = errors.New("the store is away")

type broken struct{ readable bool }

func (broken) SaveCheckpoint(context.Context, io.Reader) error { return errBroken }

func (b broken) Checkpoint(context.Context) (io.ReadCloser, error) {
	if b.readable {
		return nil, loops.ErrNoCheckpoint
	}
	return nil, errBroken
}
