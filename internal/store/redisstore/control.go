package redisstore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// words turns the name of a script into those of a sentence.
func words(verb string) string { return strings.ReplaceAll(verb, "_", " ") }

// Define stores the definition; see store.Control.
func (n *network) Define(ctx context.Context, def store.Definition) (int64, error) {
	args := []any{def.Version, def.Body, def.Limit, def.Reserved}
	var r *reply
	var err error
	if def.Version == 0 {
		r, err = n.create(ctx, "define", args...)
	} else {
		r, err = n.call(ctx, "define", append([]any{0}, args...)...)
	}
	if err != nil {
		return 0, err
	}
	version := r.int()
	return version, n.wrap("define", r.finish())
}

// Definition returns the definition; see store.Control.
func (n *network) Definition(ctx context.Context) (store.Definition, error) {
	r, err := n.call(ctx, "definition")
	if err != nil {
		return store.Definition{}, err
	}
	r.array()
	def := store.Definition{Version: r.int(), Body: r.bytes(), Limit: r.int(), Reserved: r.int()}
	return def, n.wrap("definition", r.finish())
}

// BeginRun marks the run as running; see store.Control.
func (n *network) BeginRun(ctx context.Context) (rush.Run, error) {
	return n.run(ctx, "begin_run", newNonce())
}

// Run returns the state of the run; see store.Control.
func (n *network) Run(ctx context.Context) (rush.Run, error) { return n.run(ctx, "run") }

// RequestStop asks every worker to end; see store.Control.
func (n *network) RequestStop(ctx context.Context, status rush.RunStatus, reason string) error {
	_, err := n.call(ctx, "request_stop", string(status), reason)
	return err
}

// EndRun marks the run as ended; see store.Control.
func (n *network) EndRun(ctx context.Context, status rush.RunStatus, reason string) (rush.Run, error) {
	return n.run(ctx, "end_run", string(status), reason)
}

// run calls a verb that returns the run.
func (n *network) run(ctx context.Context, verb string, args ...any) (rush.Run, error) {
	r, err := n.call(ctx, verb, args...)
	if err != nil {
		return rush.Run{}, err
	}
	run := readRun(r)
	return run, n.wrap(verb, r.finish())
}

func readRun(r *reply) rush.Run {
	r.array()
	return rush.Run{
		Status: rush.RunStatus(r.string()), Reason: r.string(), Elapsed: time.Duration(r.int()) * time.Microsecond,
		Started: wire.Time(r.int()), Ended: wire.Time(r.int()),
	}
}

// Reset begins a new epoch; see store.Control. The tasks of the old one are
// gone for everybody in one step; their memory is freed afterwards.
func (n *network) Reset(ctx context.Context, workers bool) error {
	if _, err := n.call(ctx, "reset", newNonce(), flag(workers)); err != nil {
		return err
	}
	id, err := n.resolve(ctx)
	if err == nil {
		err = n.store.empty(ctx, id)
	}
	if errors.Is(err, rush.ErrNoNetwork) {
		return nil // destroyed meanwhile
	}
	return n.wrap("reset", err)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
