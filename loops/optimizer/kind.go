package optimizer

import (
	"errors"
	"fmt"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/seeds"
)

// A Kind is an optimizer that people can name, with the arguments that it takes.
type Kind struct {
	loops.Declaration
	// New makes the optimizer. The arguments are those of the declaration,
	// checked, with defaults. A setting that does not suit it is an error that says
	// what does.
	New func(s *Setting, args rush.Values) (Optimizer, error)
}

// Make checks the arguments, and returns what makes the optimizer with them.
func (k *Kind) Make(args rush.Values) (Make, error) {
	checked, err := k.Check(args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.Name, err)
	}
	return func(s *Setting) (Optimizer, error) {
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", k.Name, err)
		}
		o, err := k.New(s, checked)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.Name, err)
		}
		return o, nil
	}, nil
}

func (s *Setting) check() error {
	switch {
	case s.Space.Len() == 0:
		return errors.New("there is no space; it needs to know the parameters")
	case len(s.Codomain.Objectives()) == 0:
		return errors.New("there is no codomain; it needs to know what to minimize or maximize, as in codomain: {y: minimize}")
	}
	return nil
}

// Common returns a generator for what all workers have to draw alike, such as
// the i-th restart of a population: i counts from 0 to 2^32. No task's stream is
// among them: the streams of tasks count up from the network's, these count down
// from the last.
func (s *Setting) Common(i int64) *seeds.Generator {
	return s.Seed.At(math.MaxInt64 - 1 - i).Generator()
}
