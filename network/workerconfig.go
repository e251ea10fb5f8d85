package network

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/envname"
	"github.com/rushnet/rush/internal/wire"
)

// configPrefix is that of the documents that are configurations of workers.
const configPrefix = "config:"

// A WorkerConfig is a configuration of workers that a network keeps under a
// name, so that workers on any machine are started alike. Zero fields say
// nothing.
type WorkerConfig struct {
	Loop      string      `json:"loop,omitempty"`
	Objective string      `json:"objective,omitempty"`
	Args      rush.Values `json:"-"` // of the loop
	Constants rush.Values `json:"-"` // of the objective
	Env       []string    `json:"env,omitempty"`
	Queues    []string    `json:"queues,omitempty"`
	Heartbeat Period      `json:"heartbeat,omitempty"`
	Expiry    Period      `json:"expiry,omitempty"`
	LogLevel  *slog.Level `json:"log_level,omitempty"` // nil says nothing
	// IdleTimeout and Grace are those of Workers.
	IdleTimeout Period `json:"idle_timeout,omitempty"`
	Grace       Period `json:"grace,omitempty"`
}

// A Period is a duration, as text in JSON.
type Period time.Duration

// MarshalText writes the duration as in 1m30s.
func (p Period) MarshalText() ([]byte, error) { return []byte(time.Duration(p).String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Period) UnmarshalText(b []byte) error {
	d, err := time.ParseDuration(string(b))
	*p = Period(d)
	return err
}

// storedConfig is a configuration as it is stored: the values keep their types.
type storedConfig struct {
	WorkerConfig
	Args      []byte `json:"args,omitempty"`
	Constants []byte `json:"constants,omitempty"`
}

func (c *WorkerConfig) check() error {
	for what, d := range map[string]Period{"heartbeat": c.Heartbeat, "expiry": c.Expiry, "idle timeout": c.IdleTimeout, "grace": c.Grace} {
		if d < 0 {
			return fmt.Errorf("the %s is %v; expected 0 or more", what, time.Duration(d))
		}
	}
	for _, v := range c.Env {
		name, _, both := strings.Cut(v, "=")
		if err := envname.Form(name); err != nil {
			return err
		}
		if !both || strings.Contains(v, "\x00") {
			return fmt.Errorf("the environment variable %s has no text without NUL characters; expected NAME=VALUE", name)
		}
	}
	if c.Heartbeat > 0 && c.Expiry > 0 && c.Expiry <= c.Heartbeat {
		return fmt.Errorf("the heartbeat's expiry (%v) must be longer than its period (%v)", time.Duration(c.Expiry), time.Duration(c.Heartbeat))
	}
	return nil
}

// SaveWorkerConfig keeps a configuration under a name. Without overwrite it
// fails with rush.ErrExists when there is another one of that name.
func (r *Rush) SaveWorkerConfig(ctx context.Context, name string, c WorkerConfig, overwrite bool) error {
	err := errors.Join(rush.WorkerID(name).Validate(), c.check())
	stored := storedConfig{WorkerConfig: c}
	if err == nil {
		stored.Args, err = wire.Encode(c.Args)
	}
	if err == nil {
		stored.Constants, err = wire.Encode(c.Constants)
	}
	var body []byte
	if err == nil {
		body, err = json.Marshal(stored)
	}
	if err == nil {
		err = r.net.PutDocument(ctx, configPrefix+name, body, overwrite)
	}
	if err != nil {
		return fmt.Errorf("save worker configuration %s of network %s: %w", name, r.id, err)
	}
	return nil
}

// WorkerConfigs lists the names of the network's configurations.
func (r *Rush) WorkerConfigs(ctx context.Context) ([]string, error) {
	names, err := r.net.DocumentNames(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the worker configurations of network %s: %w", r.id, err)
	}
	names = slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, configPrefix) })
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], configPrefix)
	}
	return names, nil
}

// WorkerConfig returns the configuration of that name, waiting up to wait for
// somebody to save it. It fails with rush.ErrTimeout if there is none by then.
func (r *Rush) WorkerConfig(ctx context.Context, name string, wait time.Duration) (WorkerConfig, error) {
	body, found, err := r.net.Document(ctx, configPrefix+name, wait)
	if err == nil && !found {
		names, _ := r.WorkerConfigs(ctx)
		err = fmt.Errorf("there is none after %v; the network has %s: %w", wait, strings.Join(append(names, "no other"), ", "), rush.ErrTimeout)
	}
	var stored storedConfig
	if err == nil {
		err = json.Unmarshal(body, &stored)
	}
	c := stored.WorkerConfig
	if err == nil {
		c.Args, err = wire.Decode(stored.Args)
	}
	if err == nil {
		c.Constants, err = wire.Decode(stored.Constants)
	}
	if err != nil {
		return WorkerConfig{}, fmt.Errorf("read worker configuration %s of network %s: %w", name, r.id, err)
	}
	return c, nil
}

// DeleteWorkerConfig deletes a configuration, and says whether there was one.
func (r *Rush) DeleteWorkerConfig(ctx context.Context, name string) (bool, error) {
	deleted, err := r.net.DeleteDocument(ctx, configPrefix+name)
	if err != nil {
		return false, fmt.Errorf("delete worker configuration %s of network %s: %w", name, r.id, err)
	}
	return deleted, nil
}

// Apply fills in what w leaves open.
func (c WorkerConfig) Apply(w *Workers) {
	or(&w.Loop, c.Loop)
	or(&w.Objective, c.Objective)
	or(&w.Heartbeat, time.Duration(c.Heartbeat))
	or(&w.Expiry, time.Duration(c.Expiry))
	or(&w.IdleTimeout, time.Duration(c.IdleTimeout))
	or(&w.Grace, time.Duration(c.Grace))
	w.Env = append(slices.Clone(c.Env), w.Env...)
	if len(w.Queues) == 0 {
		w.Queues = slices.Clone(c.Queues)
	}
	w.Args, w.Constants = under(c.Args, w.Args), under(c.Constants, w.Constants)
	if c.LogLevel != nil && w.LogLevel == nil {
		w.LogLevel = *c.LogLevel
	}
}

func or[T comparable](to *T, value T) {
	var zero T
	if *to == zero {
		*to = value
	}
}

// under returns the values, with those of top in place of those below.
func under(below, top rush.Values) rush.Values {
	if len(below) == 0 {
		return top
	}
	out := rush.Values{}
	for _, values := range []rush.Values{below, top} {
		for name, v := range values {
			out[name] = v
		}
	}
	return out
}
