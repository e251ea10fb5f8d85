package plugins

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"google.golang.org/grpc"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/proto"
)

// evaluatorReports are the reports of an objective in a process of its own: each
// goes to the worker, which replies.
type evaluatorReports struct {
	out    *evaluatorEvents
	stream grpc.BidiStreamingServer[proto.EvaluateMessage, proto.EvaluateEvent]

	mu      sync.Mutex
	last    int64                         // the id of the last question
	waiting map[int64]chan<- *proto.Reply // by id; nil before the first question
	err     error                         // no reply will come any more, and why
}

var _ loops.Reporter = (*evaluatorReports)(nil)

// Report implements loops.Reporter.
func (r *evaluatorReports) Report(ctx context.Context, step int64, ys rush.Values) (bool, error) {
	b, err := wire.AppendMap(nil, ys)
	if err == nil {
		err = fits(b)
	}
	if err != nil {
		return false, fmt.Errorf("report of step %d: %w", step, err)
	}
	stop, err := r.ask(ctx, func(id int64) *proto.EvaluateEvent {
		return &proto.EvaluateEvent{Event: &proto.EvaluateEvent_Report{Report: &proto.Report{Id: id, Step: step, Ys: b}}}
	})
	if err != nil {
		return stop, fmt.Errorf("report of step %d: %w", step, err)
	}
	return stop, nil
}

// ShouldStop implements loops.Reporter.
func (r *evaluatorReports) ShouldStop(ctx context.Context) (bool, error) {
	return r.ask(ctx, func(id int64) *proto.EvaluateEvent {
		return &proto.EvaluateEvent{Event: &proto.EvaluateEvent_Ask{Ask: &proto.Ask{Id: id}}}
	})
}

// ask sends what event makes and waits for the reply.
func (r *evaluatorReports) ask(ctx context.Context, event func(id int64) *proto.EvaluateEvent) (bool, error) {
	replies := make(chan *proto.Reply, 1)
	id, err := r.expect(replies)
	if err != nil {
		return false, err
	}
	defer r.forget(id)
	if err := r.out.send(event(id)); err != nil {
		return false, err
	}
	select {
	case reply := <-replies:
		switch {
		case reply == nil:
			return false, r.failure()
		case reply.Error != "":
			return reply.Stop, errors.New(reply.Error)
		}
		return reply.Stop, nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// expect registers who waits for a reply, and has replies read from the first
// question on: most objectives ask none.
func (r *evaluatorReports) expect(replies chan<- *proto.Reply) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return 0, r.err
	}
	if r.waiting == nil {
		r.waiting = map[int64]chan<- *proto.Reply{}
		go r.read() // ends with the call
	}
	r.last++
	r.waiting[r.last] = replies
	return r.last, nil
}

func (r *evaluatorReports) forget(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waiting, id)
}

func (r *evaluatorReports) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// read hands on the replies until the call is over.
func (r *evaluatorReports) read() {
	for {
		m, err := r.stream.Recv()
		r.mu.Lock()
		if err != nil {
			r.err = fmt.Errorf("the worker replies no more: %w", err)
			for id, replies := range r.waiting {
				delete(r.waiting, id)
				close(replies)
			}
			r.mu.Unlock()
			return
		}
		if reply := m.GetReply(); reply != nil && r.waiting[reply.Id] != nil {
			r.waiting[reply.Id] <- reply
			delete(r.waiting, reply.Id)
		}
		r.mu.Unlock()
	}
}

// A question is what a process asks its worker during an evaluation.
type question interface{ GetId() int64 }

// reply answers a report, or the question whether to stop.
func reply(ctx context.Context, q question, e *loops.Evaluation) *proto.Reply {
	var stop bool
	var err error
	switch q := q.(type) {
	case *proto.Report:
		var ys rush.Values
		if ys, err = wire.Decode(q.Ys); err == nil {
			stop, err = e.Report(ctx, q.Step, ys)
		}
	case *proto.Ask:
		stop = e.ShouldStop(ctx)
	}
	a := &proto.Reply{Id: q.GetId(), Stop: stop}
	if err != nil {
		a.Error = err.Error()
	}
	return a
}
