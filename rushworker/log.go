package rushworker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/logstore"
)

// The names of the loggers that every worker has.
const (
	WorkerLogger    = "rush"
	ObjectiveLogger = "rush/objective"
)

// closeGrace bounds how long a worker that leaves waits for its log to be
// written.
const closeGrace = 5 * time.Second

// printedBuffer is how many lines of objectives are gathered before they are
// written; they wait for a second at most.
const printedBuffer = 200

// A telling is where a worker's records and what its objectives print go,
// beside the logger that it was given.
type telling struct {
	handler *logstore.Handler // nil unless records are written into the network's log
	printed *logstore.Handler // nil unless what objectives print is
	files   *logstore.Files   // nil unless there is a log directory
	task    *slog.Logger      // of objectives
}

// tell opens what the configuration asks for.
func (w *Worker) tell(ctx context.Context, cfg Config) error {
	w.told.task = cfg.Log
	if cfg.LogDir != "" {
		var err error
		if w.told.files, err = logstore.OpenFiles(cfg.LogDir, w.id); err != nil {
			return err
		}
	}
	if cfg.KeepOutput {
		w.told.printed = w.LogHandler(ctx, &logstore.Options{Buffer: max(cfg.LogBuffer, printedBuffer)})
	}
	if cfg.LogThresholds != nil {
		w.told.handler = w.LogHandler(ctx, &logstore.Options{Logger: WorkerLogger, Thresholds: cfg.LogThresholds, Buffer: cfg.LogBuffer})
		objective := w.told.handler.WithAttrs([]slog.Attr{slog.String(logstore.LoggerKey, ObjectiveLogger)})
		w.log = slog.New(newTwin(&cfg, w.told.handler))
		w.told.task = slog.New(newTwin(&cfg, objective))
	}
	return nil
}

// close writes what is left.
func (t *telling) close(ctx context.Context) error {
	var errs []error
	ctx, cancel := context.WithTimeout(ctx, closeGrace)
	defer cancel()
	for _, h := range []*logstore.Handler{t.handler, t.printed} {
		if h != nil {
			errs = append(errs, h.Close(ctx))
		}
	}
	if t.files != nil {
		errs = append(errs, t.files.Close())
	}
	return errors.Join(errs...)
}

// LogHandler returns a handler that writes records into the network's log, as
// told by this worker. The caller closes it before the worker leaves. See
// also Config.LogThresholds, with which the worker's own loggers do.
func (w *Worker) LogHandler(ctx context.Context, opts *logstore.Options) *logstore.Handler {
	o := logstore.Options{}
	if opts != nil {
		o = *opts
	}
	if o.Worker == "" {
		o.Worker = w.id
	}
	return logstore.New(ctx, w.net, &o)
}

// TaskLog returns the logger for the objective of a task; never nil. What goes
// from it into the network's log has the task's number.
func (w *Worker) TaskLog(key rush.TaskKey) *slog.Logger {
	if w.told.task == w.log {
		return w.log
	}
	return w.told.task.With(logstore.TaskKey, int64(key))
}

// TaskOutput returns what an objective's lines of stdout and stderr are to be
// given to, as they are printed, with the name of the stream; nil when nobody
// wants them. It may be called from several goroutines.
func (w *Worker) TaskOutput(key rush.TaskKey) func(stream, line string) {
	if w.told.printed == nil && w.told.files == nil {
		return nil
	}
	return func(stream, line string) {
		if w.told.files != nil {
			_ = w.told.files.Write(rush.LogKind(stream), line) // a full disk is no reason to fail the task
		}
		if w.told.printed != nil {
			w.told.printed.Put(rush.LogEntry{Task: key, Worker: w.id, Kind: rush.LogKind(stream), Message: line})
		}
	}
}

// Event appends an event to the network's log: a word or two for what
// happened, and what is known besides. It makes a round trip.
func (w *Worker) Event(ctx context.Context, message string, attrs rush.Values) error {
	nonce, began := uuid.NewString(), time.Now()
	return w.patiently(ctx, "log an event", func() error {
		return w.net.AppendLog(ctx, []rush.LogEntry{{
			Time: began, Worker: w.id, Task: rush.NoTask, Kind: rush.LogEvent, Message: message, Attrs: attrs,
		}}, nonce)
	})
}

var _ logstore.Writer = store.Network(nil)

// ReadLog reads the network's log from the cursor on: at most max entries (0: a
// default) that the filter lets through, waiting up to wait for the first one.
func (a *Archive) ReadLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, max int, wait time.Duration) (rush.LogPage, error) {
	page, err := a.src.ReadLog(ctx, from, filter, max, wait)
	if err != nil {
		return page, fmt.Errorf("network %s: read the log: %w", a.src.ID(), err)
	}
	return page, nil
}

// TailLog reads the last n entries of the network's log that the filter lets
// through, oldest first. The page's Next is the log's end, for ReadLog.
func (a *Archive) TailLog(ctx context.Context, n int, filter rush.LogFilter) (rush.LogPage, error) {
	page, err := a.src.TailLog(ctx, n, filter)
	if err != nil {
		return page, fmt.Errorf("network %s: read the log: %w", a.src.ID(), err)
	}
	return page, nil
}

// A LogReader reads what is new in a network's log since it was asked last. It
// belongs to one goroutine.
type LogReader struct {
	archive *Archive
	filter  rush.LogFilter
	at      rush.Cursor
}

// LogReader returns a reader that begins at the cursor; the zero cursor is the
// beginning of the log.
func (a *Archive) LogReader(from rush.Cursor, filter rush.LogFilter) *LogReader {
	return &LogReader{archive: a, filter: filter, at: from}
}

// New returns the entries that came since the last call, at most as many as
// a page has, waiting up to wait for the first one; and how many were dropped
// before they could be read.
func (r *LogReader) New(ctx context.Context, wait time.Duration) (entries []rush.LogEntry, dropped int64, err error) {
	page, err := r.archive.ReadLog(ctx, r.at, r.filter, 0, wait)
	if err != nil {
		return nil, 0, err
	}
	r.at = page.Next
	if page.Reset && len(page.Entries) == 0 {
		return r.New(ctx, wait) // from the new log's beginning
	}
	return page.Entries, page.Dropped, nil
}
