package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/plugins/hosted"
)

// declareWait is how long a loop's program may take to say what it takes. One that
// takes longer says so to each worker, which checks the arguments then.
const declareWait = 10 * time.Second

// checkLoopCommand asks the program that is the loop what it takes, and checks the
// arguments.
func (d *Definition) checkLoopCommand(ctx context.Context) error {
	declared, err := hosted.Describe(ctx, d.located(*d.Loop.Command), declareWait)
	if errors.Is(err, hosted.ErrNoVerb) {
		return nil
	}
	if err != nil {
		return err
	}
	args, err := declared.Check(rush.Values(d.Loop.Args))
	if err != nil {
		return fmt.Errorf("%s: %w", d.Loop.Command, err)
	}
	d.Loop.Args = Args(args)
	return nil
}
