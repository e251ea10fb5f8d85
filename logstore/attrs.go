package logstore

import (
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/rushnet/rush"
)

// maxText bounds a message and an attribute, in bytes.
const maxText = 16 << 10

// shorten cuts a text that is too long, and says so.
func shorten(s string) string {
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%s... (%d bytes in all)", s[:cut], len(s))
}

// An entry is built from attributes.
type entry rush.LogEntry

// addTo adds an attribute of a record.
func (h *Handler) addTo(e *entry, a slog.Attr) {
	a.Value = a.Value.Resolve()
	switch {
	case h.group == "" && a.Key == LoggerKey:
		e.Logger = a.Value.String()
	case h.group == "" && a.Key == TaskKey && taskOf(a.Value) != rush.NoTask:
		e.Task = taskOf(a.Value)
	default:
		e.add(h.group, a)
	}
}

// add adds an attribute; a group's are added with its name and a dot before
// theirs.
func (e *entry) add(prefix string, a slog.Attr) {
	v := a.Value.Resolve()
	if v.Kind() == slog.KindGroup {
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, in := range v.Group() {
			e.add(prefix, in)
		}
		return
	}
	if a.Equal(slog.Attr{}) {
		return
	}
	if e.Attrs == nil {
		e.Attrs = rush.Values{}
	}
	e.Attrs[prefix+a.Key] = value(v)
}

// value is a slog value as one that a network keeps.
func value(v slog.Value) any {
	switch v.Kind() {
	case slog.KindBool:
		return v.Bool()
	case slog.KindInt64:
		return v.Int64()
	case slog.KindUint64:
		if v.Uint64() > math.MaxInt64 {
			return strconv.FormatUint(v.Uint64(), 10)
		}
		return int64(v.Uint64())
	case slog.KindFloat64:
		return v.Float64()
	case slog.KindTime:
		return v.Time()
	case slog.KindDuration:
		return v.Duration().String()
	case slog.KindString:
		return shorten(v.String())
	}
	switch v := v.Any().(type) {
	case nil:
		return nil
	case time.Time:
		return v
	case []byte:
		return shorten(string(v))
	case error:
		return shorten(v.Error())
	}
	return shorten(fmt.Sprintf("%+v", v.Any()))
}

// taskOf is the number of a task, or rush.NoTask.
func taskOf(v slog.Value) rush.TaskKey {
	v = v.Resolve()
	switch v.Kind() {
	case slog.KindInt64:
		return rush.TaskKey(max(v.Int64(), int64(rush.NoTask)))
	case slog.KindAny:
		if key, ok := v.Any().(rush.TaskKey); ok {
			return key
		}
	}
	return rush.NoTask
}
