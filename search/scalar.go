package search

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// The core schema of YAML 1.2.2, section 10.3.2. The parser's own reading of
// plain scalars is not used: to it 1e-3 is a text, 1_000 an integer and 0777
// octal.
var (
	coreDecimal = regexp.MustCompile(`^[-+]?[0-9]+$`)
	coreOctal   = regexp.MustCompile(`^0o[0-7]+$`)
	coreHex     = regexp.MustCompile(`^0x[0-9a-fA-F]+$`)
	coreFloat   = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
)

// coreScalar returns what a scalar without quotes is: nil, a bool, an int64, a
// float64 or a string.
func coreScalar(text string) (any, error) {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return nil, nil
	case "true", "True", "TRUE":
		return true, nil
	case "false", "False", "FALSE":
		return false, nil
	case ".nan", ".NaN", ".NAN":
		return math.NaN(), nil
	}
	switch unsigned := strings.TrimLeft(text, "+-"); unsigned {
	case ".inf", ".Inf", ".INF":
		if len(text)-len(unsigned) <= 1 {
			return infinity(text), nil
		}
	}
	switch {
	case coreDecimal.MatchString(text):
		return coreInt(text, text, 10)
	case coreOctal.MatchString(text):
		return coreInt(text, text[2:], 8)
	case coreHex.MatchString(text):
		return coreInt(text, text[2:], 16)
	case coreFloat.MatchString(text):
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("the number %s is out of the range of a 64-bit float; put it in quotes if it is a text", text)
		}
		return f, nil
	}
	return text, nil
}

func infinity(text string) float64 {
	if text[0] == '-' {
		return math.Inf(-1)
	}
	return math.Inf(1)
}

func coreInt(text, digits string, base int) (any, error) {
	n, err := strconv.ParseInt(digits, base, 64)
	if errors.Is(err, strconv.ErrRange) {
		return nil, fmt.Errorf("the integer %s does not fit into 64 bits; write it as a float, such as 1e20, or put it in quotes", text)
	}
	return n, err
}

// tagged returns a scalar as the tag says it is to be read; the tag is one of
// YAML's own, such as !!str.
func tagged(tag, text string) (any, error) {
	v, err := coreScalar(text)
	if err != nil {
		return nil, err
	}
	ok := false
	switch tag {
	case "!!str":
		return text, nil
	case "!!null":
		ok = v == nil
	case "!!bool":
		_, ok = v.(bool)
	case "!!int":
		_, ok = v.(int64)
	case "!!float":
		if n, isInt := v.(int64); isInt {
			return float64(n), nil
		}
		_, ok = v.(float64)
	default:
		return nil, fmt.Errorf("the tag %s is none that rush knows; remove it", tag)
	}
	if !ok {
		return nil, fmt.Errorf("%q is not what its tag %s says; correct one of them", cut(text), tag)
	}
	return v, nil
}
