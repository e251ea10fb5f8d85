package loops

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

var errNoObjective = errors.New("there is no objective: the loop scores its points itself")

// Try scores one point outside of any network, as [Problem.Evaluate] scores a
// task: with the problem's objective, constants and timeout, and with every way
// in which an objective can go wrong told by a Condition. Of e, XS and Stream
// are needed; the rest may be what a worker would say.
func (p *Problem) Try(ctx context.Context, e Evaluation) rushworker.Result {
	e.Constants = p.Constants
	if e.Log == nil {
		e.Log = slog.New(slog.DiscardHandler)
	}
	if e.Options.Timeout == 0 {
		e.Options.Timeout = p.Task.Timeout
	}
	call := p.limited
	if e.Options.Timeout == 0 {
		call = safely
	}
	reports := &Reports{log: e.Log}
	if e.Reporter == nil {
		e.Reporter = reports
	}
	r := rushworker.Result{Key: e.Task, Attempt: e.Attempt}
	began := time.Now()
	var out rush.Values
	var changed rush.Values
	err := errNoObjective
	if p.Objective != nil {
		err = nil
		if p.Space.Transforms() {
			e.XS, changed, err = p.transformed(e.XS)
		}
		if err == nil {
			out, err = call(ctx, p.Objective, &e)
		}
	}
	r.Spent.Evaluating = time.Since(began)
	if err == nil {
		r.YS, r.Extra, err = p.Codomain.Split(reports.outputs(out))
		r.Extra = with(r.Extra, changed)
	}
	if err != nil {
		r.YS, r.Condition = nil, condition(err)
	}
	return r
}
