package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rushnet/rush"
)

// AppendJSON appends a value as JSON. A float is written so that it reads
// back as the same float (1.0 stays a float); NaN and the infinities, which
// JSON has no numbers for, are the strings "NaN", "Infinity" and "-Infinity";
// bytes are base64; times are RFC 3339.
func AppendJSON(b []byte, v any) ([]byte, error) {
	// Through MessagePack every accepted type becomes one of the few.
	packed, err := AppendValue(nil, v)
	if err != nil {
		return nil, err
	}
	plain, _, err := ReadValue(packed)
	if err != nil {
		return nil, err
	}
	return appendJSON(b, plain), nil
}

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		return AppendJSONFloat(b, v)
	case string:
		return appendJSONString(b, v)
	case []byte:
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, v)
		return append(b, '"')
	case rush.Reference:
		return appendJSONString(b, v.String())
	case time.Time:
		return appendJSONString(b, v.UTC().Format(time.RFC3339Nano))
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e)
		}
		return append(b, ']')
	case map[string]any:
		return appendJSONObject(b, v)
	}
	panic(fmt.Sprintf("wire: %T came out of ReadValue", v))
}

func appendJSONObject(b []byte, m map[string]any) []byte {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSONString(b, name)
		b = append(b, ':')
		b = appendJSON(b, m[name])
	}
	return append(b, '}')
}

// AppendJSONFloat appends a float in the shortest form that reads back as the
// same float and as no integer.
func AppendJSONFloat(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(b, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(b, `"-Infinity"`...)
	}
	from := len(b)
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		b = strconv.AppendFloat(b, f, 'e', -1, 64)
	} else {
		b = strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	if !bytes.ContainsAny(b[from:], ".e") {
		b = append(b, ".0"...)
	}
	return b
}

func appendJSONString(b []byte, s string) []byte {
	if plainASCII(s) {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(strings.ToValidUTF8(s, string(utf8.RuneError))) // a string never fails
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// ParseJSON reads one JSON value, with nothing after it. A number without
// fraction and exponent is an int64 if it fits, else an error that says so;
// every other number is a float64. The bare words NaN, Infinity and -Infinity,
// which Python's json and R's jsonlite write, are floats too.
func ParseJSON(b []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(QuoteNonFinite(b)))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("there is nothing to read")
		}
		return nil, fmt.Errorf("expected a JSON value: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("expected one JSON value, found more after it")
	}
	return numbers(v)
}

// ParseJSONObject reads one JSON object.
func ParseJSONObject(b []byte) (rush.Values, error) {
	v, err := ParseJSON(b)
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("expected a JSON object, found %s", jsonKind(v))
	}
	return m, nil
}

func jsonKind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case []any:
		return "a list"
	}
	return "a number"
}

// numbers replaces every json.Number below v, in place where it can.
func numbers(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		return number(string(v))
	case string:
		if f, ok := nonFinite[v]; ok {
			return f, nil
		}
	case []any:
		for i := range v {
			if v[i], err = numbers(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for name := range v {
			if v[name], err = numbers(v[name]); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return v, nil
}

func number(s string) (any, error) {
	if !strings.ContainsAny(s, ".eE") {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("the integer %s does not fit into 64 bits; give it as a string or a float", s)
		}
		return n, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, fmt.Errorf("the number %s is out of the range of a 64-bit float", s)
	}
	return f, nil
}

// nonFinite maps the strings that stand for bare NaN and infinities while
// encoding/json reads. They begin with a byte that JSON text cannot hold
// unescaped.
var nonFinite = map[string]float64{
	"\x00NaN":       math.NaN(),
	"\x00Infinity":  math.Inf(1),
	"\x00-Infinity": math.Inf(-1),
}

// QuoteNonFinite turns bare NaN, Infinity and -Infinity outside of strings
// into strings, so that encoding/json reads the text; ParseJSON makes floats
// of them again. It returns b itself when there are none.
func QuoteNonFinite(b []byte) []byte {
	if !bytes.Contains(b, []byte("NaN")) && !bytes.Contains(b, []byte("Infinity")) {
		return b
	}
	out := make([]byte, 0, len(b)+32)
	for i := 0; i < len(b); {
		if b[i] == '"' {
			end := stringEnd(b, i)
			out = append(out, b[i:end]...)
			i = end
			continue
		}
		word := nonFiniteWord(b[i:])
		if word == "" {
			out = append(out, b[i])
			i++
			continue
		}
		out = append(out, `"\u0000`+word+`"`...)
		i += len(word)
	}
	return out
}

func nonFiniteWord(b []byte) string {
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if bytes.HasPrefix(b, []byte(word)) {
			return word
		}
	}
	return ""
}

// stringEnd returns the index after the JSON string that begins at b[i].
func stringEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}
