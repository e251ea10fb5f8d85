package hosted

import (
	"context"
	"fmt"
)

// pushRunning creates tasks that the loop evaluates now.
func (s *lineServer) pushRunning(ctx context.Context, r *request) (reply, error) {
	points, err := s.points(r)
	if err != nil {
		return nil, err
	}
	keys, streams := []any{}, []any{}
	over, err := s.session.Over()
	if err != nil || over != "" {
		return reply{"keys": keys, "seeds": streams, "over": falseOr(over)}, err
	}
	tasks, err := s.session.PushRunning(ctx, points)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		keys, streams = append(keys, int64(t.Key)), append(streams, integers(s.session.w.Stream(t)))
	}
	over, err = s.session.Over()
	return reply{"keys": keys, "seeds": streams, "over": falseOr(over)}, err
}

// push queues tasks for whoever takes them.
func (s *lineServer) push(ctx context.Context, r *request) (reply, error) {
	o := s.session.setting.Problem.Task
	o.Timeout = r.seconds("timeout", o.Timeout)
	o.Queue = r.text("queue")
	if retries := r.get("max_retries"); retries != nil {
		if o.MaxRetries = int(r.integer("max_retries", retries)); o.MaxRetries < 0 {
			r.wrong("max_retries", "expected an integer from 0, found %s", kind(retries))
		}
	}
	points, err := s.points(r)
	if err != nil {
		return nil, err
	}
	for i := range points {
		points[i].Options = &o
	}
	pushed, err := s.session.Push(ctx, points)
	keys := make([]any, len(pushed))
	for i, key := range pushed {
		keys[i] = int64(key)
	}
	return reply{"keys": keys}, err
}

// points reads xss and extras, the last members of a request.
func (s *lineServer) points(r *request) ([]Point, error) {
	xss, extras := r.objects("xss"), r.objects("extras")
	if !r.has("xss") {
		r.wrong("xss", `it is missing; expected a list of points, as in [{"x1": 0.5}]`)
	}
	if len(extras) != 0 && len(extras) != len(xss) {
		r.wrong("extras", "expected one for each of the %d points, found %d", len(xss), len(extras))
	}
	if err := r.complete(); err != nil {
		return nil, err
	}
	points := make([]Point, len(xss))
	for i, xs := range xss {
		points[i].XS = xs
		if len(extras) > 0 {
			points[i].Extra = extras[i]
		}
		if err := s.session.suit(&points[i]); err != nil {
			return nil, fmt.Errorf("point %d of %d: %w", i+1, len(points), err)
		}
	}
	return points, nil
}
