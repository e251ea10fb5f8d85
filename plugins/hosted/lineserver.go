package hosted

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/plugins/jsonlines"
)

// A lineServer answers the verbs of a program that talks JSON lines, each with one
// line.
type lineServer struct {
	session *Session
	dir     string          // what names of files are relative to
	gone    <-chan struct{} // closed when the program has ended
	spoken  bool            // a verb was called
	holds   atomic.Int64    // the key of the only task that it holds, or rush.NoTask
}

// errGone is why a verb is given up that the program waits for no more.
var errGone = errors.New("the loop's program has ended")

// serve answers until the program has no more to say.
func (s *lineServer) serve(ctx context.Context, program *jsonlines.Conn) error {
	for {
		members, err := program.Receive(ctx)
		if errors.Is(err, jsonlines.ErrClosed) {
			return nil
		}
		var answer reply
		if err == nil {
			answer, err = s.answer(ctx, members)
		}
		if err != nil && (ctx.Err() != nil || errors.Is(err, rush.ErrLost)) {
			return err // no verb can do anything any more
		}
		line, err := answer.line(err)
		if err != nil {
			return err
		}
		if err := program.Send(ctx, line); err != nil && !errors.Is(err, jsonlines.ErrClosed) {
			return err
		}
	}
}

// answer carries out one verb.
func (s *lineServer) answer(ctx context.Context, members rush.Values) (reply, error) {
	defer func() { s.spoken = true; s.holds.Store(int64(s.session.only())) }()
	r, err := newRequest(members)
	if err != nil {
		return nil, err
	}
	for _, v := range verbs() {
		if v.name == r.verb {
			return v.do(s, ctx, r)
		}
	}
	return nil, fmt.Errorf("there is no verb %s%s; there are %s", r.verb, nearest.Hint(r.verb, verbNames()), strings.Join(verbNames(), ", "))
}

// while returns a context for what is of no use once the program has ended. What it
// delivers is not given up: it may have ended right after it.
func (s *lineServer) while(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		select {
		case <-s.gone:
			cancel(errGone)
		case <-ended:
		}
	}()
	return ctx, func() { close(ended); cancel(nil) }
}

// only is the task that the loop holds, if it holds just one.
func (s *Session) only() rush.TaskKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.held) == 1 {
		for key := range s.held {
			return key
		}
	}
	return rush.NoTask
}
