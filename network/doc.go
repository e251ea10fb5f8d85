// Package network is the manager's side: it opens a network in a store,
// starts and supervises workers, pushes tasks and collects results.
//
//	net, err := network.Open(ctx, network.Config{Network: "test"})
//	defer net.Close()
//	_, err = net.StartWorkers(ctx, network.Workers{N: 2})
//	keys, err := net.Push(ctx, rush.Values{"x1": 3, "x2": 5}, rush.Values{"x1": 4, "x2": 6})
//	_, err = net.Wait(ctx, keys...)
//	tasks, err := net.Tasks(ctx, keys...)
//
// A program whose workers are to run its own functions calls Serve first thing
// in main; plugins.Serve will do if none of them are to outlive it.
package network
