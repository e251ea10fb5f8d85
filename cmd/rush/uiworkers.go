package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/webui"
)

// starter is what starts workers for the page; nil where nothing can be changed.
func (p *page) starter() func(context.Context, webui.WorkerStart) ([]rush.WorkerID, error) {
	if p.flags.readOnly || network.IsFile(p.url) {
		return nil
	}
	return p.startWorkers
}

// startWorkers does what rush worker --detach does: they outlive the page.
func (p *page) startWorkers(ctx context.Context, w webui.WorkerStart) (ids []rush.WorkerID, err error) {
	url, err := network.ResolveStore(p.url)
	if err != nil {
		return nil, err
	}
	net, err := network.Open(ctx, network.Config{Store: url, Network: w.Network, IgnoreSchema: p.app.ignoreSchema, Log: p.app.log()})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, net.Close()) }()
	def, err := p.app.showObjective(ctx, net, "", "")
	if err != nil {
		return nil, err
	}
	if err := goesOn(ctx, net); err != nil {
		return nil, err
	}
	flags := workerFlags{n: w.N, queues: w.Queues}
	workers, err := flags.workers(ctx, net, def)
	if err != nil {
		return nil, err
	}
	workers.Detach, workers.N = true, numberOfWorkers(workers.N)
	return net.StartWorkers(ctx, workers)
}

// goesOn refuses a run that is over or was stopped: workers would end at once.
func goesOn(ctx context.Context, net *network.Rush) error {
	run, err := net.Run(ctx)
	if err != nil {
		return err
	}
	if run.Status == rush.RunRunning || run.Status == rush.RunNew {
		return nil
	}
	return fmt.Errorf("the run of network %s is %s, and workers would end at once; go on with: rush run FILE --network %s --resume", net.ID(), run.Status, net.ID())
}
