package network

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/loops"
)

// A Definition is what a network is about.
type Definition struct {
	Version int64  // counted by the store; 0 is none yet
	Body    []byte // a JSON object; its member "seed" has the network's seed
	// Limit is the budget: how many tasks may be started in all, retries not
	// counted. 0 or less is no limit.
	Limit int64
	// Reserved numbers, from 0, belong to the rows of a design.
	Reserved int64
}

// Definition returns what the network is about. A network that was only
// opened has a definition with nothing but its seed.
func (r *Rush) Definition(ctx context.Context) (Definition, error) {
	def, err := r.net.Definition(ctx)
	if err != nil {
		return Definition{}, fmt.Errorf("read the definition of network %s: %w", r.id, err)
	}
	return Definition(def), nil
}

// Define stores what the network is about, in place of the version that def
// says; it fails with rush.ErrChanged when another one is stored by now.
// Workers read it when they start; a raised limit counts at once.
func (r *Rush) Define(ctx context.Context, def Definition) error {
	if _, err := r.net.Define(ctx, store.Definition(def)); err != nil {
		return fmt.Errorf("define network %s: %w", r.id, err)
	}
	return nil
}

// SetLimit sets the budget: how many tasks may be started in all, retries not
// counted; 0 is no limit. A raised limit counts at once.
func (r *Rush) SetLimit(ctx context.Context, n int64) error {
	for {
		def, err := r.Definition(ctx)
		if err != nil {
			return err
		}
		def.Limit = n
		if err = r.Define(ctx, def); !errors.Is(err, rush.ErrChanged) {
			return err
		}
	}
}

// Budget returns the limit on how many tasks may be started in all, and how
// much of it is used up.
func (r *Rush) Budget(ctx context.Context) (rush.Budget, error) {
	b, err := r.net.Budget(ctx)
	if err != nil {
		return b, fmt.Errorf("read the budget of network %s: %w", r.id, err)
	}
	return b, nil
}

// BeginRun marks the network's run as running and takes an earlier stop back;
// see rush.Run. A run that is going on already is joined.
func (r *Rush) BeginRun(ctx context.Context) (rush.Run, error) {
	run, err := r.net.BeginRun(ctx)
	if err != nil {
		return run, fmt.Errorf("begin the run of network %s: %w", r.id, err)
	}
	return run, nil
}

// RequestStop asks every worker, wherever it is, to finish what it runs and
// end. The run will have ended with the status and the reason; the first
// request stays.
func (r *Rush) RequestStop(ctx context.Context, status rush.RunStatus, reason string) error {
	r.mu.Lock()
	r.ending = true
	r.mu.Unlock()
	if err := r.net.RequestStop(ctx, status, reason); err != nil {
		return fmt.Errorf("stop network %s: %w", r.id, err)
	}
	return nil
}

// EndRun marks the run as ended: as the first stop request said, if there was
// one, else with the status and the reason given. When it is done, the tasks'
// checkpoints are deleted; see [loops.Evaluation.SaveCheckpoint].
func (r *Rush) EndRun(ctx context.Context, status rush.RunStatus, reason string) (rush.Run, error) {
	run, err := r.net.EndRun(ctx, status, reason)
	if err != nil {
		return run, fmt.Errorf("end the run of network %s: %w", r.id, err)
	}
	if run.Status == rush.RunDone {
		if err := loops.DropCheckpoints(ctx, r.Archive); err != nil {
			r.log.LogAttrs(ctx, slog.LevelWarn, "the tasks' checkpoints could not be deleted", slog.Any("error", err))
		}
	}
	return run, nil
}

// Audit tests the invariants that hold on every network at every moment, and
// returns a sentence for each violation; none if all is well.
func (r *Rush) Audit(ctx context.Context) ([]string, error) {
	a, err := r.net.Audit(ctx)
	if errors.Is(err, rush.ErrNoNetwork) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("audit network %s: %w", r.id, err)
	}
	var found []string
	for _, v := range store.Check(a) {
		found = append(found, v.String())
	}
	return found, nil
}
