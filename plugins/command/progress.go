package command

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/fsnotify/fsnotify"

	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
)

// progressVariable names the file through which a process tells how far it is.
const progressVariable = "RUSH_PROGRESS"

// maxProgress is how much of the end of the file is looked at.
const maxProgress = 64 << 10

// A progressFile is the file of one task, and who watches it. The file's last
// line that is not empty is the progress: JSON, or else a text as it is.
type progressFile struct {
	path    string // that the process is told
	dir     string // made for the file; empty when nobody reads it
	watcher *fsnotify.Watcher
	done    chan struct{} // closed when the watching is over

	last []byte // line that was told
}

// watchProgress makes the file and tells e what is written to it. Outside of a
// task there is nobody to tell: the file is one that swallows everything.
func watchProgress(ctx context.Context, e *loops.Evaluation, silence *process.Silence) (*progressFile, error) {
	if e.Progressed == nil {
		return &progressFile{path: os.DevNull}, nil
	}
	dir, err := os.MkdirTemp(e.Scratch, "rush-progress-")
	if err != nil {
		return nil, err
	}
	p := &progressFile{path: filepath.Join(dir, "progress"), dir: dir, done: make(chan struct{})}
	if err := os.WriteFile(p.path, nil, 0o600); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if p.watcher = watcherOf(dir); p.watcher == nil {
		e.Log.LogAttrs(ctx, slog.LevelWarn, "the system has no room for another watch: the task's progress is read at its end only")
		close(p.done)
		return p, nil
	}
	go p.watch(ctx, e, silence)
	return p, nil
}

// watcherOf watches a directory; nil when the system has no room for another
// watch.
func watcherOf(dir string) *fsnotify.Watcher {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil
	}
	if err := w.Add(dir); err != nil {
		_ = w.Close()
		return nil
	}
	return w
}

// watch tells the newest progress whenever the file has changed.
func (p *progressFile) watch(ctx context.Context, e *loops.Evaluation, silence *process.Silence) {
	defer close(p.done)
	for {
		select {
		case _, open := <-p.watcher.Events:
			if !open {
				return
			}
			p.tell(ctx, e, silence)
		case _, open := <-p.watcher.Errors: // such as events that were too many: look
			if !open {
				return
			}
			p.tell(ctx, e, silence)
		}
	}
}

// tell reads the file and tells its last line, if it is another one than before.
func (p *progressFile) tell(ctx context.Context, e *loops.Evaluation, silence *process.Silence) {
	line, err := lastLine(p.path)
	if err != nil {
		e.Log.LogAttrs(ctx, slog.LevelWarn, "the task's progress cannot be read", slog.Any("error", err))
		return
	}
	if len(line) == 0 || bytes.Equal(line, p.last) {
		return
	}
	p.last = line
	silence.Break()
	e.Progress(ctx, progressValue(line))
}

// close tells what was written last, and removes the file.
func (p *progressFile) close(ctx context.Context, e *loops.Evaluation, silence *process.Silence) {
	if p.dir == "" {
		return
	}
	if p.watcher != nil {
		_ = p.watcher.Close()
	}
	<-p.done
	if ctx.Err() == nil {
		p.tell(ctx, e, silence)
	}
	_ = os.RemoveAll(p.dir) // of no use to anybody
}

// progressValue is a line as a value.
func progressValue(line []byte) any {
	if v, err := wire.ParseJSON(line); err == nil {
		return v
	}
	return string(bytes.ToValidUTF8(line, []byte("\ufffd")))
}

// lastLine returns the last line of a file that is not empty.
func lastLine(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // it is being replaced
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(max(0, info.Size()-maxProgress), io.SeekStart); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxProgress))
	if err != nil {
		return nil, err
	}
	b = bytes.TrimSpace(b)
	return bytes.TrimSpace(b[bytes.LastIndexByte(b, '\n')+1:]), nil
}
