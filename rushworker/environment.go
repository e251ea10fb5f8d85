package rushworker

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/environment"
)

// An Environment has the named values that a network keeps for its workers:
// network.Rush.SetEnvironment sets them. A worker reads them when it is opened
// and at each message REFRESH, between two tasks, before the functions of
// OnRefresh are called. They come before what the worker was started with: the
// search's constants, network.Workers.Constants and Env.
type Environment struct {
	// Constants are given to objectives beside xs.
	Constants rush.Values
	// Variables are environment variables of worker processes and of what they
	// start. Workers in the process of their manager leave its variables alone.
	Variables map[string]string
}

// Environment returns the network's named values as they are now; a worker may
// have yet to read them.
func (a *Archive) Environment(ctx context.Context) (Environment, error) {
	docs, err := a.src.ReadDocuments(ctx, environment.Prefix)
	var e Environment
	if err == nil {
		e.Constants, e.Variables, err = environment.Decode(docs)
	}
	if err != nil {
		return Environment{}, fmt.Errorf("network %s: read the environment: %w", a.src.ID(), err)
	}
	return e, nil
}

// Constants returns those of the network's environment, as they were when the
// worker was opened or refreshed last. They are shared, and not to be changed.
func (w *Worker) Constants() rush.Values { return w.environment().Constants }

// Variables returns those of the network's environment, like Constants.
func (w *Worker) Variables() map[string]string { return w.environment().Variables }

func (w *Worker) environment() Environment {
	if e := w.env.Load(); e != nil {
		return *e
	}
	return Environment{}
}

// readEnvironment makes the network's environment the worker's.
func (w *Worker) readEnvironment(ctx context.Context) error {
	return w.patiently(ctx, "read the environment", func() error {
		e, err := w.Environment(ctx)
		if err == nil {
			w.env.Store(&e)
		}
		return err
	})
}
