package command

import (
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
)

const (
	variablePrefix = "RUSH_X_"
	namePrefix     = "rush." // of the placeholders that are not values
	maxVariable    = 32 << 10
)

// A fact is what a process is told beside the values.
type fact struct {
	name     string // in placeholders, after namePrefix
	variable string
	value    func(e *loops.Evaluation, o *Objective, dir string) string
}

func facts() []fact {
	return []fact{
		{"network", "RUSH_NETWORK", func(e *loops.Evaluation, _ *Objective, _ string) string { return string(e.Network) }},
		{"worker", "RUSH_WORKER_ID", func(e *loops.Evaluation, _ *Objective, _ string) string { return string(e.Worker) }},
		{"task", "RUSH_TASK", func(e *loops.Evaluation, _ *Objective, _ string) string { return e.Task.String() }},
		{"attempt", "RUSH_ATTEMPT", func(e *loops.Evaluation, _ *Objective, _ string) string { return strconv.Itoa(e.Attempt) }},
		{"seed", "RUSH_SEED", func(e *loops.Evaluation, _ *Objective, _ string) string { return strconv.Itoa(int(e.Stream.Int31())) }},
		{"rng_stream", "RUSH_RNG_STREAM", func(e *loops.Evaluation, _ *Objective, _ string) string { return e.Stream.String() }},
		{"base", "RUSH_BASE", func(_ *loops.Evaluation, o *Objective, _ string) string { return o.base }},
		{"dir", "RUSH_DIR", func(_ *loops.Evaluation, _ *Objective, dir string) string { return dir }},
	}
}

// inputs returns the xs and the constants as one.
func inputs(e *loops.Evaluation) (rush.Values, error) {
	all := make(rush.Values, len(e.XS)+len(e.Constants))
	for name, v := range e.Constants {
		all[name] = v
	}
	for name, v := range e.XS {
		if _, ok := e.Constants[name]; ok {
			return nil, twice(name)
		}
		all[name] = v
	}
	return all, nil
}

func twice(name string) error {
	return fmt.Errorf("%s is both a parameter and a constant: rename one of them", name)
}

// variables returns the environment variable of each value, and each value as a
// text.
func variables(values rush.Values) (vars []string, texts scope, err error) {
	texts = make(scope, len(values))
	names := sortedNames(values)
	if err := checkVariables(names); err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		s, err := scalar(values[name])
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		texts[name] = s
		if len(s) <= maxVariable {
			vars = append(vars, variable(name)+"="+s)
		}
	}
	return vars, texts, nil
}

// variable is the name of a value's environment variable.
func variable(name string) string {
	return variablePrefix + strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
}

// checkVariables refuses names that cannot be told apart, in the environment or
// in placeholders.
func checkVariables(names []string) error {
	owner := make(map[string]string, len(names))
	for _, name := range names {
		if strings.HasPrefix(name, namePrefix) {
			return fmt.Errorf("the name %s begins with %s, as rush's own placeholders do: rename it", name, namePrefix)
		}
		v := variable(name)
		if runtime.GOOS == "windows" {
			v = strings.ToUpper(v)
		}
		if other, ok := owner[v]; ok {
			return fmt.Errorf("%s and %s would be the same environment variable, %s: rename one of them", other, name, v)
		}
		owner[v] = name
	}
	return nil
}

// scalar is a value as a text: a text as it is, everything else as JSON, without
// the quotes that JSON puts around times, bytes and what is no finite number.
func scalar(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	b, err := wire.AppendJSON(nil, v)
	if err != nil {
		return "", err
	}
	if b[0] != '"' {
		return string(b), nil
	}
	var s string
	err = json.Unmarshal(b, &s)
	return s, err
}

// stdin is the values as a line of JSON.
func stdin(values rush.Values) ([]byte, error) {
	b, err := wire.AppendJSON(nil, values)
	return append(b, '\n'), err
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
