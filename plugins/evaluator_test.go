package plugins

import (
	"context"
	"testing"
	"testing/synctest"

	"google.golang.org/grpc"

	"github.com/rushnet/rush/plugins/proto"
)

// An answered is what an evaluator answers on; then is called in the moment
// between an answer and the end of its call.
type answered struct {
	grpc.ServerStream
	ctx  context.Context
	req  *proto.EvaluateRequest
	then func()
}

func (a answered) Context() context.Context { return a.ctx }

func (a answered) Recv() (*proto.EvaluateMessage, error) {
	return &proto.EvaluateMessage{Message: &proto.EvaluateMessage_Request{Request: a.req}}, nil
}

func (a answered) Send(*proto.EvaluateEvent) error {
	a.then()
	return nil
}

// The next task is often there before the process is quite done with the last:
// a worker sends it as soon as it has the answer. It waits for its turn.
func TestATaskThatComesBeforeTheLastIsOverIsEvaluated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newEvaluatorServer(t.Context(), Program{}, newStarter())
		s.streams.Do(func() {}) // the test keeps its own
		var order []string
		next := make(chan error, 1)
		evaluate := func(name string, then func()) error {
			return s.Evaluate(answered{ctx: t.Context(), req: &proto.EvaluateRequest{Xs: []byte("no xs")}, then: func() {
				order = append(order, name)
				then()
			}})
		}
		err := evaluate("first", func() {
			go func() { next <- evaluate("second", func() {}) }()
			synctest.Wait() // until it has its turn, was turned away, or waits
			order = append(order, "over")
		})
		if err != nil {
			t.Error(err)
		}
		if err := <-next; err != nil {
			t.Errorf("the next task was turned away: %v", err)
		}
		if len(order) != 3 || order[1] != "over" || order[2] != "second" {
			t.Errorf("the order is %q; expected the second task after the first is over", order)
		}
	})
}

// A task that is cancelled while it waits for its turn does not get it.
func TestATaskThatIsCancelledDoesNotWaitForItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newEvaluatorServer(t.Context(), Program{}, newStarter())
		s.turn <- struct{}{} // another task has it
		ctx, cancel := context.WithCancel(t.Context())
		next := make(chan error, 1)
		go func() { next <- s.Evaluate(answered{ctx: ctx, req: &proto.EvaluateRequest{}}) }()
		synctest.Wait()
		cancel()
		if err := <-next; err != context.Canceled {
			t.Errorf("found %v, expected %v", err, context.Canceled)
		}
	})
}
