package search

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"
)

// A Duration is a length of time. As text it is what Go writes, "1h30m0s".
type Duration time.Duration

// MarshalText writes the duration as Go does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Duration) UnmarshalText(text []byte) error {
	t, err := time.ParseDuration(string(text))
	if err == nil {
		*d = Duration(t)
	}
	return err
}

var days = regexp.MustCompile(`^([0-9]+)d`)

// parseDuration reads 30s, 1h30m, 1.5h, 2d or 2d12h.
func parseDuration(text string) (time.Duration, error) {
	var whole time.Duration
	if m := days.FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n > 100*365 {
			return 0, fmt.Errorf("%s is longer than a hundred years", text)
		}
		whole = time.Duration(n) * 24 * time.Hour
		if text = text[len(m[0]):]; text == "" {
			return whole, nil
		}
	}
	rest, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, err
	case rest > math.MaxInt64-whole:
		return 0, fmt.Errorf("%s is too long", text)
	case whole > 0 && rest < 0:
		return 0, fmt.Errorf("%s is negative", text)
	}
	return whole + rest, nil
}

// duration reads a length of time above 0. A number alone is in seconds.
func (r *reader) duration(n *node) (Duration, bool) {
	d, ok := n.duration()
	if !ok || d <= 0 {
		r.wrong(n, "expected a length of time such as 30s, 10m, 1h30m or 2d, or a number of seconds, found %s", n.found())
		return 0, false
	}
	return Duration(d), true
}

func (n *node) duration() (time.Duration, bool) {
	if seconds, ok := n.float(); ok {
		ns := seconds * float64(time.Second)
		return time.Duration(ns), ns < math.MaxInt64 && ns >= 1
	}
	text, ok := n.value.(string)
	if !ok || n.kind != scalar {
		return 0, false
	}
	d, err := parseDuration(text)
	return d, err == nil
}
