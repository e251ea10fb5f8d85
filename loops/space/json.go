package space

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The JSON of a space is {"params": [...]} with the fields of Param in lower
// case. Reading it gives an equal space: a number in levels and values is a
// float64 if it is written with a fraction or an exponent, else an int64.
type spaceJSON struct {
	Params      []Param  `json:"params"`
	Constraints []string `json:"constraints,omitempty"`
}

type paramJSON struct {
	Name   string            `json:"name"`
	Type   Type              `json:"type"`
	Lower  *float64          `json:"lower,omitempty"`
	Upper  *float64          `json:"upper,omitempty"`
	Log    bool              `json:"log,omitempty"`
	Levels []json.RawMessage `json:"levels,omitempty"`
	By     float64           `json:"by,omitempty"`
	Values []json.RawMessage `json:"values,omitempty"`

	Depends  string            `json:"depends,omitempty"`
	Trafo    string            `json:"trafo,omitempty"`
	Special  []json.RawMessage `json:"special,omitempty"`
	Default  json.RawMessage   `json:"default,omitempty"`
	Fidelity bool              `json:"fidelity,omitempty"`
}

// MarshalJSON writes the space so that [Space.UnmarshalJSON] gives an equal
// one, the types of levels included.
func (s Space) MarshalJSON() ([]byte, error) {
	return json.Marshal(spaceJSON{s.Params(), s.Constraints()})
}

// UnmarshalJSON reads a space as [Space.MarshalJSON] writes it, with the checks
// of [New]. A field that it does not know is an error: a newer version of rush
// may have written it, and the space would be another without it.
func (s *Space) UnmarshalJSON(b []byte) error {
	var j spaceJSON
	if err := unmarshalStrict(b, &j); err != nil {
		return fmt.Errorf("read a search space: %w", err)
	}
	read, err := New(j.Params...)
	if err == nil && len(j.Constraints) > 0 {
		read, err = read.Constrain(j.Constraints...)
	}
	if err != nil {
		return fmt.Errorf("read a search space: %w", err)
	}
	*s = read
	return nil
}

// MarshalJSON writes the parameter with the types of its levels.
func (p Param) MarshalJSON() ([]byte, error) {
	j := paramJSON{Name: p.Name, Type: p.Type, Log: p.Log, By: p.By, Depends: p.Depends, Trafo: p.Trafo, Fidelity: p.Fidelity}
	if p.Type.numeric() {
		j.Lower, j.Upper = &p.Lower, &p.Upper
	}
	var err error
	if j.Levels, err = marshalList(p.Levels); err != nil {
		return nil, fmt.Errorf("the levels of %s: %w", p.Name, err)
	}
	if j.Values, err = marshalList(p.Values); err != nil {
		return nil, fmt.Errorf("the values of %s: %w", p.Name, err)
	}
	if j.Special, err = marshalList(p.Special); err != nil {
		return nil, fmt.Errorf("the special values of %s: %w", p.Name, err)
	}
	if p.Default != nil {
		if j.Default, err = marshalValue(*p.Default); err != nil {
			return nil, fmt.Errorf("the default of %s: %w", p.Name, err)
		}
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads a parameter. Whether it makes sense is for [New] to say.
func (p *Param) UnmarshalJSON(b []byte) error {
	var j paramJSON
	if err := unmarshalStrict(b, &j); err != nil {
		return err
	}
	q := Param{Name: j.Name, Type: j.Type, Log: j.Log, By: j.By, Depends: j.Depends, Trafo: j.Trafo, Fidelity: j.Fidelity}
	if j.Lower != nil {
		q.Lower = *j.Lower
	}
	if j.Upper != nil {
		q.Upper = *j.Upper
	}
	var err error
	if q.Levels, err = unmarshalList(j.Levels); err != nil {
		return fmt.Errorf("the levels of %s: %w", j.Name, err)
	}
	if q.Values, err = unmarshalList(j.Values); err != nil {
		return fmt.Errorf("the values of %s: %w", j.Name, err)
	}
	if q.Special, err = unmarshalList(j.Special); err != nil {
		return fmt.Errorf("the special values of %s: %w", j.Name, err)
	}
	if j.Default != nil {
		v, err := unmarshalValue(j.Default)
		if err != nil {
			return fmt.Errorf("the default of %s: %w", j.Name, err)
		}
		q.Default = &v
	}
	*p = q
	return nil
}

func unmarshalStrict(b []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

func marshalList(list []any) ([]json.RawMessage, error) {
	var out []json.RawMessage
	for _, v := range list {
		b, err := marshalValue(v)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func unmarshalList(list []json.RawMessage) ([]any, error) {
	var out []any
	for _, b := range list {
		v, err := unmarshalValue(b)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// marshalValue writes a value of any type that a level may have as JSON, a
// float64 with a fraction or an exponent.
func marshalValue(v any) ([]byte, error) {
	plain, err := plainJSON(v)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err = enc.Encode(markFloats(plain))
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// markFloats replaces every float64 by the text of a number that is no
// integer's.
func markFloats(v any) any {
	switch v := v.(type) {
	case float64:
		text := formatNumber(v)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return json.Number(text)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = markFloats(v[i])
		}
		return list
	case map[string]any:
		m := make(map[string]any, len(v))
		for name := range v {
			m[name] = markFloats(v[name])
		}
		return m
	}
	return v
}

// unmarshalValue reads one JSON value, with nothing after it, into the form of
// levels.
func unmarshalValue(b []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("there is nothing to read")
		}
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after its end")
	}
	return plainJSON(v)
}
