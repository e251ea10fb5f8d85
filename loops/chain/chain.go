// Package chain has an optimizer that is several, one after another: a random search
// that explores and then a model, for instance. Whose turn it is follows from the
// task's number, so that all workers agree. All of them learn from all that has ended,
// whoever proposed it.
package chain

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
)

// A Part is one of the optimizers.
type Part struct {
	Name string
	Make optimizer.Make
	// Evals is how many tasks it proposes, before the next one does. 0 is all that
	// there will be.
	Evals int64
}

// LoopName is the extra of a task that says which part proposed it.
const LoopName = "loop"

// Make returns what makes the optimizer. It is an error if there is no part, or one
// after a part without an end. When all parts have had their tasks it is exhausted; a
// part that is exhausted before leaves the rest of its tasks to the next.
func Make(parts ...Part) (optimizer.Make, error) {
	if len(parts) == 0 {
		return nil, errors.New("a chain has no part; expected one at least")
	}
	for i, p := range parts {
		if p.Evals <= 0 && i < len(parts)-1 {
			return nil, fmt.Errorf("part %d of the chain, %s, has no evals, so that %s would never begin; say after how many tasks it does", i+1, p.Name, parts[i+1].Name)
		}
	}
	return func(s *optimizer.Setting) (optimizer.Optimizer, error) {
		o := new(search)
		end := int64(0)
		for _, p := range parts {
			own := *s
			if end += p.Evals; p.Evals > 0 && (s.Evals == 0 || end < s.Evals) {
				own.Evals = end // tasks are counted over all parts
			}
			made, err := p.Make(&own)
			if err != nil {
				return nil, err
			}
			l := &link{name: p.Name, optimizer: made}
			if p.Evals > 0 {
				l.end = end
			}
			o.links = append(o.links, l)
		}
		return o, nil
	}, nil
}

// A search is the optimizer.
type search struct {
	links []*link
	ended []*optimizer.Point // all, for parts that are yet to learn them
}

// A link is a part at work.
type link struct {
	name      string
	optimizer optimizer.Optimizer
	end       int64 // the first number that is not its own; 0 is none
	learned   int   // of what ended
}

// Learn implements [optimizer.Optimizer].
func (s *search) Learn(ended []*optimizer.Point) { s.ended = append(s.ended, ended...) }

// Start implements [optimizer.Starter]: it is the first part that has a say.
func (s *search) Start(xs rush.Values) (rush.Values, rush.Values) {
	if first, ok := s.links[0].optimizer.(optimizer.Starter); ok {
		return first.Start(xs)
	}
	return xs, nil
}

// Propose implements [optimizer.Optimizer].
func (s *search) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	for _, l := range s.links {
		if l.end > 0 && int64(r.Key) >= l.end {
			continue
		}
		l.optimizer.Learn(s.ended[l.learned:])
		l.learned = len(s.ended)
		p, err := l.optimizer.Propose(ctx, r)
		if errors.Is(err, optimizer.ErrExhausted) {
			continue
		}
		extra := rush.Values{LoopName: l.name}
		maps.Copy(extra, p.Extra)
		p.Extra = extra
		return p, err
	}
	return optimizer.Proposal{}, optimizer.ErrExhausted
}
