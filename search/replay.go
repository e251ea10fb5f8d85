package search

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/rushworker"
)

// checkRecord says of which loops proposals can be recorded.
func (d *draft) checkRecord() {
	if !d.def.Record || !d.good("record", "loop") {
		return
	}
	switch {
	case !d.def.replays():
		d.blame("record", "only what random_search and the optimizers propose can be recorded; leave it out, or name one of them as the loop")
	case d.def.Task.Replicates > 1:
		d.blame("record", "a recorded search has each point once: leave out task.replicates")
	}
}

// replays reports whether the loop is one whose proposals can be recorded.
func (d *Definition) replays() bool {
	return d.Loop.Name == RandomSearch || d.Loop.Name == Chain || optimizerKind(d.Loop.Name) != nil
}

// ErrNotRecorded says that a search did not record what its proposals saw.
var ErrNotRecorded = errors.New("the search was not recorded: what its proposals saw is kept from the start with record: true in the search file")

// Replay proposes every recorded point again, from what is in the archive alone,
// and compares; see [optimizer.Replay]. It fails with [ErrNotRecorded] when no
// point was recorded. The search may be running, or over.
func (d *Definition) Replay(ctx context.Context, a *rushworker.Archive) (*optimizer.Replayed, error) {
	if !d.replays() {
		return nil, fmt.Errorf("the loop proposes nothing that could be proposed again: %w", ErrNotRecorded)
	}
	made, err := d.makeOptimizer()
	if err != nil {
		return nil, err
	}
	r, err := optimizer.Replay(ctx, a, *d.setting(), made)
	if err == nil && r.Recorded == 0 {
		err = ErrNotRecorded
	}
	return r, err
}
