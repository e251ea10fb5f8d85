package main

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// A score says how well digits are read that were held out of training.
type score struct{ accuracy, accuracySD, logLoss float64 }

// crossValidate scores a point by the mean over its folds. The folds are always
// the same; the seed decides the first weights and the order of the images.
func crossValidate(d dataset, p point, seed uint64) (score, error) {
	turns, err := splits(d, p.folds)
	if err != nil {
		return score{}, err
	}
	var sum, squares, loss float64
	for f, turn := range turns {
		s, err := trainAndTest(turn, p, rand.New(rand.NewPCG(seed, uint64(f))))
		if err != nil {
			return score{}, fmt.Errorf("fold %d of %d: %w", f+1, len(turns), err)
		}
		sum += s.accuracy
		squares += s.accuracy * s.accuracy
		loss += s.logLoss
	}
	k := float64(len(turns))
	mean := sum / k
	return score{
		accuracy:   mean,
		accuracySD: math.Sqrt(max(squares/k-mean*mean, 0)),
		logLoss:    loss / k,
	}, nil
}

func trainAndTest(turn split, p point, rng *rand.Rand) (score, error) {
	scale := unitScaler()
	if p.standardize {
		scale = standardScaler(turn.train.images)
	}
	n, err := train(scale.apply(turn.train), p, rng)
	if err != nil {
		return score{}, err
	}
	return test(n, scale.apply(turn.test)), nil
}

func test(n *network, d dataset) score {
	right, loss := 0, 0.0
	for i, image := range d.images {
		loss -= n.forward(image, d.digits[i])
		if n.guess() == d.digits[i] {
			right++
		}
	}
	size := float64(d.len())
	return score{accuracy: float64(right) / size, logLoss: loss / size}
}
