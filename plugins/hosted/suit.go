package hosted

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// A Greeting says where a loop is, and what it works on.
type Greeting struct {
	Network   rush.NetworkID
	Worker    rush.WorkerID
	Args      rush.Values     // of the loop
	Constants rush.Values     // of the search, and of the network's environment
	Space     json.RawMessage // as JSON; see package space
	Codomain  loops.Codomain
	// Stream is the worker's own stream of random numbers: it depends on the
	// network's seed and the worker's id, and is no task's.
	Stream seeds.Stream
}

// Hello says what the loop works on.
func (s *Session) Hello() (Greeting, error) {
	sp, err := json.Marshal(s.setting.Space)
	if err != nil {
		return Greeting{}, err
	}
	constants := maps.Clone(plain(s.setting.Problem.Constants))
	maps.Copy(constants, s.w.Constants())
	return Greeting{
		Network: s.w.Network(), Worker: s.w.ID(), Args: s.setting.Args, Constants: constants,
		Space: sp, Codomain: s.setting.Problem.Codomain, Stream: s.stream(),
	}, nil
}

func (s *Session) stream() seeds.Stream {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s.w.ID()))
	return s.w.Proposer(rush.TaskKey(1<<40 + int64(h.Sum32())))
}

// suit gives the inputs the types of the space: an integer that is a dbl becomes a
// float64.
func (s *Session) suit(p *Point) error {
	if p.XS == nil {
		return errors.New(`xs: it is missing; expected an object, as in {"x1": 0.5}`)
	}
	p.XS = numbers(p.XS, func(name string) bool {
		param, ok := s.setting.Space.Param(name)
		return ok && param.Type == space.Dbl
	})
	return nil
}

// finished is the outcome of a task with these outputs, which are checked; those that
// the codomain does not name are extras, beside what is given as such.
func (s *Session) finished(key rush.TaskKey, outputs, more rush.Values) (Outcome, error) {
	codomain := s.setting.Problem.Codomain
	ys, extra, err := codomain.Split(numbers(outputs, codomain.Has))
	if err != nil {
		return Outcome{}, fmt.Errorf("finish task %d: %w", key, err)
	}
	if extra == nil && len(more) > 0 {
		extra = rush.Values{}
	}
	maps.Copy(extra, more)
	return Outcome{Key: key, YS: ys, Extra: extra}, nil
}
