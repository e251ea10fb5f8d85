package search

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// JSON has no NaN, infinities, bytes and times. They are written as maps with
// one of these names; names of the person's own that begin with $ get another.
const (
	floatName = "$float"
	bytesName = "$bytes"
	timeName  = "$time"
)

// marshalValues writes values so that unmarshalValues gives the same ones; nil
// gives nil.
func marshalValues(v rush.Values) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	packed, err := wire.Encode(v) // every accepted type becomes one of the few
	if err != nil {
		return nil, err
	}
	if v, err = wire.Decode(packed); err != nil {
		return nil, err
	}
	return wire.AppendJSON(nil, escape(map[string]any(v)))
}

func escape(v any) any {
	switch v := v.(type) {
	case float64:
		if v-v != 0 {
			return map[string]any{floatName: fmt.Sprint(v)}
		}
	case []byte:
		return map[string]any{bytesName: base64.StdEncoding.EncodeToString(v)}
	case time.Time:
		return map[string]any{timeName: v.Format(time.RFC3339Nano)}
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = escape(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			if strings.HasPrefix(name, "$") {
				name = "$" + name
			}
			out[name] = escape(value)
		}
		return out
	}
	return v
}

func unmarshalValues(b []byte) (rush.Values, error) {
	if b == nil {
		return nil, nil
	}
	read, err := wire.ParseJSONObject(b)
	if err != nil {
		return nil, err
	}
	v, err := unescape(map[string]any(read))
	if err != nil {
		return nil, err
	}
	values, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("expected a map of values, found %v", v)
	}
	return values, nil
}

func unescape(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case []any:
		for i := range v {
			if v[i], err = unescape(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			if strings.HasPrefix(name, "$") && !strings.HasPrefix(name, "$$") {
				return special(name, value)
			}
			if out[strings.TrimPrefix(name, "$")], err = unescape(value); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

// special reads what is not JSON's own.
func special(name string, value any) (any, error) {
	text, ok := value.(string)
	if !ok {
		return nil, fmt.Errorf("%s: expected a text, found %v", name, value)
	}
	switch name {
	case floatName:
		return coreScalar(map[string]string{"NaN": ".nan", "+Inf": ".inf", "-Inf": "-.inf"}[text])
	case bytesName:
		return base64.StdEncoding.DecodeString(text)
	case timeName:
		return time.Parse(time.RFC3339Nano, text)
	}
	return nil, fmt.Errorf("%s is no kind of value", name)
}
