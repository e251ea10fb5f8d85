package store

import (
	"context"

	"github.com/rushnet/rush"
)

// Control is what is set once for the whole network, and its run.
type Control interface {
	// Define stores the definition if the stored one has the version that the
	// given one says (0: there is none yet, which creates the network), and
	// returns the new version, which is one more. ErrChanged when another
	// version is stored; storing the same again (Body, Limit and Reserved) as
	// it already is changes nothing and returns its version.
	Define(ctx context.Context, def Definition) (version int64, err error)

	// Definition returns the stored definition, with its version. A network
	// that was only registered to has version 0 and an empty body.
	Definition(ctx context.Context) (Definition, error)

	// BeginRun marks the run as running. The time of an earlier leg is added
	// to Elapsed: up to its EndRun or, if it ended without one, up to the last
	// sign of life (a beat or an ending). If the run is running and alive (a
	// live worker beats) this leg joins it and nothing changes. It also takes
	// a stop request back.
	BeginRun(ctx context.Context) (rush.Run, error)

	// Run returns the state of the run; Elapsed includes the current leg, up
	// to now.
	Run(ctx context.Context) (rush.Run, error)

	// RequestStop asks every worker to finish what it runs and end: from now
	// on Next hands nothing out and says why. The first reason stays, with
	// the status that the run will have when it ends.
	RequestStop(ctx context.Context, status rush.RunStatus, reason string) error

	// EndRun marks a running run as ended, with the status and reason of the
	// first stop request, if there was one, else those given. Ending one that
	// does not run changes nothing.
	EndRun(ctx context.Context, status rush.RunStatus, reason string) (rush.Run, error)

	// Reset deletes all tasks, the log of endings, claims and counters, and
	// with workers also all worker records; raises the epoch. The definition
	// stays, and with it Reserved; the run is new. Readers see all or
	// nothing.
	Reset(ctx context.Context, workers bool) error

	// Audit reads everything that the invariants speak of, for Check. What
	// cannot be read, such as a task without a state, is in it as found.
	Audit(ctx context.Context) (*Audit, error)

	// Repair mends what a crash of the machine or a hand in the database left
	// behind, and says what it did, a sentence each. The tasks' own records
	// are believed: indexes, counters and the log of endings are made to agree
	// with them; a record without a readable state is removed; what runs on a
	// worker that is not alive is queued again or fails as lost. Afterwards
	// Check finds nothing. A sound network is not changed, and nothing said.
	// It is one step, safe while workers work, but all of them wait for it:
	// it reads every task, which takes 5 to 8 µs for each on Redis and 2 µs in
	// a file, most of a second for 100,000 tasks. When the log of endings had to be
	// written anew the epoch is raised.
	Repair(ctx context.Context) ([]string, error)
}

// A Definition is what a network is about. The store reads Limit and Reserved;
// Body is the business of package search.
type Definition struct {
	Version int64
	Body    []byte
	// Limit is the budget: how many tasks may be taken in all. A task is
	// taken when it starts for the first time, or when its number is claimed;
	// retries take nothing. 0 or less is no limit.
	Limit int64
	// Reserved numbers, from 0, belong to the rows of a design: automatic
	// numbering begins after them. Reserving fewer later does not bring the
	// next number back, and callers do not reserve more once a number was
	// handed out.
	Reserved int64
}
