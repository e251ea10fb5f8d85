package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// StartOptions are for [Start]. The zero value begins a new search.
type StartOptions struct {
	// Resume goes on with a network that has tasks.
	Resume bool
	// Version of rush, stored with the network for people to see.
	Version string
}

// A Started is what [Start] began.
type Started struct {
	// Definition is what the network was defined with: the file's, with the
	// network's seed.
	Definition *Definition
	// Changed are the limits and the like that a resume changed.
	Changed []string
	// Rows is how many tasks of a grid or a design there are to evaluate; 0 for
	// other loops.
	Rows int64
	// Known is how many finished tasks there are of points that were known before.
	Known int64
	Run   rush.Run
}

// A HasTasksError says that a network has tasks of a search already.
type HasTasksError struct {
	Network rush.NetworkID
	Counts  rush.Counts
}

// Error names the two ways to go on.
func (e *HasTasksError) Error() string {
	return fmt.Sprintf("network %s has %d tasks already (%d finished, %d failed): --resume goes on with them, --fresh keeps them under another name and begins anew",
		e.Network, e.Counts.Total(), e.Counts.Finished, e.Counts.Failed)
}

// A ChangedError says that a search cannot go on, because it is another one now.
type ChangedError struct {
	Network rush.NetworkID
	Refused []string // how it differs, a sentence each
}

// Error lists the differences.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("network %s cannot go on with a search that has changed:\n  %s\nput it back as it was, or begin anew with --fresh, which keeps the old network under another name",
		e.Network, strings.Join(e.Refused, "\n  "))
}

// Start begins a search in a network, or goes on with it: it stores the
// definition, creates the tasks of initial points, of a grid or a design and of known points, and
// marks the run as running. Workers are to be started afterwards, with the loop [LoopName].
//
// A network that has tasks is refused with a *[HasTasksError] unless it is to be
// resumed, and then with a *[ChangedError] if the search is not the one that it
// was begun with. Starting the same search again changes nothing.
func Start(ctx context.Context, net *network.Rush, def *Definition, opts StartOptions) (*Started, error) {
	s, err := define(ctx, net, def, opts)
	if err != nil {
		return nil, err
	}
	n, row, err := s.Definition.Design()
	if err != nil {
		return nil, fmt.Errorf("start the search of network %s: %w", net.ID(), err)
	}
	if s.Definition.Loop.Name == GridSearch || s.Definition.Loop.Design != nil {
		s.Rows = n
	}
	if n > 0 {
		if err := net.PushDesign(ctx, n, row); err != nil {
			return nil, err
		}
	}
	if s.Known, err = s.Definition.warm(ctx, net); err != nil {
		return nil, err
	}
	s.Run, err = net.BeginRun(ctx)
	return s, err
}

// maxTries is how often the definition is compared and stored before it is given
// up because others keep changing it.
const maxTries = 5

func define(ctx context.Context, net *network.Rush, def *Definition, opts StartOptions) (*Started, error) {
	for try := 1; ; try++ {
		stored, err := net.Definition(ctx)
		if err != nil {
			return nil, err
		}
		s, err := compareStored(ctx, net, stored.Body, def, opts)
		if err != nil {
			return nil, err
		}
		if stored.Body, err = json.Marshal(s.Definition); err != nil {
			return nil, fmt.Errorf("start the search of network %s: %w", net.ID(), err)
		}
		stored.Limit, stored.Reserved = def.Limit(), s.Definition.Reserved()
		err = net.Define(ctx, stored)
		if err == nil || !errors.Is(err, rush.ErrChanged) || try == maxTries {
			return s, err
		}
	}
}

// compareStored decides whether a search may begin, or go on, in the network,
// and completes its definition.
func compareStored(ctx context.Context, net *network.Rush, body []byte, def *Definition, opts StartOptions) (*Started, error) {
	counts, err := net.Counts(ctx)
	if err != nil {
		return nil, err
	}
	complete := *def
	complete.Version = opts.Version
	s := &Started{Definition: &complete}
	old, err := ParseDefinition(body)
	if err != nil && !errors.Is(err, ErrNoSearch) {
		return nil, err
	}
	changes := Changes{}
	if err == nil {
		if counts.Total() > 0 {
			complete.keepLoop(old)
		}
		changes = Diff(old, &complete)
	}
	if counts.Total() == 0 {
		return s, s.begin(ctx, net, changes)
	}
	switch {
	case !opts.Resume:
		return nil, &HasTasksError{net.ID(), counts}
	case err != nil:
		return nil, fmt.Errorf("network %s has %d tasks, and %w: use another network, or --fresh, which keeps them under another name", net.ID(), counts.Total(), err)
	case len(changes.Refused) > 0:
		return nil, &ChangedError{net.ID(), changes.Refused}
	}
	complete.Seed, s.Changed = old.Seed, changes.Allowed
	return s, nil
}

// begin completes the definition of a network that has no tasks. One whose
// workers are at work on another search is left alone.
func (s *Started) begin(ctx context.Context, net *network.Rush, changes Changes) error {
	if len(changes.Refused) > 0 {
		workers, err := net.Workers(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(workers, func(w rush.Worker) bool { return w.State.Alive() }) {
			return &ChangedError{net.ID(), changes.Refused}
		}
	}
	if s.Definition.Seed == nil {
		seed := net.Seed()
		s.Definition.Seed = &seed
	}
	return nil
}
