package seeds

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrStream says that integers or a text are not a stream. The errors of [Parse], [ParseString] and
// [Stream.Check] wrap it and say what is wrong.
var ErrStream = errors.New("not an L'Ecuyer-CMRG stream")

// Parse returns the stream that seven integers in the format of R's .Random.seed describe. The error,
// which wraps [ErrStream], tells what was expected and found: another length, another kind than 10407,
// integers that are not R's (which are signed and of 32 bits), or words that are no state of the
// generator.
func Parse[T int | int32 | int64](integers []T) (Stream, error) {
	var s Stream
	if len(integers) != len(s) {
		return Stream{}, fmt.Errorf("%w: expected 7 integers (%d and six words), found %d", ErrStream, kind, len(integers))
	}
	for i, v := range integers {
		if int64(v) < math.MinInt32 || int64(v) > math.MaxInt32 {
			return Stream{}, fmt.Errorf("%w: integer %d of 7 is %d, expected R's signed integers of 32 bits (subtract 2^32 from words of 2^31 or more)", ErrStream, i+1, v)
		}
		s[i] = int32(v)
	}
	if err := s.Check(); err != nil {
		return Stream{}, err
	}
	return s, nil
}

// ParseString returns the stream that [Stream.String] wrote: seven integers with commas between them.
// Blanks around an integer are allowed. Its errors are those of [Parse].
func ParseString(text string) (Stream, error) {
	fields := strings.Split(text, ",")
	integers := make([]int64, len(fields))
	for i, field := range fields {
		v, err := strconv.ParseInt(strings.TrimSpace(field), 10, 64)
		if err != nil {
			return Stream{}, fmt.Errorf("%w: expected seven integers with commas between them, found %q in place %d", ErrStream, field, i+1)
		}
		integers[i] = v
	}
	return Parse(integers)
}

// String returns the seven integers with commas between them, "10407,-94575036,...". A word of exactly
// -2147483648 is how R stores what it prints as NA.
func (s Stream) String() string {
	text := make([]byte, 0, 7*len("-2147483648,"))
	for i, v := range s {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(v), 10)
	}
	return string(text)
}

// Check returns nil if s is a stream: its kind is 10407, the words of each component, read without a
// sign, are below the component's modulus (4294967087 and 4294944443), and not all of them are zero.
// Otherwise it returns an error that wraps [ErrStream]. Streams from this package always pass; Check
// is for those decoded or filled in elsewhere.
func (s Stream) Check() error {
	if s[0] != kind {
		return fmt.Errorf("%w: the first integer is %d, expected %d: in R, call RNGkind(\"L'Ecuyer-CMRG\", \"Inversion\", \"Rejection\") before the seed is set", ErrStream, s[0], kind)
	}
	w := s.words()
	if err := checkComponent("first", w[:3], m1); err != nil {
		return err
	}
	return checkComponent("second", w[3:], m2)
}

func checkComponent(name string, words []uint64, modulus uint64) error {
	for _, w := range words {
		if w >= modulus {
			return fmt.Errorf("%w: a word of the %s component is %d (without its sign), expected less than %d", ErrStream, name, w, modulus)
		}
	}
	if words[0]|words[1]|words[2] == 0 {
		return fmt.Errorf("%w: the three words of the %s component are all 0, expected at least one that is not", ErrStream, name)
	}
	return nil
}
