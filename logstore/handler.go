package logstore

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/rushnet/rush"
)

// A Writer is a network's log, to be written to.
type Writer interface {
	AppendLog(ctx context.Context, entries []rush.LogEntry, nonce string) error
}

// A Handler is a slog.Handler that writes records into a network's log. All
// handlers that With and WithGroup make of one share its buffer.
type Handler struct {
	*queue
	opts   *Options
	logger string
	task   rush.TaskKey
	group  string // of the attributes to come, each followed by a dot
	attrs  []slog.Attr
}

var _ slog.Handler = (*Handler)(nil)

// New returns a handler that writes to w, with a goroutine of its own, which
// Close ends, and not the end of ctx.
func New(ctx context.Context, w Writer, opts *Options) *Handler {
	o := opts.defaults()
	return &Handler{queue: startQueue(ctx, w, &o), opts: &o, logger: o.Logger, task: rush.NoTask}
}

// Enabled reports whether a record of the level is kept.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return h.opts.Thresholds.Enabled(h.logger, level)
}

// Handle puts the record into the buffer. It fails only when the record is of
// the flush level and could not be written at once.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	e := entry{
		Time: r.Time, Worker: h.opts.Worker, Task: h.task, Kind: rush.LogRecord, Level: r.Level, Logger: h.logger, Message: r.Message,
	}
	for _, a := range h.attrs {
		e.add("", a)
	}
	r.Attrs(func(a slog.Attr) bool {
		h.addTo(&e, a)
		return true
	})
	return h.Add(ctx, rush.LogEntry(e))
}

// Add puts an entry into the buffer, whatever the thresholds say. A zero Time
// is now. An entry of the flush level is waited for.
func (h *Handler) Add(ctx context.Context, e rush.LogEntry) error {
	if upTo := h.Put(e); upTo > 0 && e.Level >= h.opts.FlushLevel.Level() {
		ctx, cancel := context.WithTimeout(ctx, flushWait)
		defer cancel()
		return h.flush(ctx, upTo)
	}
	return nil
}

// Put is Add without waiting. It returns how many entries were put so far; 0
// if the filter dropped this one.
func (h *Handler) Put(e rush.LogEntry) int64 {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Message = shorten(e.Message)
	if h.opts.Filter != nil && !h.opts.Filter(&e) {
		return 0
	}
	return h.put(e)
}

// WithAttrs returns a handler that adds the attributes to each record.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	c := *h
	c.attrs = slices.Clone(h.attrs)
	for _, a := range attrs {
		switch {
		case h.group == "" && a.Key == LoggerKey:
			c.logger = a.Value.Resolve().String()
		case h.group == "" && a.Key == TaskKey && taskOf(a.Value) != rush.NoTask:
			c.task = taskOf(a.Value)
		default:
			a.Key = h.group + a.Key
			c.attrs = append(c.attrs, a)
		}
	}
	return &c
}

// WithGroup returns a handler that puts "name." before the names of attributes.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	c := *h
	c.group += name + "."
	return &c
}
