package hosted

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
)

// A request is a verb with its members. The methods that read a member note
// what is wrong with it; complete says so.
type request struct {
	verb    string
	members rush.Values
	known   []string
	errs    []error
}

func newRequest(members rush.Values) (*request, error) {
	verb, ok := members["verb"].(string)
	if !ok {
		return nil, fmt.Errorf(`expected {"verb": "NAME", ...}, found %s for the verb`, kind(members["verb"]))
	}
	return &request{verb: verb, members: members, known: []string{"verb"}}, nil
}

// complete says what is wrong with the members that were read, or that there are
// others.
func (r *request) complete() error {
	for name := range r.members {
		if !slices.Contains(r.known, name) {
			r.wrong(name, "it has no such member%s", nearest.Hint(name, r.known[1:]))
		}
	}
	if len(r.errs) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %w", r.verb, errors.Join(r.errs...))
}

func (r *request) wrong(name, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
}

// get returns a member; nil if it is not there.
func (r *request) get(name string) any {
	r.known = append(r.known, name)
	return r.members[name]
}

func (r *request) has(name string) bool { return r.members[name] != nil }

func (r *request) text(name string) string {
	v := r.get(name)
	s, ok := v.(string)
	if v != nil && !ok {
		r.wrong(name, "expected a text, found %s", kind(v))
	}
	return s
}

func (r *request) flag(name string) bool {
	v := r.get(name)
	b, ok := v.(bool)
	if v != nil && !ok {
		r.wrong(name, "expected true or false, found %s", kind(v))
	}
	return b
}

// seconds reads a duration.
func (r *request) seconds(name string, absent time.Duration) time.Duration {
	v := r.get(name)
	f, ok := number(v)
	switch {
	case v == nil:
		return absent
	case !ok || !(f >= 0):
		r.wrong(name, "expected a number of seconds from 0, found %s", kind(v))
		return 0
	}
	return time.Duration(min(f, math.MaxInt64/2e9) * float64(time.Second))
}

// integer reads a number without a fraction; 1.0 is one.
func (r *request) integer(name string, v any) int64 {
	f, ok := number(v)
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		r.wrong(name, "expected an integer, found %s", kind(v))
		return -1
	}
	return int64(f)
}

func (r *request) key(name string) rush.TaskKey {
	return rush.TaskKey(r.integer(name, r.get(name)))
}

// keys reads a list of numbers of tasks, or one alone.
func (r *request) keys(name string) []rush.TaskKey {
	list := r.list(name)
	keys := make([]rush.TaskKey, len(list))
	for i, v := range list {
		keys[i] = rush.TaskKey(r.integer(name, v))
	}
	return keys
}

// list reads a list; anything else is a list of one.
func (r *request) list(name string) []any {
	switch v := r.get(name).(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

func (r *request) texts(name string) []string {
	list := r.list(name)
	texts := make([]string, len(list))
	for i, v := range list {
		var ok bool
		if texts[i], ok = v.(string); !ok {
			r.wrong(name, "expected a list of texts, found %s in it", kind(v))
		}
	}
	return texts
}

func (r *request) object(name string) rush.Values { return r.asObject(name, r.get(name)) }

// objects reads a list of objects.
func (r *request) objects(name string) []rush.Values {
	v := r.get(name)
	list, ok := v.([]any)
	if v != nil && !ok {
		r.wrong(name, "expected a list of objects, found %s", kind(v))
	}
	objects := make([]rush.Values, len(list))
	for i, v := range list {
		objects[i] = r.asObject(name, v)
	}
	return objects
}

// asObject takes [] for {}, which is what some languages write for a list without
// names.
func (r *request) asObject(name string, v any) rush.Values {
	switch v := v.(type) {
	case nil:
		return nil
	case map[string]any:
		return v
	case []any:
		if len(v) == 0 {
			return rush.Values{}
		}
	}
	r.wrong(name, "expected an object, found %s", kind(v))
	return nil
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// kind says what a value is, to people.
func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		if len(v) > 40 {
			v = v[:40] + "..."
		}
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
}
