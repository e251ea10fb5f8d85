package webui

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/expression"
	"github.com/rushnet/rush/table"
)

// A Filter says which tasks are meant: those that all of its fields let through.
// The zero value means all.
type Filter struct {
	States []rush.State `json:"state,omitempty"`
	// Where is a condition over the columns of the table, in the language of
	// constraints and dependencies of a search file: "y < 0.5 and kernel == 'rbf'".
	// Times are texts such as 2026-01-31T12:00:00.000000Z. A comparison with a
	// value that is not there is unknown, and only what is true is let through.
	Where   string         `json:"where,omitempty"`
	Numbers []rush.TaskKey `json:"numbers,omitempty"`
	// Condition is why tasks failed: all that the column has, or the id of a
	// group of failures.
	Condition string `json:"condition,omitempty"`
}

// parseFilter reads a filter as JSON; "" lets everything through.
func parseFilter(text string) (Filter, error) {
	var f Filter
	if text == "" {
		return f, nil
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return f, badRequest(`the filter is %s; expected JSON such as {"state": ["failed"], "where": "y < 0.5"}: %v`, quoted(text), shortErr(err))
	}
	return f, f.check()
}

func (f *Filter) check() error {
	if n := len(f.Numbers); n > mostNumbers {
		return badRequest("the filter names %d tasks; expected at most %d: say what they have in common, with where", n, mostNumbers)
	}
	for _, s := range f.States {
		if !slices.Contains(rush.States(), s) {
			return badRequest("the filter names the state %s; expected deferred, queued, running, finished or failed", quoted(string(s)))
		}
	}
	return nil
}

// A match is a task that a filter let through.
type match struct {
	key   rush.TaskKey
	state rush.State
	class string // of its condition
}

// match lists the tasks that a filter lets through, by ascending number.
func (b *hub) match(ctx context.Context, f *Filter) ([]match, error) {
	t, err := b.snapshots.get(true)
	if err != nil {
		return nil, err
	}
	defer t.release()
	in, err := table.NewStreamReader(&spoolReader{spool: t.spool})
	if err != nil {
		return nil, t.why(err)
	}
	defer in.Close()
	s := sieve{filter: f}
	if err := s.compile(in.Columns()); err != nil {
		return nil, err
	}
	err = in.Each(s.columns, func(row rush.Values) error {
		if len(s.found)%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return s.try(row)
	})
	if err != nil {
		return nil, t.why(err)
	}
	slices.SortFunc(s.found, func(a, b match) int { return cmp.Compare(a.key, b.key) })
	return s.found, nil
}

// why returns why the snapshot is not whole, if that is what an error comes from.
func (t *taken) why(err error) error {
	if _, failed := t.state(); failed != nil {
		return failed
	}
	return err
}

// A sieve tries rows.
type sieve struct {
	filter  *Filter
	columns []string
	times   []string // of columns
	where   *expression.Program
	numbers map[rush.TaskKey]bool
	found   []match
}

// compile checks the condition against the columns that there are.
func (s *sieve) compile(columns []table.StreamColumn) error {
	s.columns = []string{"number", "state", "condition_class"}
	if s.filter.Condition != "" {
		s.columns = append(s.columns, "condition")
	}
	if s.filter.Numbers != nil {
		s.numbers = make(map[rush.TaskKey]bool, len(s.filter.Numbers))
		for _, key := range s.filter.Numbers {
			s.numbers[key] = true
		}
	}
	if s.filter.Where == "" {
		return nil
	}
	kinds := map[string]expression.Kind{}
	for _, c := range columns {
		kinds[c.Name] = kindOf(c.Type)
	}
	program, err := expression.Compile(s.filter.Where, kinds, expression.Bool)
	var wrong *expression.Error
	if errors.As(err, &wrong) {
		message := strings.Replace(wrong.Message, "no parameter or function", "no column or function", 1)
		return badRequest("where is %s: %s (at character %d)", quoted(s.filter.Where), message, wrong.Offset+1)
	}
	if err != nil {
		return badRequest("where is %s: %v", quoted(s.filter.Where), err)
	}
	s.where = program
	for _, c := range columns {
		if slices.Contains(program.Names(), c.Name) {
			s.columns = append(s.columns, c.Name)
			if c.Type == table.Time {
				s.times = append(s.times, c.Name)
			}
		}
	}
	return nil
}

func kindOf(t table.Type) expression.Kind {
	switch t {
	case table.Bool:
		return expression.Bool
	case table.Int64:
		return expression.Integer
	case table.Float64:
		return expression.Number
	case table.String, table.Time:
		return expression.Text
	}
	return expression.Any
}

// try notes a row if the filter lets it through.
func (s *sieve) try(row rush.Values) error {
	key, _ := row["number"].(int64)
	state, _ := row["state"].(string)
	class, _ := row["condition_class"].(string)
	f := s.filter
	if s.numbers != nil && !s.numbers[rush.TaskKey(key)] || len(f.States) > 0 && !slices.Contains(f.States, rush.State(state)) {
		return nil
	}
	if text, _ := row["condition"].(string); f.Condition != "" && text != f.Condition && groupID(text) != f.Condition {
		return nil
	}
	if s.where != nil {
		for _, name := range s.times {
			if at, ok := row[name].(time.Time); ok {
				row[name] = moment(at)
			}
		}
		truth, err := s.where.Truth(present(row))
		if err != nil {
			return badRequest("where is %s: for task %d: %v", quoted(f.Where), key, err)
		}
		if truth != expression.True {
			return nil
		}
	}
	// the texts are part of a batch, which is not to be kept for them
	s.found = append(s.found, match{rush.TaskKey(key), rush.State(strings.Clone(state)), strings.Clone(class)})
	return nil
}

// present takes the values out that are null: a name without a value is unknown.
func present(row rush.Values) rush.Values {
	for name, v := range row {
		if v == nil {
			delete(row, name)
		}
	}
	return row
}

// groupID names a group of failures, however long their message is.
func groupID(condition string) string {
	sum := sha256.Sum256([]byte(condition))
	return "sha256:" + hex.EncodeToString(sum[:12])
}

func keysOf(matches []match) []rush.TaskKey {
	keys := make([]rush.TaskKey, len(matches))
	for i, m := range matches {
		keys[i] = m.key
	}
	return keys
}
