package plugins

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/rushnet/rush/loops"
)

// checkpointFiles hand checkpoints over between an evaluating process and its
// worker. An empty path is no file.
type checkpointFiles struct{ to, from string }

var _ loops.Checkpointer = checkpointFiles{}

// SaveCheckpoint implements loops.Checkpointer: the file is there as a whole or as it
// was before.
func (c checkpointFiles) SaveCheckpoint(_ context.Context, r io.Reader) error {
	if c.to == "" {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(c.to), "rush-checkpoint-*")
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), c.to)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Checkpoint implements loops.Checkpointer.
func (c checkpointFiles) Checkpoint(context.Context) (io.ReadCloser, error) {
	if c.from == "" {
		return nil, loops.ErrNoCheckpoint
	}
	return os.Open(c.from)
}
