package main

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The derivative by each single parameter is compared with what the loss does when
// that parameter moves a little in both directions.
func TestGradientIsThatOfFiniteDifferences(t *testing.T) {
	t.Parallel()
	const alpha, step, tolerance = 0.3, 1e-6, 1e-7
	for name, act := range activations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(1, 2))
			d := randomData(rng, 7, 5)
			n := newNetwork(5, 4, act, rng)
			batch := []int{0, 2, 3, 6}
			grad, unused := make([]float64, len(n.params)), make([]float64, len(n.params))
			gradient(n, d, batch, alpha, grad)
			for i, at := range n.params {
				n.params[i] = at + step
				above := gradient(n, d, batch, alpha, unused)
				n.params[i] = at - step
				below := gradient(n, d, batch, alpha, unused)
				n.params[i] = at
				if slope := (above - below) / (2 * step); math.Abs(slope-grad[i]) > tolerance {
					t.Errorf("parameter %d: the gradient says %g, the loss has the slope %g", i, grad[i], slope)
				}
			}
		})
	}
}

func randomData(rng *rand.Rand, images, pixels int) dataset {
	var d dataset
	for range images {
		row := make([]float64, pixels)
		for i := range row {
			row[i] = rng.NormFloat64()
		}
		d.images = append(d.images, row)
		d.digits = append(d.digits, rng.IntN(classes))
	}
	return d
}

func TestSoftmaxOfLargeScoresIsFinite(t *testing.T) {
	t.Parallel()
	v := []float64{1000, 1000, -1000}
	log := softmax(v, 2)
	if v[0] != 0.5 || v[1] != 0.5 || v[2] != 0 {
		t.Errorf("got the probabilities %v, expected 0.5, 0.5 and 0", v)
	}
	if want := -2000 - math.Ln2; math.Abs(log-want) > 1e-9 {
		t.Errorf("got the logarithm %g, expected %g", log, want)
	}
}

// With the means at 0 the first step goes by the learning rate, whatever the
// gradient's size.
func TestAdamBeginsWithAStepOfTheLearningRate(t *testing.T) {
	t.Parallel()
	params := []float64{1, 1, 1}
	newAdam(0.01, 3).step(params, []float64{500, -2, 0})
	for i, want := range []float64{0.99, 1.01, 1} {
		if math.Abs(params[i]-want) > 1e-6 {
			t.Errorf("parameter %d is %g, expected %g", i, params[i], want)
		}
	}
}

func TestStandardScalerKeepsAPixelThatNeverChanges(t *testing.T) {
	t.Parallel()
	a, b := make([]float64, pixels), make([]float64, pixels)
	a[0], b[0] = 2, 6
	a[1], b[1] = 5, 5
	d := dataset{images: [][]float64{a, b}, digits: []int{0, 1}}
	scaled := standardScaler(d.images).apply(d).images
	if scaled[0][0] != -1 || scaled[1][0] != 1 || scaled[0][1] != 0 || scaled[1][1] != 0 {
		t.Errorf("got the pixels %v and %v, expected -1, 0 and 1, 0", scaled[0][:2], scaled[1][:2])
	}
}
