package network

import (
	"context"
	"fmt"
	"os"

	"github.com/rushnet/rush/internal/detached"
	"github.com/rushnet/rush/plugins"
)

// Serve is plugins.Serve of a program that starts detached workers: it also
// runs the process that looks after them, which is this program once more.
// Call it first thing in main. It returns at once if the process was started
// as neither; otherwise it exits when the worker, or the last of the detached
// workers, has ended.
func Serve(p plugins.Program) { ServeContext(context.Background(), p) }

// ServeContext is Serve with a context; see plugins.ServeContext.
func ServeContext(ctx context.Context, p plugins.Program) {
	if !detached.Hosting() {
		plugins.ServeContext(ctx, p)
		return
	}
	if err := serveHost(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
