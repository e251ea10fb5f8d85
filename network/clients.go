package network

import (
	"context"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// endClients ends those of the workers that are clients, for which no process
// obeys a signal: killed ones at once, the others unless they hold tasks. Those
// end when they have reported on the last one.
func (r *Rush) endClients(ctx context.Context, s rush.Signal, ids []rush.WorkerID) error {
	list, err := r.net.List(ctx)
	if err != nil {
		return err
	}
	for _, w := range list {
		if !w.Client() || !w.State.Alive() || !slices.Contains(ids, w.ID) || s != rush.SignalKill && len(w.Running) > 0 {
			continue
		}
		end := store.WorkerEnd{ID: w.ID, State: rush.WorkerTerminated, Reason: "the client was asked to " + string(s)}
		if s == rush.SignalKill {
			end.State = rush.WorkerKilled
		}
		end.Condition, err = wire.EncodeCondition(&rush.Condition{Class: rush.ClassKilled, Message: "the client that held the task was killed"})
		if err != nil {
			return err
		}
		if _, err := r.net.EndWorker(ctx, end); err != nil {
			return fmt.Errorf("end client %s: %w", w.ID, err)
		}
	}
	return nil
}
