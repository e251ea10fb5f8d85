package space

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/rushnet/rush"
)

// Coerce returns the point with each value in the form that points have,
// whatever form it had in a CSV or JSON file: 3 is 3.0 for a dbl; 3.0, "3" and
// "3.0" are 3 for an int; "true", "TRUE", "T",
// 1 and "1" are true for a lgl, and their opposites false; a level may be given as the
// text of its JSON, such as "3" for 3. Text that is a level itself is that
// level. Blanks around text are ignored but in levels that have them.
//
// A parameter that is inactive may be there with null or a blank text, as tables
// have it, and is left out.
//
// What it returns passes [Space.Check]; the errors are those of Check. The
// given point is not changed.
func (s Space) Coerce(point rush.Values) (rush.Values, error) { return s.accepted(point, true) }

// read turns a value as files have it into one of the parameter's type. What
// cannot be one it returns as it is.
func (p *param) read(v any) any {
	scalar, ok := plainScalar(v)
	if !ok {
		return v
	}
	text, isText := scalar.(string)
	text = strings.TrimSpace(text)
	switch {
	case p.Type == Fct && isText:
		return p.readLevel(scalar.(string), text)
	case p.Type == Lgl:
		return readBool(scalar, text)
	case p.Type.numeric() && isText:
		if special, ok := p.readSpecial(text); ok {
			return special
		}
		n, err := parseNumber(text)
		if err != nil {
			return v
		}
		scalar = n
	}
	if p.Type == Int {
		return whole(scalar)
	}
	return scalar
}

// readSpecial looks for the special value that a text is, or whose JSON it is.
func (p *param) readSpecial(text string) (any, bool) {
	if p.share == 0 {
		return nil, false
	}
	if p.special.find(text) >= 0 {
		return text, true
	}
	v, err := unmarshalValue([]byte(text))
	if err != nil || p.special.find(v) < 0 {
		return nil, false
	}
	return v, true
}

// whole turns a float64 that is an integer into an int64.
func whole(v any) any {
	if x, ok := v.(float64); ok && x == math.Trunc(x) && math.Abs(x) <= maxInt {
		return int64(x)
	}
	return v
}

func readBool(v any, text string) any {
	switch v := v.(type) {
	case string:
		if b, err := strconv.ParseBool(strings.ToLower(text)); err == nil {
			return b
		}
	case int64, float64:
		if x, _ := toFloat(v); x == 0 || x == 1 {
			return x == 1
		}
	}
	return v
}

// readLevel looks for the level that a text is, or whose JSON it is. R and
// Python write the booleans as TRUE and True.
func (p *param) readLevel(text, trimmed string) any {
	for _, s := range []string{text, trimmed} {
		if p.levels.find(s) >= 0 {
			return s
		}
	}
	var v any
	if n, err := parseNumber(trimmed); err == nil {
		v = n
	} else if b, err := strconv.ParseBool(trimmed); err == nil && len(trimmed) > 1 {
		v = b
	} else if json.Valid([]byte(trimmed)) {
		if v, err = unmarshalValue([]byte(trimmed)); err != nil {
			return text
		}
	}
	if v != nil && p.levels.find(v) >= 0 || trimmed == "null" && p.levels.find(nil) >= 0 {
		return v
	}
	return text
}
