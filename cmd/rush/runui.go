package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/rushnet/rush"
)

// withPage serves the page while f runs, and afterwards until an interrupt: what was
// found is to be looked at. The interrupts that come while f runs are its own.
func (a *app) withPage(ctx context.Context, url string, id rush.NetworkID, flags uiFlags, f func() error) error {
	p, err := a.openPage(ctx, url, flags, nil)
	if err != nil {
		return err
	}
	defer p.store.Close()
	p.network = id
	serving, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- p.server.Serve(serving) }()
	p.announce(ctx)
	ended := f()
	if ended == nil {
		a.tell("the page stays until Ctrl-C")
		waiting, done := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		defer done()
		select {
		case <-waiting.Done():
		case err := <-served:
			return err
		}
	}
	stop()
	return errors.Join(ended, <-served)
}
