package main

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// train fits a network to scaled data, epoch by epoch in a new order, with a step
// of Adam for each batch. The last batch of an epoch may be smaller.
func train(d dataset, p point, rng *rand.Rand) (*network, error) {
	n := newNetwork(pixels, p.hidden, activations[p.activation], rng)
	optimizer := newAdam(p.learningRate, len(n.params))
	grad := make([]float64, len(n.params))
	order := rng.Perm(d.len())
	for epoch := range p.epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		sum := 0.0
		for rest := order; len(rest) > 0; {
			batch := rest[:min(p.batchSize, len(rest))]
			rest = rest[len(batch):]
			sum += gradient(n, d, batch, p.alpha, grad)
			optimizer.step(n.params, grad)
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			return nil, fmt.Errorf("training diverged in epoch %d: the loss is %v; a smaller learning_rate may help, this one is %g", epoch+1, sum, p.learningRate)
		}
	}
	return n, nil
}

// gradient computes the loss of a batch and its derivative by each parameter: the
// mean of -log of the right digit's probability, and alpha times half of the
// squared weights, but not biases, divided by the size of the batch as
// scikit-learn does.
func gradient(n *network, d dataset, batch []int, alpha float64, grad []float64) float64 {
	clear(grad)
	g := n.view(grad)
	loss := 0.0
	for _, i := range batch {
		loss -= n.forward(d.images[i], d.digits[i])
		n.backward(d.images[i], d.digits[i], g)
	}
	addScaled(g.weights1, alpha, n.weights1)
	addScaled(g.weights2, alpha, n.weights2)
	loss += alpha / 2 * (dot(n.weights1, n.weights1) + dot(n.weights2, n.weights2))

	size := float64(len(batch))
	for i := range grad {
		grad[i] /= size
	}
	return loss / size
}
