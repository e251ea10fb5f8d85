package webui

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
)

const (
	// answerPatience is how long an answer waits for those of the workers.
	answerPatience = 3 * time.Second
	// mostStarted is how many workers are started at a time.
	mostStarted = 256
)

// commands are what people may tell workers.
var commands = []rush.Command{
	rush.CommandPing, rush.CommandEcho, rush.CommandInfo, rush.CommandTimeoutGet, rush.CommandTimeoutSet,
	rush.CommandPause, rush.CommandResume, rush.CommandRefresh, rush.CommandStop, rush.CommandEval,
}

// An answered is what a worker answered to a message.
type answered struct {
	Worker  rush.WorkerID `json:"worker"`
	Value   any           `json:"value"`
	Error   string        `json:"error,omitempty"`
	Pending bool          `json:"pending,omitempty"` // it has not answered yet
}

// messageWorkers tells workers something, and says what they answer.
func messageWorkers(ctx context.Context, b *hub, o *order) (*result, error) {
	if !slices.Contains(commands, o.Command) {
		var names []string
		for _, c := range commands {
			names = append(names, string(c))
		}
		return nil, badRequest("the command is %s; expected one of %s", quoted(string(o.Command)), strings.Join(names, ", "))
	}
	got, err := b.net.Message(ctx, answerPatience, o.Command, o.Argument.v, o.Workers...)
	if err != nil {
		return nil, err
	}
	res := new(result)
	for _, r := range got {
		line := answered{Worker: r.Worker, Value: plain(r.Value), Pending: r.Pending}
		if r.Err != nil {
			line.Error = r.Err.Error()
			res.Refused = append(res.Refused, refusal{Worker: r.Worker, Why: line.Error})
		} else {
			res.Done++
		}
		res.Pending = res.Pending || r.Pending
		res.Workers = append(res.Workers, r.Worker)
		res.Answers = append(res.Answers, line)
	}
	return res, nil
}

// forgetWorkers forgets workers that have ended.
func forgetWorkers(ctx context.Context, b *hub, o *order) (*result, error) {
	got, err := b.net.DeleteWorkers(ctx, o.Workers...)
	if err != nil {
		return nil, err
	}
	return &result{Done: len(got), Workers: notNil(got)}, nil
}

// startWorkers starts workers where the server runs.
func startWorkers(ctx context.Context, b *hub, o *order) (*result, error) {
	if b.cfg.StartWorkers == nil {
		return nil, &httpError{status: http.StatusForbidden, message: "this server starts no workers; start them with: rush worker --network '" + string(b.id) + "'"}
	}
	if o.N < 0 || o.N > mostStarted {
		return nil, badRequest("n is %d; expected 1 to %d workers, or 0 for one for each core", o.N, mostStarted)
	}
	select {
	case b.starting <- struct{}{}:
		defer func() { <-b.starting }()
	default:
		return nil, &httpError{status: http.StatusConflict, message: "workers are being started already; wait until they are there, and look whether that is enough"}
	}
	if err := b.sameName(ctx); err != nil {
		return nil, err
	}
	got, err := b.cfg.StartWorkers(ctx, WorkerStart{Network: b.id, N: o.N, Queues: o.Queues})
	if err != nil {
		return nil, &httpError{status: http.StatusUnprocessableEntity, message: "no workers were started: " + err.Error()}
	}
	return &result{Done: len(got), Workers: notNil(got)}, nil
}

// refresh has workers that run read the environment anew; nobody there is fine.
func (b *hub) refresh(ctx context.Context) (*result, error) {
	got, err := b.net.Message(ctx, answerPatience, rush.CommandRefresh, nil)
	if errors.Is(err, rush.ErrNoWorker) {
		return &result{Message: "workers that start read it"}, nil
	}
	if err != nil {
		return nil, err
	}
	res := new(result)
	for _, r := range got {
		res.Workers = append(res.Workers, r.Worker)
		switch {
		case r.Err != nil:
			res.Refused = append(res.Refused, refusal{Worker: r.Worker, Why: r.Err.Error()})
		case r.Pending:
			res.Pending, res.Message = true, "some read it when the task that they run has ended"
		default:
			res.Done++
		}
	}
	return res, nil
}
