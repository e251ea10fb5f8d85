package hosted

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/rushnet/rush"
)

// finish delivers outputs: of keys with yss and extras, or of key with ys and
// extra.
func (s *lineServer) finish(ctx context.Context, r *request) (reply, error) {
	keys, yss := s.about(r, "ys")
	extras := r.several("extra")
	if len(extras) > 0 && len(extras) != len(keys) {
		r.wrong("extras", "expected one for each of the %d keys, found %d", len(keys), len(extras))
	}
	if err := r.complete(); err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(keys))
	for i, key := range keys {
		var err error
		if outcomes[i], err = s.session.finished(key, yss[i], extrasOf(extras, i)); err != nil {
			return nil, err
		}
	}
	return reply{}, s.session.End(ctx, outcomes)
}

func extrasOf(extras []rush.Values, i int) rush.Values {
	if len(extras) == 0 {
		return nil
	}
	return extras[i]
}

// fail delivers conditions: of keys with conditions, or of key with condition.
func (s *lineServer) fail(ctx context.Context, r *request) (reply, error) {
	keys, given := s.about(r, "condition")
	outcomes := make([]Outcome, len(keys))
	for i, v := range given {
		outcomes[i] = Outcome{Key: keys[i], Condition: r.condition(v)}
	}
	if err := r.complete(); err != nil {
		return nil, err
	}
	return reply{}, s.session.End(ctx, outcomes)
}

// about reads which tasks a verb is about and what it says of each; of a fail it
// need not say anything.
func (s *lineServer) about(r *request, name string) ([]rush.TaskKey, []rush.Values) {
	keys := r.keys("keys")
	if r.get("key"); r.has("key") {
		keys = append(keys, r.key("key"))
	}
	values := r.several(name)
	switch {
	case len(keys) == 0:
		r.wrong("key", "it is missing: say which task, or with keys which tasks, it is about")
	case len(values) == 0 && name == "condition":
		values = make([]rush.Values, len(keys))
	case len(values) != len(keys):
		r.wrong(name, "expected one for each of the %d keys, found %d", len(keys), len(values))
	}
	return keys, values
}

// several reads the objects in the plural of name, or the one in name itself.
func (r *request) several(name string) []rush.Values {
	plural := name + "s"
	all := r.objects(plural)
	if one := r.object(name); one != nil {
		all = append(all, one)
	}
	return all
}

// condition reads a condition; the members that it does not say are left out.
func (r *request) condition(v rush.Values) *rush.Condition {
	c := rush.DefaultCondition()
	for name, value := range v {
		text, ok := value.(string)
		switch {
		case !ok:
			r.wrong("condition", "%s: expected a text, found %s", name, kind(value))
		case name == "message":
			c.Message = text
		case name == "trace":
			c.Trace = text
		case name == "stderr":
			c.Stderr = text
		case name == "class":
			classes := []string{string(rush.ClassError), string(rush.ClassTimeout), string(rush.ClassCrashed)}
			if !slices.Contains(classes, text) {
				r.wrong("condition", "class: expected %s, found %q", strings.Join(classes, ", "), text)
			}
			c.Class = rush.Class(text)
		default:
			r.wrong("condition", "expected message, class, trace and stderr, found %s", name)
		}
	}
	return c
}

// numbers returns the values with those that are to be numbers as float64: integers,
// and the texts that stand for the numbers that JSON does not have.
func numbers(v rush.Values, isNumber func(name string) bool) rush.Values {
	out := make(rush.Values, len(v))
	for name, value := range v {
		out[name] = value
		if !isNumber(name) {
			continue
		}
		switch value := value.(type) {
		case int64:
			out[name] = float64(value)
		case string:
			if f, ok := nonFinite[value]; ok {
				out[name] = f
			}
		}
	}
	return out
}

var nonFinite = map[string]float64{
	"NaN": math.NaN(), "Infinity": math.Inf(1), "Inf": math.Inf(1), "-Infinity": math.Inf(-1), "-Inf": math.Inf(-1),
}
