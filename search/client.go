package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// A ClientConfig says who asks and tells. The zero value is a client of this
// process.
type ClientConfig struct {
	// ID names the client; default: a new name. Clients of one ID are one: what
	// one asked for another may tell.
	ID rush.WorkerID
	// Lasting says that the client outlives this process: whoever opens it by
	// its ID goes on with the tasks that it holds. Nobody beats for it, but
	// each Ask and Tell does. A client that is not lasting beats by itself,
	// and gives back what it holds when it is closed.
	Lasting bool
	// Expiry is how long without a beat until the client counts as lost, and
	// its tasks are queued again or fail; by default an hour for a lasting
	// client, three seconds for any other. That of a client that is alive
	// does not change.
	Expiry  time.Duration
	Version string       // of the program, for people to see
	Log     *slog.Logger // default: discards
}

// A Client takes part in a network without a loop: a person or a script asks
// for points, evaluates them in whatever way, and tells what came out. To the
// network it is a worker, with all that follows: its tasks are running, count
// against the budget, and are given to others when it is lost. Nobody enforces
// their timeouts. Its methods may be called from several goroutines; Ask and
// Tell take turns.
type Client struct {
	net   *network.Rush
	w     *rushworker.Worker
	def   *Definition    // nil if the network was not made from a search file
	p     *loops.Problem // without an objective
	loop  loops.Loop
	lasts bool

	stopBeating context.CancelFunc // nil for a lasting client
	beating     sync.WaitGroup

	turn sync.Mutex // held by Ask and Tell; guards left
	left bool       // the worker has ended
}

// clientLoop is what the list of workers shows as a client's loop.
const clientLoop = "ask"

// OpenClient registers a client in the network, or joins a lasting one that is
// alive. It has to be closed before the network is.
func OpenClient(ctx context.Context, net *network.Rush, cfg ClientConfig) (*Client, error) {
	c := &Client{net: net, lasts: cfg.Lasting}
	if err := c.read(ctx); err != nil {
		return nil, err
	}
	wc := rushworker.Config{
		ID: cfg.ID, Loop: clientLoop, Client: true, Expiry: cfg.Expiry, Version: cfg.Version, Log: cfg.Log,
	}
	if wc.Expiry == 0 && !cfg.Lasting {
		wc.Expiry = 3 * rushworker.DefaultHeartbeat
	}
	var err error
	if c.w, err = net.OpenWorker(ctx, wc); err != nil {
		return nil, err
	}
	if err := c.beat(ctx); err != nil {
		return nil, errors.Join(err, c.w.Detach())
	}
	if !cfg.Lasting {
		c.startBeating(ctx, wc.Expiry/3)
	}
	return c, nil
}

// read learns what the network is about.
func (c *Client) read(ctx context.Context) error {
	stored, err := c.net.Definition(ctx)
	if err != nil {
		return err
	}
	c.def, err = ParseDefinition(stored.Body)
	if errors.Is(err, ErrNoSearch) {
		c.def, c.p = nil, &loops.Problem{}
		c.loop = &loops.Queue{Problem: c.p}
		return nil
	}
	if err != nil {
		return err
	}
	c.p = &loops.Problem{Codomain: c.def.Codomain, Task: c.def.Task.options(), Terminators: c.def.terminators()}
	c.loop, err = c.def.MakeLoop(c.p)
	return err
}

// ID returns the client's name, which is that of its worker.
func (c *Client) ID() rush.WorkerID { return c.w.ID() }

// Domain returns what is to be evaluated for a task where the space has trafos:
// its point after them. It is nil where there are none: its XS are.
func (c *Client) Domain(task *rush.Task) (rush.Values, error) {
	if c.def == nil || !c.def.Space.Transforms() || task.Function != "" {
		return nil, nil
	}
	return c.def.Space.Domain(task.XS)
}

// Stream is the random-number stream of a task, for its evaluation; see
// rushworker.Worker.Stream.
func (c *Client) Stream(task *rush.Task) seeds.Stream { return c.w.Stream(task) }

// Held returns the tasks that the client has asked for and not yet told about.
func (c *Client) Held(ctx context.Context) ([]*rush.Task, error) {
	workers, err := c.w.Workers(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range workers {
		if w.ID == c.w.ID() && len(w.Running) > 0 {
			return c.w.Tasks(ctx, w.Running...)
		}
	}
	return nil, nil
}

// Close closes the client's connection. A lasting client stays; any other ends,
// and what it holds is queued again or fails as lost.
func (c *Client) Close(ctx context.Context) error {
	if c.stopBeating != nil {
		c.stopBeating()
		c.beating.Wait()
	}
	c.turn.Lock()
	defer c.turn.Unlock()
	switch {
	case c.left:
		return nil
	case c.lasts:
		return c.w.Detach()
	}
	c.left = true
	return c.w.Close(ctx, "the client was closed")
}

// beat shows that the client is there, and gives others the tasks of workers
// that are not.
func (c *Client) beat(ctx context.Context) error {
	if err := c.beatOnly(ctx); err != nil {
		return err
	}
	return c.sweep(ctx)
}

func (c *Client) beatOnly(ctx context.Context) error {
	if _, err := c.w.Beat(ctx); err != nil {
		return fmt.Errorf("client %s of network %s: %w", c.w.ID(), c.net.ID(), err)
	}
	return nil
}

// sweep may wait for seconds for workers that seem to be lost.
func (c *Client) sweep(ctx context.Context) error {
	_, err := c.w.Sweep(ctx)
	return err
}

// endedBy says why somebody ended the client, if that is what err means.
func (c *Client) endedBy(ctx context.Context, err error) string {
	if !errors.Is(err, rush.ErrLost) {
		return ""
	}
	workers, err := c.w.Workers(ctx)
	if err != nil {
		return ""
	}
	for _, w := range workers {
		if w.ID == c.w.ID() && (w.State == rush.WorkerTerminated || w.State == rush.WorkerKilled) {
			return w.Reason
		}
	}
	return ""
}

// startBeating beats, and sweeps, until the client is closed. A beat that fails
// is followed by the next one.
func (c *Client) startBeating(ctx context.Context, every time.Duration) {
	ctx, c.stopBeating = context.WithCancel(context.WithoutCancel(ctx))
	c.beating.Go(func() { c.often(ctx, every, "a beat failed", c.beatOnly) })
	c.beating.Go(func() { c.often(ctx, every, "a sweep failed", c.sweep) }) // no beat waits for it
}

// often calls a function until ctx ends.
func (c *Client) often(ctx context.Context, every time.Duration, failed string, call func(context.Context) error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := call(ctx); err != nil && ctx.Err() == nil {
			c.w.Log().Warn(failed, "error", err)
		}
	}
}

// leaveIfAsked ends a client that was told to end, once it holds nothing.
func (c *Client) leaveIfAsked(ctx context.Context) error {
	if c.left || !c.w.Terminated() {
		return nil
	}
	held, err := c.Held(ctx)
	if err != nil || len(held) > 0 {
		return err
	}
	c.left = true
	return c.w.Close(ctx, c.w.StopReason())
}
