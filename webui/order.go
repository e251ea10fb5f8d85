package webui

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

const (
	// mostBody is the longest body of an action: a hundred thousand points.
	mostBody = 64 << 20
	// mostNumbers is how many tasks a filter may name.
	mostNumbers = 1_000_000
	// mostReason is the longest reason for something.
	mostReason = 16 << 10
)

// An order is what the body of an action may have.
type order struct {
	Filter *Filter `json:"filter"` // which tasks; needed by what is about tasks
	// Expect is how many tasks whoever asks believes to be meant; nothing is done
	// when there are more or less. Null does not care.
	Expect  *int64          `json:"expect"`
	Workers []rush.WorkerID `json:"workers"` // empty are all
	Retry   RetryOptions    `json:"retry"`
	Running bool            `json:"running"` // delete running tasks, too
	Reason  string          `json:"reason"`

	// Confirm is the network's name, for what cannot be taken back.
	Confirm     string `json:"confirm"`
	WithWorkers bool   `json:"with_workers"` // reset: forget the workers, too
	Terminate   bool   `json:"terminate"`    // let workers finish what they run
	AfterMicros int64  `json:"after_us"`     // destroy it so much later

	pushOrder
	workerOrder

	// Number is the task of tell, YS what came out of it, or Fail why nothing did.
	Number *rush.TaskKey `json:"number"`
	YS     values        `json:"ys"`
	Fail   string        `json:"fail"`
	// Progress is how far the task is; null takes it back.
	Progress value `json:"progress"`
}

// A pushOrder says what is pushed.
type pushOrder struct {
	// Format is that of Text, csv or jsonl, or of Bytes, parquet or arrow.
	Format string `json:"format"`
	Text   string `json:"text"`
	Bytes  []byte `json:"bytes"`
	Draw   int    `json:"draw"` // so many from the search space, in place of these
	// Preview checks and shows them, and pushes nothing.
	Preview   bool   `json:"preview"`
	AfterRows string `json:"after_rows"` // the field that says after which rows a row comes

	Queue         string         `json:"queue"`
	Worker        rush.WorkerID  `json:"worker"`
	Extra         values         `json:"extra"`
	MaxRetries    *int           `json:"max_retries"`
	TimeoutMicros int64          `json:"timeout_us"`
	After         []rush.TaskKey `json:"after"`
}

// A workerOrder says what is done with workers, queues and the environment.
type workerOrder struct {
	Command  rush.Command `json:"command"`
	Argument value        `json:"argument"`
	N        int          `json:"n"`
	Queues   []string     `json:"queues"`

	Constants      values            `json:"constants"`
	Variables      map[string]string `json:"variables"`
	UnsetConstants []string          `json:"unset_constants"`
	UnsetVariables []string          `json:"unset_variables"`
}

// A value is any value of package rush: integers stay integers.
type value struct {
	v    any
	size int // of the JSON, in bytes
}

// UnmarshalJSON reads a value.
func (v *value) UnmarshalJSON(b []byte) (err error) {
	v.size = len(b)
	v.v, err = wire.ParseJSON(b)
	return err
}

// values are rush.Values whose integers stay integers.
type values struct {
	all  rush.Values
	size int // of the JSON, in bytes
}

// UnmarshalJSON reads an object.
func (v *values) UnmarshalJSON(b []byte) (err error) {
	if string(b) == "null" {
		return nil
	}
	v.size = len(b)
	v.all, err = wire.ParseJSONObject(b)
	return err
}

// readOrder reads the body of an action.
func readOrder(w http.ResponseWriter, r *http.Request) (*order, error) {
	o := new(order)
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBody))
	dec.DisallowUnknownFields()
	err := dec.Decode(o)
	if err == nil && dec.Decode(&struct{}{}) != io.EOF {
		err = errors.New("something comes after it")
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return o, fmt.Errorf("the request is larger than %d MB; send fewer points at a time: %w", mostBody>>20, err)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return o, badRequest("expected a JSON object that says what to do: %s", shortErr(err))
	}
	if o.Filter != nil {
		return o, o.Filter.check()
	}
	return o, nil
}

// check refuses an order that does not say enough.
func (o *order) check(id rush.NetworkID, name string) error {
	if n := max(len(o.Reason), len(o.Fail)); n > mostReason {
		return badRequest("the reason has %d bytes, and each task gets it; expected at most %d", n, mostReason)
	}
	switch name {
	case "retry", "cancel", "delete", "unqueue":
		if o.Filter == nil {
			return badRequest(`which tasks are meant? Expected a filter, as in {"filter": {"numbers": [17]}}; {"filter": {}} is all`)
		}
	case "reset", "destroy":
		if o.Confirm != string(id) {
			return badRequest("this cannot be taken back: expected confirm to be the network's name, %s, found %s", quoted(string(id)), quoted(o.Confirm))
		}
	}
	return nil
}

// about is what the log says of an order beside the tasks. Values are not part of it:
// they may be secrets.
func (o *order) about() []any {
	var args []any
	add := func(name string, value any, said bool) {
		if said {
			args = append(args, name, value)
		}
	}
	add("workers", listed(o.Workers), len(o.Workers) > 0)
	add("queues", listed(o.Queues), len(o.Queues) > 0)
	add("command", bare(string(o.Command)), o.Command != "")
	add("preview", true, o.Preview)
	if o.Number != nil {
		args = append(args, "number", *o.Number)
	}
	add("after", time.Duration(o.AfterMicros)*time.Microsecond, o.AfterMicros != 0)
	add("with_workers", true, o.WithWorkers)
	add("terminate", true, o.Terminate)
	add("running", true, o.Running)
	add("n", o.N, o.N != 0)
	add("draw", o.Draw, o.Draw != 0)
	add("format", bare(o.Format), o.Format != "")
	add("queue", bare(o.Queue), o.Queue != "")
	add("worker", bare(string(o.Worker)), o.Worker != "")
	var names []string
	for name := range o.Constants.all {
		names = append(names, name)
	}
	for name := range o.Variables {
		name, _, _ = strings.Cut(name, "=") // what comes after it may be a secret that got there
		names = append(names, name)
	}
	slices.Sort(names)
	add("set", listed(names), len(names) > 0)
	unset := slices.Concat(o.UnsetConstants, o.UnsetVariables)
	add("unset", listed(unset), len(unset) > 0)
	return args
}

// listed shows the first of some names, and how many there are.
func listed[T ~string](names []T) string {
	const few = 10
	text, cut := shortened(fmt.Sprintf("%q", names[:min(few, len(names))]), shownText)
	if cut || len(names) > few {
		text += fmt.Sprintf("... (%d)", len(names))
	}
	return text
}
