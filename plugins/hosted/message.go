package hosted

import (
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/plugins/proto"
)

// handout is the message for what was handed out.
func (s *hostServer) handout(h Handout) (m *proto.Handout, err error) {
	m = &proto.Handout{}
	switch {
	case h.Task != nil:
		m.Task, err = s.task(h.Task)
	case h.Key != rush.NoTask:
		m.Claim = &proto.Claim{Key: int64(h.Key), RngStream: h.Stream[:], Rng: h.Stream.Int31()}
	default:
		m.Over, err = s.session.Over()
	}
	return m, err
}

func (s *hostServer) task(t *rush.Task) (m *proto.Task, err error) {
	stream := s.session.w.Stream(t)
	m = &proto.Task{
		Key: int64(t.Key), Attempt: int32(t.Attempt), RngStream: stream[:], Rng: stream.Int31(), TimeoutUs: t.Timeout.Microseconds(),
	}
	if m.Xs, err = wire.AppendMap(nil, t.XS); err == nil {
		m.Extra, err = wire.Encode(t.XSExtra)
	}
	return m, err
}

// outcomeMessage is the message for how an evaluation ended.
func outcomeMessage(o Outcome) (m *proto.Outcome, err error) {
	m = &proto.Outcome{Key: int64(o.Key)}
	if o.Condition != nil {
		m.Condition, err = wire.EncodeCondition(o.Condition)
		return m, err
	}
	if m.Ys, err = wire.AppendMap(nil, o.YS); err == nil {
		m.Extra, err = wire.Encode(o.Extra)
	}
	return m, err
}

// outcome reads how a task ended.
func (s *hostServer) outcome(m *proto.Outcome) (Outcome, error) {
	key := rush.TaskKey(m.GetKey())
	if len(m.GetCondition()) > 0 {
		given, err := readMap("condition", m.Condition)
		if err == nil {
			var c *rush.Condition
			if c, err = readCondition(given); err == nil {
				return Outcome{Key: key, Condition: c}, nil
			}
		}
		return Outcome{}, fmt.Errorf("fail task %d: %w", key, err)
	}
	ys, err := readMap("ys", m.GetYs())
	if err != nil {
		return Outcome{}, fmt.Errorf("finish task %d: %w", key, err)
	}
	extra, err := readMap("extra", m.GetExtra())
	if err != nil {
		return Outcome{}, fmt.Errorf("finish task %d: %w", key, err)
	}
	return s.session.finished(key, ys, extra)
}

// readCondition reads a condition as a program gives it.
func readCondition(given rush.Values) (*rush.Condition, error) {
	r := &request{}
	c := r.condition(given)
	return c, errors.Join(r.errs...)
}

func (s *hostServer) points(ms []*proto.Point) ([]Point, error) {
	points := make([]Point, len(ms))
	for i, m := range ms {
		var err error
		if points[i], err = s.point(m); err != nil {
			return nil, fmt.Errorf("point %d of %d: %w", i+1, len(ms), err)
		}
	}
	return points, nil
}

func (s *hostServer) point(m *proto.Point) (p Point, err error) {
	if len(m.GetXs()) == 0 {
		return p, errors.New("xs: it is missing; expected a MessagePack map from names to values")
	}
	if p.XS, err = readMap("xs", m.Xs); err != nil {
		return p, err
	}
	if p.Extra, err = readMap("extra", m.Extra); err != nil {
		return p, err
	}
	return p, s.session.suit(&p)
}

func readMap(name string, b []byte) (rush.Values, error) {
	v, err := wire.Decode(b)
	if err != nil {
		return nil, fmt.Errorf("%s: expected a MessagePack map from names to values: %w", name, err)
	}
	return v, nil
}
