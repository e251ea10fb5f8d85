package command

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// fortran is a number of double precision as Fortran writes it.
var fortran = regexp.MustCompile(`^([+-]?[0-9.]+)[dD]([+-]?[0-9]+)$`)

// parseNumber returns the int64 or float64 that a program printed, and whether it
// is one. "nan" and "inf", in either case, are numbers.
func parseNumber(s string) (any, bool) {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(fortran.ReplaceAllString(s, "${1}e${2}"), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range it is an infinity
		return nil, false
	}
	return f, true
}
