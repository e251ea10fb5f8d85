package rushworker

import (
	"context"
	"errors"
	"log/slog"
)

// A twin writes records into the network's log, those that it takes, and tells
// each to one of two other handlers: whether it was written or not.
type twin struct{ log, recorded, plain slog.Handler }

func newTwin(cfg *Config, log slog.Handler) *twin {
	t := &twin{log: log, recorded: cfg.Recorded, plain: cfg.Log.Handler()}
	if t.recorded == nil {
		t.recorded = t.plain
	}
	return t
}

// Enabled reports whether any of them takes the level.
func (t *twin) Enabled(ctx context.Context, level slog.Level) bool {
	return t.log.Enabled(ctx, level) || t.plain.Enabled(ctx, level)
}

// Handle hands the record on.
func (t *twin) Handle(ctx context.Context, r slog.Record) error {
	var err error
	other := t.plain
	if t.log.Enabled(ctx, r.Level) {
		other, err = t.recorded, t.log.Handle(ctx, r.Clone())
	}
	if other.Enabled(ctx, r.Level) {
		err = errors.Join(err, other.Handle(ctx, r))
	}
	return err
}

// WithAttrs adds attributes to all of them.
func (t *twin) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &twin{t.log.WithAttrs(attrs), t.recorded.WithAttrs(attrs), t.plain.WithAttrs(attrs)}
}

// WithGroup begins a group in all of them.
func (t *twin) WithGroup(name string) slog.Handler {
	return &twin{t.log.WithGroup(name), t.recorded.WithGroup(name), t.plain.WithGroup(name)}
}
