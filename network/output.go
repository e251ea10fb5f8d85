package network

import (
	"context"
	"errors"
	"sync"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/plugins"
)

// outputBuffer is how many lines of workers are gathered before they are
// written; they wait for a second at most.
const outputBuffer = 200

// LogHandler returns a handler that writes records into the network's log: give
// it to slog.New. The caller closes it before the manager.
func (r *Rush) LogHandler(ctx context.Context, opts *logstore.Options) *logstore.Handler {
	return logstore.New(ctx, r.net, opts)
}

// KeepLog sets how many entries of the log the network keeps; 0 is the default
// (20,000). When there are more the oldest are dropped. A reset deletes the
// entries and keeps the number.
func (r *Rush) KeepLog(ctx context.Context, entries int64) error { return r.net.KeepLog(ctx, entries) }

// An outputs is where what this manager's workers print goes, beside
// Workers.Output.
type outputs struct {
	mu      sync.Mutex        // guards what follows
	handler *logstore.Handler // nil until something is to be kept
}

// keeper returns the handler that writes what workers print into the log.
func (r *Rush) keeper() *logstore.Handler {
	r.out.mu.Lock()
	defer r.out.mu.Unlock()
	if r.out.handler == nil {
		r.out.handler = r.LogHandler(r.alive, &logstore.Options{Buffer: outputBuffer})
	}
	return r.out.handler
}

// close writes what is left.
func (o *outputs) close(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.handler == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endGrace)
	defer cancel()
	return o.handler.Close(ctx)
}

// A lines gets what a worker's process prints. Nil drops it.
type lines func(stream, line string)

// output returns where the lines of a worker go, and what is to be called when
// there are no more.
func (r *Rush) output(w Workers, id rush.WorkerID) (lines, func() error, error) {
	var all []lines
	done := func() error { return nil }
	if w.Output != nil {
		all = append(all, func(stream, line string) { w.Output(id, stream, line) })
	}
	if w.LogDir != "" {
		files, err := logstore.OpenFiles(w.LogDir, id)
		if err != nil {
			return nil, done, err
		}
		done = files.Close
		var once sync.Once
		all = append(all, func(stream, line string) {
			if err := files.Write(rush.LogKind(stream), line); err != nil {
				once.Do(func() { r.log.Warn("what a worker prints does not get into its file", "worker", id, "error", err) })
			}
		})
	}
	var kept lines
	if w.KeepOutput {
		keeper := r.keeper()
		kept = func(stream, line string) {
			keeper.Put(rush.LogEntry{Worker: id, Task: rush.NoTask, Kind: rush.LogKind(stream), Message: line})
		}
	}
	if len(all) == 0 && kept == nil {
		return nil, done, nil
	}
	return func(stream, line string) {
		switch {
		case stream == plugins.Recorded: // it is in the log
			stream = "stderr"
		case kept != nil:
			kept(stream, line)
		}
		for _, l := range all {
			l(stream, line)
		}
	}, done, nil
}

// closeOutput is the end of a manager's keeping.
func (r *Rush) closeOutput(ctx context.Context) error {
	err := r.out.close(ctx)
	if errors.Is(err, rush.ErrNoNetwork) {
		return nil // with the network, its log is gone
	}
	return err
}
