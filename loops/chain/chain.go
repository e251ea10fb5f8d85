// Package chain has an optimizer that is several, one after another: a random search
// that explores and then a model, for instance. Whose turn it is follows from the
// task's number and from the log of endings, so that all workers agree. All of them
// learn from all that has ended, whoever proposed it.
package chain

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
)

// A Part is one of the optimizers.
type Part struct {
	Name string
	Make optimizer.Make
	// Evals is how many tasks it proposes, before the next one does. 0 is all that
	// there will be.
	Evals int64
	// Terminators end it, the first that holds; see [loops.Over] for what they mean
	// for a part. They are asked after each task that ends: what is being evaluated then
	// belongs to the part, too, and counts for no other.
	Terminators []loops.Terminator
}

// The extras of a task that say which part proposed it.
const (
	LoopName = "loop" // its name
	PartName = "part" // its number, from 0
)

// Make returns what makes the optimizer. It is an error if there is no part, or one
// after a part without an end. When all parts are over it is exhausted; a
// part that is exhausted before leaves the rest of its tasks to the next.
func Make(parts ...Part) (optimizer.Make, error) {
	if len(parts) == 0 {
		return nil, errors.New("a chain has no part; expected one at least")
	}
	for i, p := range parts {
		if p.Evals <= 0 && len(p.Terminators) == 0 && i < len(parts)-1 {
			return nil, fmt.Errorf("part %d of the chain, %s, has no evals or terminators, so that %s would never begin; say after how many tasks it does", i+1, p.Name, parts[i+1].Name)
		}
	}
	return func(s *optimizer.Setting) (optimizer.Optimizer, error) {
		o := &search{setting: s, asked: rush.NoTask}
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
			o.links = append(o.links, &link{name: p.Name, optimizer: made, evals: p.Evals, terminators: p.Terminators})
			o.judged = o.judged || len(p.Terminators) > 0
		}
		return o, nil
	}, nil
}

// A search is the optimizer.
type search struct {
	setting *optimizer.Setting
	links   []*link
	learned []*optimizer.Point // all, for parts that are yet to learn them

	proposed []proposed   // what ended, by number
	largest  rush.TaskKey // of them
	judged   bool         // a part has terminators
	tasks    []*rush.Task // what ended, as they see it

	settled rush.TaskKey // numbers below it that are no tasks never will be

	asked rush.TaskKey // the last number that it was asked about
	whose int          // turn it is
}

// A link is a part at work.
type link struct {
	name        string
	optimizer   optimizer.Optimizer
	learned     int // of what ended
	evals       int64
	terminators []loops.Terminator

	own    []*rush.Task // that ended
	ran    covered
	reason string       // why its terminators ended it; empty as long as they did not
	last   rush.TaskKey // the largest number that had ended then
}

var _ optimizer.Starter = (*search)(nil)

// Learn implements [optimizer.Optimizer].
func (s *search) Learn(ended []*optimizer.Point) {
	s.learned = append(s.learned, ended...)
	for _, p := range ended {
		s.end(p)
	}
}

// Start implements [optimizer.Starter]: it is the first part that has a say.
func (s *search) Start(xs rush.Values) (rush.Values, rush.Values) {
	if first, ok := s.links[0].optimizer.(optimizer.Starter); ok {
		return first.Start(xs)
	}
	return xs, nil
}

// Propose implements [optimizer.Optimizer].
func (s *search) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if s.asked != r.Key { // when it is asked again, points that others have are among the pending ones
		var err error
		if s.whose, err = s.turn(r); err != nil {
			return optimizer.Proposal{}, err
		}
		s.asked = r.Key
	}
	for i := s.whose; i < len(s.links); i++ {
		l := s.links[i]
		l.optimizer.Learn(s.learned[l.learned:])
		l.learned = len(s.learned)
		p, err := l.optimizer.Propose(ctx, r)
		if errors.Is(err, optimizer.ErrExhausted) {
			continue
		}
		extra := rush.Values{LoopName: l.name, PartName: int64(i)}
		maps.Copy(extra, p.Extra)
		p.Extra = extra
		return p, err
	}
	s.asked = rush.NoTask
	if reason := s.links[len(s.links)-1].reason; reason != "" {
		return optimizer.Proposal{}, fmt.Errorf("the chain has come to its end, %s: %w", reason, optimizer.ErrExhausted)
	}
	return optimizer.Proposal{}, optimizer.ErrExhausted
}
