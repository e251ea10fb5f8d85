package halving

import (
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/tpe"
)

// ASHA declares asynchronous successive halving.
func ASHA() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "asha", Help: "Asynchronous successive halving: tries many points with a small budget, and the best of them with more; needs a fidelity parameter.",
			Arguments: []loops.Argument{
				eta(),
				{Name: "skip", Type: loops.Integer, Default: int64(0), Range: loops.Range{Lower: 0, Upper: 64}, Help: "how many of the lowest rungs are left out, where small budgets say little"},
			},
		},
		New: func(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
			return newASHA(s, args["eta"].(float64), int(args["skip"].(int64)))
		},
	}
}

// Hyperband declares asynchronous hyperband.
func Hyperband() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "hyperband", Help: "Successive halving that begins at several budgets in turn; needs a fidelity parameter.",
			Arguments: []loops.Argument{eta()},
		},
		New: func(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
			return newHyperband(s, args["eta"].(float64))
		},
	}
}

// BOHB declares hyperband with points that a model chooses.
func BOHB() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "bohb", Help: "Hyperband whose points are chosen by a tree-structured Parzen estimator; needs a fidelity parameter.",
			Arguments: []loops.Argument{
				eta(),
				{Name: "random", Type: loops.Number, Default: 1.0 / 3, Range: loops.Range{Lower: 0, Upper: 1}, Help: "the share of new points that are drawn at random"},
				{Name: "enough", Type: loops.Integer, Default: int64(0), Range: loops.Range{Lower: 0, Upper: math.MaxInt32}, Help: "how many finished tasks a budget needs for a model; 0 is the number of parameters and 3"},
			},
		},
		New: newBOHB,
	}
}

func newBOHB(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
	o, err := newHyperband(s, args["eta"].(float64))
	if err != nil {
		return nil, err
	}
	kind := tpe.Kind()
	made, err := kind.Make(rush.Values{"startup": int64(2)}) // it is asked when there is enough
	if err != nil {
		return nil, err
	}
	enough := int(args["enough"].(int64))
	if enough == 0 {
		enough = s.Space.Len() - 1 + 3
	}
	o.model = &model{setting: s, make: made, random: args["random"].(float64), enough: max(enough, 2), points: make(map[float64][]*optimizer.Point)}
	return o, nil
}

func eta() loops.Argument {
	return loops.Argument{
		Name: "eta", Type: loops.Number, Default: 3.0, Range: loops.Range{Lower: 1.5, Upper: 1000},
		Help: "one of so many tasks of a rung is promoted to the next, which has as many times the budget",
	}
}
