package loops

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// CheckpointFiles are the checkpoints of an evaluation as files, for objectives in
// processes of their own. The zero value has none.
type CheckpointFiles struct {
	From string // what is continued; "" if there is nothing
	To   string // where the process may leave its own; "" if there is no use for one

	e *Evaluation
}

// CheckpointFiles writes the checkpoint that is continued into a file in
// e.Scratch, and names one for that of this evaluation. Close them afterwards.
func (e *Evaluation) CheckpointFiles(ctx context.Context) (*CheckpointFiles, error) {
	if e.Checkpointer == nil {
		return new(CheckpointFiles), nil
	}
	dir := e.Scratch
	if dir == "" {
		dir = os.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("rush-checkpoint-%d-%016x", e.Task, rand.Uint64()))
	f := &CheckpointFiles{To: path, e: e}
	r, err := e.Checkpoint(ctx)
	if errors.Is(err, ErrNoCheckpoint) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f.From = path + "-from"
	if err := writeFile(f.From, r); err != nil {
		return nil, errors.Join(fmt.Errorf("the checkpoint that task %s continues: %w", e.Task, err), os.Remove(f.From))
	}
	return f, nil
}

func writeFile(path string, r io.Reader) error {
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}

// Close saves what the process left, unless its evaluation failed, and removes the
// files. That it could not be saved is logged: the task's outputs are good without.
func (f *CheckpointFiles) Close(ctx context.Context, failed bool) {
	defer f.remove()
	if failed || f.To == "" {
		return
	}
	if err := f.save(ctx); err != nil && f.e.Log != nil {
		f.e.Log.LogAttrs(ctx, slog.LevelWarn, "the task's checkpoint could not be saved; who continues it begins anew", slog.Any("error", err))
	}
}

func (f *CheckpointFiles) save(ctx context.Context) error {
	r, err := os.Open(f.To)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	return f.e.SaveCheckpoint(ctx, r)
}

func (f *CheckpointFiles) remove() {
	for _, path := range []string{f.From, f.To} {
		if path != "" {
			_ = os.Remove(path) // else it goes with the directory
		}
	}
}
