package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/rushworker"
)

// askStep bounds one blocking wait for a task, so that the client beats and the
// terminators are looked at in between.
const askStep = 5 * time.Second

// An Asked is what there was to evaluate.
type Asked struct {
	// Tasks are running now and held by the client; fewer than were asked for
	// if there were no more.
	Tasks []*rush.Task
	// Over says why no more will come: the run was stopped, or all is done. It
	// is empty while more may come.
	Over string
}

// Ask takes up to n tasks: queued ones first, else points that the network's
// loop proposes. It waits up to wait for the first one, if there is none. A
// client that dies before it has told anybody of them holds them still; see
// Held.
func (c *Client) Ask(ctx context.Context, n int, wait time.Duration) (Asked, error) {
	c.turn.Lock()
	defer c.turn.Unlock()
	var got Asked
	if c.left {
		return Asked{Over: c.w.StopReason()}, nil
	}
	deadline := time.Now().Add(wait)
	for len(got.Tasks) < n {
		if err := c.beat(ctx); err != nil {
			if got.Over = c.endedBy(ctx, err); got.Over != "" {
				err = nil
			}
			return got, err
		}
		if err := c.terminate(ctx); err != nil {
			return got, err
		}
		left := min(askStep, time.Until(deadline))
		if len(got.Tasks) > 0 {
			left = 0
		}
		turn, err := c.take(ctx, max(0, left))
		if err != nil {
			return got, err
		}
		if turn.Task != nil {
			got.Tasks = append(got.Tasks, turn.Task)
		}
		if turn.Task != nil || turn.Rejected { // its claim was gone: it was lost, and joined again
			continue
		}
		if got.Over = c.over(turn); got.Over != "" {
			if turn.Stop != "" {
				break
			}
			if err := c.endRun(ctx, got.Over); err != nil {
				return got, err
			}
			break
		}
		if left <= 0 {
			break
		}
	}
	return got, c.leaveIfAsked(ctx)
}

// take pops a task, or claims a number and creates the task that the loop
// proposes for it. A client that dies in between keeps the number until it ends.
func (c *Client) take(ctx context.Context, wait time.Duration) (rushworker.Turn, error) {
	proposer, proposes := c.loop.(loops.Proposer)
	turn, err := c.w.Next(ctx, rushworker.Step{Pop: true, Claim: proposes, Wait: wait, Idle: !c.ends()})
	if err != nil || turn.Claimed == rush.NoTask {
		return turn, err
	}
	began := time.Now()
	xs, extra, err := proposer.Propose(ctx, c.w, turn.Claimed)
	if errors.Is(err, loops.ErrExhausted) {
		turn.Stop = err.Error()
		return turn, c.w.StopNetwork(ctx, rush.RunDone, turn.Stop)
	}
	if err != nil {
		return turn, fmt.Errorf("propose task %d of network %s: %w", turn.Claimed, c.net.ID(), err)
	}
	return c.w.Next(ctx, rushworker.Step{Propose: &rushworker.Proposal{
		Key: turn.Claimed, XS: xs, Extra: extra, Options: c.p.Task, Proposing: time.Since(began),
	}})
}

// ends reports whether the run is over once nothing is left to evaluate.
func (c *Client) ends() bool { return c.def != nil && c.def.Loop.Name != Queue }

// over says why no more tasks will come; empty if some may.
func (c *Client) over(turn rushworker.Turn) string {
	switch {
	case turn.Stop != "":
		return turn.Stop
	case !turn.Drained || !c.ends():
		return ""
	case turn.Exhausted:
		return fmt.Sprintf("evals: %d tasks have finished or failed", c.def.Limit())
	}
	return "all tasks have finished or failed"
}

// terminate stops the network if one of the search's terminators holds.
func (c *Client) terminate(ctx context.Context) error {
	for _, t := range c.p.Terminators {
		check, err := t.Start(ctx, c.w)
		if err != nil {
			return err
		}
		if reason := check.Check(nil); reason != "" {
			if err := c.w.StopNetwork(ctx, rush.RunDone, reason); err != nil {
				return err
			}
			return c.endRun(ctx, reason)
		}
	}
	return nil
}

// endRun marks the run as done, unless there are workers whose manager does. Other
// clients that hold nothing are none.
func (c *Client) endRun(ctx context.Context, reason string) error {
	workers, err := c.w.Workers(ctx)
	if err != nil {
		return err
	}
	for _, w := range workers {
		if w.State.Alive() && (w.Loop != clientLoop || len(w.Running) > 0) && w.ID != c.w.ID() {
			return nil
		}
	}
	_, err = c.net.EndRun(ctx, rush.RunDone, reason)
	return err
}
