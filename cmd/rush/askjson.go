package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
)

// appendTask appends a task that was asked for as a JSON object.
func appendTask(b []byte, c *search.Client, task *rush.Task, constants rush.Values) ([]byte, error) {
	b = fmt.Appendf(b, `{"task":%d,"attempt":%d,"xs":`, task.Key, task.Attempt)
	b, err := wire.AppendJSON(b, map[string]any(task.XS))
	if err != nil {
		return b, err
	}
	domain, err := c.Domain(task)
	if err != nil {
		return b, fmt.Errorf("task %d: %w", task.Key, err)
	}
	for _, more := range []struct {
		name   string
		values rush.Values
	}{{"x_domain", domain}, {"extra", task.XSExtra}, {"constants", constants}} {
		if len(more.values) > 0 {
			b = fmt.Appendf(b, `,"%s":`, more.name)
			if b, err = wire.AppendJSON(b, map[string]any(more.values)); err != nil {
				return b, err
			}
		}
	}
	if task.Timeout > 0 {
		b = fmt.Appendf(b, `,"timeout":%g`, task.Timeout.Seconds())
	}
	stream := c.Stream(task)
	integers, err := json.Marshal(stream)
	return fmt.Appendf(b, `,"seed":%d,"rng_stream":%s}`, stream.Int31(), integers), err
}

// constantsOf reads what every evaluation is given beside the inputs.
func constantsOf(ctx context.Context, net *network.Rush) (rush.Values, error) {
	def, err := readDefinition(ctx, net)
	if err != nil || def == nil {
		return nil, err
	}
	return def.Constants, nil
}

// A told is a result as a JSON object. What a line of "rush ask" has is
// accepted, so that such a line with ys added is a result.
type told struct {
	Task    *rush.TaskKey   `json:"task"`
	Attempt int             `json:"attempt"`
	YS      json.RawMessage `json:"ys"`
	Fail    *string         `json:"fail"`

	XS        json.RawMessage `json:"xs"`
	XDomain   json.RawMessage `json:"x_domain"`
	Extra     json.RawMessage `json:"extra"`
	Constants json.RawMessage `json:"constants"`
	Timeout   json.RawMessage `json:"timeout"`
	Seed      json.RawMessage `json:"seed"`
	Stream    json.RawMessage `json:"rng_stream"`
}

const toldExample = `expected an object such as {"task": 0, "ys": {"y": 1.5}} or {"task": 0, "fail": "it broke"}`

// parseTold reads one result.
func parseTold(b []byte) (rushworker.Result, error) {
	var t told
	dec := json.NewDecoder(bytes.NewReader(wire.QuoteNonFinite(b)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&t); err != nil {
		return rushworker.Result{}, fmt.Errorf("%w; %s", err, toldExample)
	}
	switch {
	case t.Task == nil:
		return rushworker.Result{}, errors.New("it names no task; " + toldExample)
	case (t.YS == nil) == (t.Fail == nil):
		return rushworker.Result{}, fmt.Errorf("task %d: %s", *t.Task, toldExample)
	case t.Fail != nil:
		return rushworker.Result{Key: *t.Task, Attempt: t.Attempt, Condition: failure(*t.Fail)}, nil
	}
	ys, err := wire.ParseJSONObject(t.YS)
	if err != nil {
		return rushworker.Result{}, fmt.Errorf("task %d: ys: %w", *t.Task, err)
	}
	return rushworker.Result{Key: *t.Task, Attempt: t.Attempt, YS: ys}, nil
}

func failure(message string) *rush.Condition {
	if message == "" {
		return rush.DefaultCondition()
	}
	return &rush.Condition{Class: rush.ClassError, Message: message}
}
