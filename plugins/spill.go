package plugins

import (
	"errors"
	"fmt"
	"os"
)

// maxMessage bounds a gRPC message.
const maxMessage = 96 << 20

// maxInline is how many bytes of one value, or map of values, a message has; more
// go through a file. It leaves room for what is around a value of 64 MiB.
const maxInline = 64<<20 + 1<<20

// spill returns the bytes, or the path of a file in dir that has them and that only
// this user can read if they are too many for a message that has others already.
// An empty dir is the system's for temporary files.
func spill(b []byte, others int, dir string) (inline []byte, path string, err error) {
	if len(b)+others <= maxInline {
		return b, "", nil
	}
	f, err := os.CreateTemp(dir, "rush-value-*")
	if err != nil {
		return nil, "", fmt.Errorf("write %d bytes into a file, for they are too many for a message: %w", len(b), err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, "", errors.Join(fmt.Errorf("write %d bytes into a file, for they are too many for a message: %w", len(b), err), os.Remove(f.Name()))
	}
	return nil, f.Name(), nil
}

// unspill returns the bytes of a message's field, or those of the file with the
// path, if there is one.
func unspill(inline []byte, path string) ([]byte, error) {
	if path == "" {
		return inline, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read what was too large for a message: %w", err)
	}
	return b, nil
}

// forgetFiles removes the files of values; an empty path is none. One that cannot be
// removed goes with the directory.
func forgetFiles(paths ...string) {
	for _, path := range paths {
		if path != "" {
			_ = os.Remove(path)
		}
	}
}

// fits refuses what cannot go through a file.
func fits(b []byte) error {
	if len(b) > maxInline {
		return fmt.Errorf("it has %d bytes, expected at most %d: return what is larger with the outputs, or put it into the object store", len(b), maxInline)
	}
	return nil
}
