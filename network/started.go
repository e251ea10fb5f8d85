package network

import (
	"context"
	"slices"

	"github.com/rushnet/rush"
)

// tell calls Started.
func (w *Workers) tell(id rush.WorkerID, err error) {
	if w.Started != nil {
		w.Started(id, err)
	}
}

// tellAlive calls Started for workers that somebody else starts, as they are
// registered, until rest is called with what came of the start: that is told of
// all others.
func (r *Rush) tellAlive(ctx context.Context, w *Workers) (rest func(error)) {
	if w.Started == nil {
		return func(error) {}
	}
	ctx, cancel := context.WithCancel(ctx)
	left, done := slices.Clone(w.IDs), make(chan struct{})
	go func() {
		defer close(done)
		var seen []rush.WorkerID
		for len(left) > 0 {
			alive, err := r.net.AwaitAlive(ctx, seen, unlimited)
			if err != nil {
				return // who starts them says how it went
			}
			left = slices.DeleteFunc(left, func(id rush.WorkerID) bool {
				began := slices.Contains(alive, id)
				if began {
					w.tell(id, nil)
				}
				return began
			})
			seen = alive
		}
	}()
	return func(err error) {
		cancel()
		<-done
		for _, id := range left {
			w.tell(id, err)
		}
	}
}
