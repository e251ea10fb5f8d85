package logstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/rushnet/rush"
)

// Files are the files of a log directory that have what a worker printed:
// output_WORKER.log what came on stdout, message_WORKER.log what came on
// stderr. Several processes may write to them at once; lines stay whole. The
// methods may be called from any goroutine.
type Files struct {
	dir string
	id  rush.WorkerID

	mu    sync.Mutex // guards files
	files map[rush.LogKind]*os.File
}

// OpenFiles makes the directory. A file is made with its first line.
func OpenFiles(dir string, id rush.WorkerID) (*Files, error) {
	if err := id.Validate(); err != nil {
		return nil, fmt.Errorf("log directory %s: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the log directory: %w", err)
	}
	return &Files{dir: dir, id: id, files: map[rush.LogKind]*os.File{}}, nil
}

// FileName returns the path of the file in a log directory with what a worker
// prints on a stream, rush.LogStdout or rush.LogStderr.
func FileName(dir string, id rush.WorkerID, stream rush.LogKind) string {
	name := "output_"
	if stream == rush.LogStderr {
		name = "message_"
	}
	return filepath.Join(dir, name+string(id)+".log")
}

// Write appends a line that came on a stream, rush.LogStdout or rush.LogStderr.
func (f *Files) Write(stream rush.LogKind, line string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	file := f.files[stream]
	if file == nil {
		var err error
		file, err = os.OpenFile(FileName(f.dir, f.id, stream), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return fmt.Errorf("log of worker %s: %w", f.id, err)
		}
		f.files[stream] = file
	}
	if _, err := file.WriteString(line + "\n"); err != nil {
		return fmt.Errorf("log of worker %s: %w", f.id, err)
	}
	return nil
}

// Close closes the files.
func (f *Files) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var errs []error
	for stream, file := range f.files {
		errs = append(errs, file.Close())
		delete(f.files, stream)
	}
	return errors.Join(errs...)
}

// ReadFiles reads what a worker printed back from a log directory on this
// machine, or on one that it shares: stdout and stderr. It fails with
// fs.ErrNotExist if the directory has nothing of the worker.
func ReadFiles(dir string, id rush.WorkerID) (stdout, stderr []byte, err error) {
	if err := id.Validate(); err != nil {
		return nil, nil, err
	}
	stdout, outErr := os.ReadFile(FileName(dir, id, rush.LogStdout))
	stderr, errErr := os.ReadFile(FileName(dir, id, rush.LogStderr))
	if errors.Is(outErr, fs.ErrNotExist) != errors.Is(errErr, fs.ErrNotExist) {
		// A file is made with its first line: one of the two is enough.
		if errors.Is(outErr, fs.ErrNotExist) {
			outErr = nil
		} else {
			errErr = nil
		}
	}
	if err := errors.Join(outErr, errErr); err != nil {
		return nil, nil, fmt.Errorf("read what worker %s printed: %w", id, err)
	}
	return stdout, stderr, nil
}
