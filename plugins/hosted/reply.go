package hosted

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/seeds"
)

// A reply is the answer to a verb. Its values are those of package rush, or JSON
// as it stands.
type reply map[string]any

// line is the reply as JSON, or what went wrong.
func (r reply) line(err error) ([]byte, error) {
	if err == nil {
		var b []byte
		if b, err = r.append(nil); err == nil {
			return b, nil
		}
	}
	return reply{"error": err.Error()}.append(nil)
}

func (r reply) append(b []byte) ([]byte, error) {
	b = append(b, '{')
	for i, name := range slices.Sorted(maps.Keys(r)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, "%q:", name)
		if raw, ok := r[name].(json.RawMessage); ok {
			b = append(b, raw...)
			continue
		}
		var err error
		if b, err = wire.AppendJSON(b, r[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return append(b, '}'), nil
}

// taskReply is a task as a program is given it.
func taskReply(t *rush.Task, stream seeds.Stream) map[string]any {
	m := map[string]any{
		"key": int64(t.Key), "attempt": int64(t.Attempt), "xs": plain(t.XS), "seed": integers(stream), "rng": int64(stream.Int31()),
	}
	if len(t.XSExtra) > 0 {
		m["extra"] = plain(t.XSExtra)
	}
	if t.Timeout > 0 {
		m["timeout"] = t.Timeout.Seconds()
	}
	return m
}

func conditionReply(c *rush.Condition) map[string]any {
	m := map[string]any{"class": string(c.Class), "message": c.Message}
	for name, text := range map[string]string{"signal": c.Signal, "stderr": c.Stderr, "trace": c.Trace} {
		if text != "" {
			m[name] = text
		}
	}
	if c.ExitCode != nil {
		m["exit_code"] = int64(*c.ExitCode)
	}
	return m
}

// plain is a map that is an object even when it is nil.
func plain(v rush.Values) map[string]any {
	if v == nil {
		return map[string]any{}
	}
	return v
}

func integers(s seeds.Stream) []any {
	list := make([]any, len(s))
	for i, n := range s {
		list[i] = int64(n)
	}
	return list
}
