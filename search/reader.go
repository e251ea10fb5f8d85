package search

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/rushnet/rush/internal/nearest"
)

// A reader reads the parts of a file that the rest of the package asks for, and
// notes what is wrong. What is wrong it reads as zero.
type reader struct {
	*mistakes
}

// An entry is a name that a mapping may have, and what reads its value.
type entry struct {
	name string
	read func(n *node)
}

// fields reads a mapping: every name must be one of the entries. example is
// told to who wrote something else.
func (r *reader) fields(n *node, example string, entries ...entry) {
	r.fieldsOr(n, example, func(f *field) string { return "" }, entries...)
}

// fieldsOr is fields with a hint on some names that are none of the entries', "" on the
// others.
func (r *reader) fieldsOr(n *node, example string, hint func(f *field) string, entries ...entry) {
	if !r.isMapping(n, example) {
		return
	}
	known := make([]string, len(entries))
	byName := make(map[string]entry, len(entries))
	for i, e := range entries {
		known[i], byName[e.name] = e.name, e
	}
	for _, f := range n.fields {
		e, ok := byName[f.name]
		switch {
		case !ok:
			r.add(f.at, below(n.path, f.name), "there is no such field%s", cmp.Or(hint(&f), nearest.Hint(f.name, known)))
		case f.value.kind == scalar && f.value.value == nil:
			r.wrong(f.value, "it has no value; give it one, or remove it")
		default:
			e.read(f.value)
		}
	}
}

func (r *reader) isMapping(n *node, example string) bool {
	if n.kind != mapping {
		r.wrong(n, "expected a map such as %s, found %s", example, n.found())
	}
	return n.kind == mapping
}

// text reads a text. A number or a bool has to be in quotes to be one.
func (r *reader) text(n *node, expected string) (string, bool) {
	s, ok := n.value.(string)
	if n.kind == scalar && ok {
		return s, true
	}
	hint := ""
	if n.kind == scalar {
		hint = "; put it in quotes"
	}
	r.wrong(n, "expected %s, found %s%s", expected, n.found(), hint)
	return "", false
}

// number reads a finite number.
func (r *reader) number(n *node, expected string) (float64, bool) {
	f, ok := n.float()
	if !ok || math.IsNaN(f) || math.IsInf(f, 0) {
		r.wrong(n, "expected %s, found %s%s", expected, n.found(), n.nearNumber())
		return 0, false
	}
	return f, true
}

func (n *node) float() (float64, bool) {
	switch v := n.value.(type) {
	case int64:
		return float64(v), n.kind == scalar
	case float64:
		return v, n.kind == scalar
	}
	return 0, false
}

// nearNumber is a hint for a text that is a number but for its quotes, or for
// the _ in it.
func (n *node) nearNumber() string {
	s, ok := n.value.(string)
	bare := strings.ReplaceAll(s, "_", "")
	v, err := coreScalar(bare)
	if !ok || err != nil {
		return ""
	}
	switch v.(type) {
	case int64, float64:
		if bare == s {
			return "; remove the quotes"
		}
		return "; write " + bare
	}
	return ""
}

// integer reads an integer of at least low; 1e3 is one.
func (r *reader) integer(n *node, low int64) (int64, bool) {
	var i int64
	ok := n.kind == scalar
	switch v := n.value.(type) {
	case int64:
		i = v
	case float64:
		i = int64(v)
		ok = ok && v == math.Trunc(v) && math.Abs(v) < 1<<53
	default:
		ok = false
	}
	if !ok || i < low {
		r.wrong(n, "expected an integer of at least %d, found %s%s", low, n.found(), n.nearNumber())
		return 0, false
	}
	return i, true
}

// count reads an integer that an int holds everywhere.
func (r *reader) count(n *node, low int64) (int, bool) {
	i, ok := r.integer(n, low)
	if ok && i > math.MaxInt32 {
		r.wrong(n, "expected an integer of at most %d, found %s", math.MaxInt32, strconv.FormatInt(i, 10))
		return 0, false
	}
	return int(i), ok
}

func (r *reader) boolean(n *node) (value, ok bool) {
	value, ok = n.value.(bool)
	if ok = ok && n.kind == scalar; !ok {
		hint := ""
		switch n.value {
		case "yes", "Yes", "YES", "y", "Y", "on", "On", "ON":
			hint = "; write true"
		case "no", "No", "NO", "n", "N", "off", "Off", "OFF":
			hint = "; write false"
		}
		r.wrong(n, "expected true or false, found %s%s", n.found(), hint)
	}
	return value, ok
}

// choice reads one of a few words.
func (r *reader) choice(n *node, words ...string) (string, bool) {
	s, ok := n.value.(string)
	if n.kind == scalar && ok {
		for _, w := range words {
			if s == w {
				return w, true
			}
		}
	}
	hint := ""
	if ok {
		if near, found := nearest.Name(s, words); found {
			hint = "; did you mean " + near + "?"
		}
	}
	r.wrong(n, "expected %s, found %s%s", orList(words), n.found(), hint)
	return "", false
}

// orList writes "a, b or c".
func orList(words []string) string {
	s := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			s += " or "
		default:
			s += ", "
		}
		s += w
	}
	return s
}
