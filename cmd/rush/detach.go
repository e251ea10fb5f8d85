package main

import (
	"context"

	"github.com/rushnet/rush/network"
)

// detach starts workers that outlive this command and the terminal.
func (a *app) detach(ctx context.Context, net *network.Rush, w network.Workers) error {
	w.Detach = true
	ids, err := a.startShown(ctx, net, w)
	if err != nil {
		return err
	}
	for _, id := range ids {
		a.printf("%s\n", id)
	}
	log, err := network.DetachLog(net.ID(), ids[0])
	if err != nil {
		return err
	}
	a.tell("detached: they print to %s; rush stop --network %s ends the workers", log, net.ID())
	return nil
}
