package objects

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/google/uuid"

	"github.com/rushnet/rush/internal/store"
)

const (
	smallBuffer = 16 << 10 // how much of an object is in memory at first
	copyBuffer  = 1 << 20  // and of a large one at a time
)

// copyObject copies an object of any size, with a buffer that suits it.
func copyObject(w io.Writer, r io.Reader) (size int64, err error) {
	buffer := make([]byte, smallBuffer)
	for {
		n, err := r.Read(buffer)
		if n > 0 {
			size += int64(n)
			if _, err := w.Write(buffer[:n]); err != nil {
				return size, err
			}
		}
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return size, err
		}
		if n == len(buffer) && n < copyBuffer {
			buffer = make([]byte, 4*n)
		}
	}
}

// uniqueName is the name of an object's file. No other put of the same object
// writes that file, so that whoever deletes it deletes nobody else's.
func uniqueName(hash string) string { return hash + "-" + uuid.NewString()[:8] }

func makeDirectory(dir string) error {
	if dir == "" {
		return nil
	}
	return os.MkdirAll(dir, 0o700)
}

// offload streams an object to a file of a directory that is there: first to a temporary one,
// which gets its name once all of it is on the disk.
func offload(ctx context.Context, dir string, r io.Reader, name func(hash string) string) (o store.Object, err error) {
	f, err := os.CreateTemp(dir, ".put-*")
	if err != nil {
		return o, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	hash := sha256.New()
	o.Size, err = copyObject(io.MultiWriter(f, hash), &canceled{ctx, r})
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return o, err
	}
	o.Hash, o.Place = hex.EncodeToString(hash.Sum(nil)), store.Offloaded
	o.Path = filepath.Join(dir, name(o.Hash))
	if err = os.Rename(f.Name(), o.Path); err != nil {
		return o, err
	}
	return o, syncDirectory(dir)
}

// syncDirectory puts the names in a directory on the disk. Windows cannot, and
// need not.
func syncDirectory(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// canceled is a reader that fails when its context is over.
type canceled struct {
	ctx context.Context
	r   io.Reader
}

func (c *canceled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.r.Read(p)
}

// describe returns the object that a file is.
func describe(path string) (o store.Object, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return o, err
	}
	f, err := os.Open(path)
	if err != nil {
		return o, err
	}
	defer f.Close()
	hash := sha256.New()
	if o.Size, err = copyObject(hash, f); err != nil {
		return o, err
	}
	o.Hash, o.Place, o.Path = hex.EncodeToString(hash.Sum(nil)), store.Reference, path
	return o, nil
}
