package main

import (
	"math"
	"math/rand/v2"
)

// A network has one hidden layer and a softmax over the digits. It holds what a
// pass over one image needs, so it belongs to one goroutine.
type network struct {
	inputs, hidden int
	act            activation
	params         []float64 // all weights and biases, one after the other

	layers                  // views of params
	unit   []float64        // the hidden layer's output
	delta  []float64        // the loss by the hidden layer's input
	output [classes]float64 // the digits' probabilities
}

// layers are views of a vector that holds a value for each weight and bias: the
// parameters themselves, or a gradient. Weights are in rows, one for each unit
// that they come from.
type layers struct {
	weights1, bias1 []float64
	weights2, bias2 []float64
}

// newNetwork draws the first weights, all within Glorot's bound.
func newNetwork(inputs, hidden int, act activation, rng *rand.Rand) *network {
	n := &network{
		inputs: inputs,
		hidden: hidden,
		act:    act,
		params: make([]float64, inputs*hidden+hidden+hidden*classes+classes),
		unit:   make([]float64, hidden),
		delta:  make([]float64, hidden),
	}
	n.layers = n.view(n.params)
	draw := func(v []float64, bound float64) {
		for i := range v {
			v[i] = bound * (2*rng.Float64() - 1)
		}
	}
	bound1 := math.Sqrt(act.spread / float64(inputs+hidden))
	bound2 := math.Sqrt(act.spread / float64(hidden+classes))
	draw(n.weights1, bound1)
	draw(n.bias1, bound1)
	draw(n.weights2, bound2)
	draw(n.bias2, bound2)
	return n
}

// view cuts a vector that is as long as params into layers.
func (n *network) view(v []float64) layers {
	var l layers
	cut := func(size int) (part []float64) {
		part, v = v[:size], v[size:]
		return part
	}
	l.weights1, l.bias1 = cut(n.inputs*n.hidden), cut(n.hidden)
	l.weights2, l.bias2 = cut(n.hidden*classes), cut(classes)
	return l
}

// forward computes the digits' probabilities for an image, and returns the
// logarithm of that of the digit asked for.
func (n *network) forward(image []float64, digit int) float64 {
	copy(n.unit, n.bias1)
	for i, x := range image {
		if x != 0 { // about half of the pixels are white
			addScaled(n.unit, x, n.weights1[i*n.hidden:])
		}
	}
	copy(n.output[:], n.bias2)
	for j, x := range n.unit {
		n.unit[j] = n.act.f(x)
		addScaled(n.output[:], n.unit[j], n.weights2[j*classes:])
	}
	return softmax(n.output[:], digit)
}

// backward adds to a gradient what the image passed forward last contributes: the
// derivative of -log of the right digit's probability by each parameter.
func (n *network) backward(image []float64, digit int, grad layers) {
	n.output[digit]-- // now the loss by the softmax's input
	addScaled(grad.bias2, 1, n.output[:])
	for j, y := range n.unit {
		addScaled(grad.weights2[j*classes:(j+1)*classes], y, n.output[:])
		n.delta[j] = dot(n.output[:], n.weights2[j*classes:]) * n.act.slope(y)
	}
	addScaled(grad.bias1, 1, n.delta)
	for i, x := range image {
		if x != 0 {
			addScaled(grad.weights1[i*n.hidden:(i+1)*n.hidden], x, n.delta)
		}
	}
}

// guess returns the digit that the image passed forward last most likely shows.
func (n *network) guess() int {
	best := 0
	for c, p := range n.output {
		if p > n.output[best] {
			best = c
		}
	}
	return best
}

// softmax turns scores into probabilities, in place, and returns the logarithm of
// the one that is asked for.
func softmax(v []float64, which int) float64 {
	highest := v[0]
	for _, x := range v {
		highest = max(highest, x)
	}
	asked, sum := v[which]-highest, 0.0
	for i, x := range v {
		v[i] = math.Exp(x - highest)
		sum += v[i]
	}
	for i := range v {
		v[i] /= sum
	}
	return asked - math.Log(sum)
}

// addScaled adds a times v to dst; v may be longer.
func addScaled(dst []float64, a float64, v []float64) {
	v = v[:len(dst)]
	for i := range dst {
		dst[i] += a * v[i]
	}
}

// dot returns the inner product of a and b; b may be longer.
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
