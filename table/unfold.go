package table

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// A readColumn is a column of a file that is read.
type readColumn struct {
	name string
	// cell returns the value in a row, as package wire knows them. Rows are asked
	// for by ascending number.
	cell func(row int) (any, error)
}

// An unfolder makes records of the columns of a table: what a filler does, the
// other way round.
type unfolder struct {
	fixed  []readColumn            // of all tasks
	values [roleCount][]readColumn // by their names in the task
	rest   *readColumn             // nil if there is none
	// guessed says that the roles of the columns were found by name alone.
	guessed bool
	buf     []byte // scratch
}

func (u *unfolder) add(role Role, c readColumn) {
	i := roleIndex(role)
	u.values[i] = append(u.values[i], c)
}

// ready is called after the last add.
func (u *unfolder) ready() {
	for i := range u.values {
		slices.SortFunc(u.values[i], func(a, b readColumn) int { return cmp.Compare(a.name, b.name) })
	}
}

// record makes the record of a row, as far as the columns that people read say
// it.
func (u *unfolder) record(row int) (r rush.Record, err error) {
	r.Key = rush.TaskKey(row)
	r.State = rush.Finished
	var class, message string
	var failed bool
	for _, c := range u.fixed {
		v, err := c.cell(row)
		if err != nil {
			return r, fmt.Errorf("column %s: %w", c.name, err)
		}
		if v == nil {
			continue
		}
		switch c.name {
		case "condition":
			message, _ = v.(string)
			failed = true
		case "condition_class":
			class, _ = v.(string)
			failed = true
		default:
			err = setFixed(&r, c.name, v)
		}
		if err != nil {
			return r, fmt.Errorf("column %s: %w", c.name, err)
		}
	}
	if failed {
		if r.Condition, err = conditionOf(class, message); err != nil {
			return r, err
		}
	}
	for role := range roles {
		if *roleField(&r, role), err = u.roleValues(role, row); err != nil {
			return r, err
		}
	}
	return r, nil
}

// conditionOf is what readCondition reads.
func conditionOf(class, message string) ([]byte, error) {
	if class == "" {
		class, message, _ = strings.Cut(message, ": ")
	} else if message == class {
		message = ""
	} else {
		message = strings.TrimPrefix(message, class+": ")
	}
	return wire.EncodeCondition(&rush.Condition{Class: rush.Class(class), Message: message})
}

// roleValues makes the map of one role; null is no entry, and no entries are no
// map.
func (u *unfolder) roleValues(role, row int) ([]byte, error) {
	n := uint32(0)
	u.buf = u.buf[:0]
	for _, c := range u.values[role] {
		v, err := c.cell(row)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.name, err)
		}
		if v == nil {
			continue
		}
		n++
		u.buf = msgp.AppendString(u.buf, c.name)
		if u.buf, err = wire.AppendValue(u.buf, v); err != nil {
			return nil, fmt.Errorf("column %s: %w", c.name, err)
		}
	}
	if n == 0 {
		return nil, nil
	}
	out := make([]byte, 0, len(u.buf)+5)
	out = msgp.AppendMapHeader(out, n)
	return append(out, u.buf...), nil
}

// setFixed sets what a fixed column says of a task. Text that CSV and JSON lines
// have for times and lists is read too.
func setFixed(r *rush.Record, name string, v any) (err error) {
	switch name {
	case "number":
		r.Key, err = intOf[rush.TaskKey](v)
		if err == nil && r.Key < 0 {
			err = fmt.Errorf("found %d; expected the number of a task", r.Key)
		}
	case "state":
		s, _ := v.(string)
		if r.State = rush.State(s); !slices.Contains(rush.States(), r.State) {
			err = fmt.Errorf("found %v; expected deferred, queued, running, finished or failed", v)
		}
	case "worker_id":
		r.Worker = rush.WorkerID(fmt.Sprint(v))
	case "attempt":
		r.Attempt, err = intOf[int](v)
	case "seed":
		r.Seed, err = seedOf(v)
	case "created":
		r.Created, err = momentOf(v)
	case "started":
		r.Started, err = momentOf(v)
	case "finished":
		r.Finished, err = momentOf(v)
	case "proposing":
		r.Spent.Proposing, err = secondsOf(v)
	case "waiting":
		r.Spent.Waiting, err = secondsOf(v)
	case "evaluating":
		r.Spent.Evaluating, err = secondsOf(v)
	case "storing":
		r.Spent.Storing, err = secondsOf(v)
	}
	return err
}

func intOf[N ~int | ~int64](v any) (N, error) {
	n, ok := v.(int64)
	if !ok {
		return 0, fmt.Errorf("found %v; expected an integer", v)
	}
	return N(n), nil
}

func seedOf(v any) ([]int32, error) {
	if text, ok := v.(string); ok {
		var seed []int32
		if err := json.Unmarshal([]byte(text), &seed); err != nil {
			return nil, fmt.Errorf("found %q; expected a list of integers", text)
		}
		return seed, nil
	}
	list, ok := v.([]any)
	seed := make([]int32, len(list))
	for i := range list {
		n, isInt := list[i].(int64)
		ok = ok && isInt && n == int64(int32(n))
		seed[i] = int32(n)
	}
	if !ok {
		return nil, fmt.Errorf("found %v; expected a list of integers", v)
	}
	return seed, nil
}

func momentOf(v any) (int64, error) {
	switch v := v.(type) {
	case time.Time:
		return v.UnixMicro(), nil
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return t.UnixMicro(), nil
		}
	}
	return 0, fmt.Errorf("found %v; expected a time", v)
}

func secondsOf(v any) (time.Duration, error) {
	switch v := v.(type) {
	case float64:
		return time.Duration(math.Round(v * 1e9)), nil
	case int64:
		return time.Duration(v) * time.Second, nil
	}
	return 0, fmt.Errorf("found %v; expected seconds", v)
}
