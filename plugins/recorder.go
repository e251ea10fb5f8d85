package plugins

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/plugins/proto"
)

// A recorder is the log of an objective in a process of its own: it sends the
// records to the worker, which logs them as if they were told there.
type recorder struct {
	level  slog.Level // the lowest that the worker takes
	out    *evaluatorEvents
	late   slog.Handler // gets what is told when the task is over
	scopes []*proto.Scope
}

var _ slog.Handler = (*recorder)(nil)

func (r *recorder) Enabled(_ context.Context, level slog.Level) bool { return level >= r.level }

func (r *recorder) Handle(ctx context.Context, rec slog.Record) error {
	record := &proto.Record{Level: int32(rec.Level), Message: rec.Message, Scopes: r.scopes}
	if !rec.Time.IsZero() {
		record.TimeUs = rec.Time.UnixMicro()
	}
	rec.Attrs(func(a slog.Attr) bool {
		record.Attrs = append(record.Attrs, attrMessage(a))
		return true
	})
	err := r.out.send(&proto.EvaluateEvent{Event: &proto.EvaluateEvent_Record{Record: record}})
	if err != nil {
		return r.late.Handle(ctx, rec)
	}
	return nil
}

func (r *recorder) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return r
	}
	return r.with(&proto.Scope{Attrs: attrMessages(attrs)}, r.late.WithAttrs(attrs))
}

func (r *recorder) WithGroup(name string) slog.Handler {
	if name == "" {
		return r
	}
	return r.with(&proto.Scope{Group: name}, r.late.WithGroup(name))
}

func (r *recorder) with(s *proto.Scope, late slog.Handler) slog.Handler {
	c := *r
	c.scopes, c.late = append(slices.Clip(r.scopes), s), late
	return &c
}

func attrMessages(attrs []slog.Attr) []*proto.Attr {
	list := make([]*proto.Attr, len(attrs))
	for i, a := range attrs {
		list[i] = attrMessage(a)
	}
	return list
}

// attrMessage is an attribute for the way to the worker. Values of the program's
// own types go as the text that they are logged as.
func attrMessage(a slog.Attr) *proto.Attr {
	m, v := &proto.Attr{Key: a.Key}, a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		m.Value = &proto.Attr_Group{Group: &proto.Attrs{Attrs: attrMessages(v.Group())}}
		return m
	case slog.KindDuration:
		m.Value = &proto.Attr_DurationNs{DurationNs: int64(v.Duration())}
		return m
	}
	value := v.Any()
	if v.Kind() == slog.KindAny {
		switch any := value.(type) {
		case nil, time.Time, []byte:
		case error:
			value = any.Error()
		default:
			value = fmt.Sprintf("%+v", any)
		}
	}
	plain, err := wire.AppendValue(nil, value)
	if err != nil { // such as an integer that is too large
		plain, _ = wire.AppendValue(nil, v.String())
	}
	m.Value = &proto.Attr_Plain{Plain: plain}
	return m
}

// logRecord logs a record that came from a process of an objective.
func logRecord(ctx context.Context, log *slog.Logger, r *proto.Record) {
	h := log.Handler()
	for _, s := range r.Scopes {
		if s.Group != "" {
			h = h.WithGroup(s.Group)
		} else {
			h = h.WithAttrs(attrsOf(s.Attrs))
		}
	}
	var at time.Time
	if r.TimeUs != 0 {
		at = time.UnixMicro(r.TimeUs)
	}
	rec := slog.NewRecord(at, slog.Level(r.Level), r.Message, 0)
	rec.AddAttrs(attrsOf(r.Attrs)...)
	if h.Enabled(ctx, rec.Level) {
		_ = h.Handle(ctx, rec) // as slog's loggers do
	}
}

func attrsOf(list []*proto.Attr) []slog.Attr {
	attrs := make([]slog.Attr, len(list))
	for i, m := range list {
		attrs[i].Key = m.Key
		switch v := m.Value.(type) {
		case *proto.Attr_Group:
			attrs[i].Value = slog.GroupValue(attrsOf(v.Group.GetAttrs())...)
		case *proto.Attr_DurationNs:
			attrs[i].Value = slog.DurationValue(time.Duration(v.DurationNs))
		case *proto.Attr_Plain:
			value, _, err := wire.ReadValue(v.Plain)
			if err != nil {
				value = "unreadable: " + err.Error()
			}
			attrs[i].Value = slog.AnyValue(value)
		}
	}
	return attrs
}
