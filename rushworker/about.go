package rushworker

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/definition"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/table"
)

// described is a source that knows what its network is about.
type described interface {
	Definition(ctx context.Context) (store.Definition, error)
	Budget(ctx context.Context) (rush.Budget, error)
}

// About returns what an exported file says of the network, for
// [table.ExportOptions]: with it the file can be opened like the network itself
// (network.Open, or any command of rush), to read. The definition is there without
// the environments of commands and without the text of the search file. Of an exported
// file it is what the file says; nil if that says nothing.
func (a *Archive) About(ctx context.Context) (*table.About, error) {
	if file, ok := a.src.(interface{ About() *table.About }); ok {
		return file.About(), nil
	}
	src, ok := a.src.(described)
	if !ok {
		return nil, fmt.Errorf("network %s: its source does not say what it is about", a.src.ID())
	}
	def, err := src.Definition(ctx)
	if err != nil {
		return nil, err
	}
	run, err1 := a.src.Run(ctx)
	counts, err2 := a.src.Counts(ctx)
	budget, err3 := src.Budget(ctx)
	body, err4 := definition.Public(def.Body)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, err
	}
	return &table.About{
		Network: a.src.ID(), Definition: body, Version: def.Version, Limit: def.Limit, Reserved: def.Reserved,
		Run:     table.AboutRun{Status: run.Status, Reason: run.Reason, Elapsed: run.Elapsed, Started: run.Started, Ended: run.Ended},
		Deleted: counts.Deleted, Taken: budget.Taken,
	}, nil
}
