package gp

import (
	"fmt"
	"testing"

	"github.com/rushnet/rush/seeds"
)

// drawn returns n places of ten numbers, and an output for each.
func drawn(n int) (x [][]float64, y []float64) {
	g := seeds.New(1).Generator()
	for range n {
		u, sum := make([]float64, 10), 0.0
		for k := range u {
			u[k] = g.Float64()
			sum += float64(k+1) * (u[k] - 0.4) * (u[k] - 0.4)
		}
		x, y = append(x, u), append(y, sum)
	}
	return x, y
}

// The likelihood with its gradient, by ten parameters, noise and warp.
func BenchmarkLikelihood(b *testing.B) {
	for _, n := range []int{50, 100, 200} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x, y := drawn(n)
			r := New(make([]Input, 10))
			l := newLikelihood(r, x, y)
			t := r.Prior.start(10, true)
			gradient := make([]float64, len(t))
			for b.Loop() {
				l.negative(t, gradient)
			}
		})
	}
}

// A prediction, with its gradient and without.
func BenchmarkPredict(b *testing.B) {
	for _, n := range []int{50, 200, 500} {
		x, y := drawn(n + 1)
		r := New(make([]Input, 10))
		p, err := r.Condition(x[:n], y[:n], r.Prior.start(10, true).params(10))
		if err != nil {
			b.Fatal(err)
		}
		dMean, dVariance := make([]float64, 10), make([]float64, 10)
		b.Run(fmt.Sprint(n, " data"), func(b *testing.B) {
			for b.Loop() {
				p.Predict(x[n])
			}
		})
		b.Run(fmt.Sprint(n, " data, with its gradient"), func(b *testing.B) {
			for b.Loop() {
				p.PredictGradient(x[n], dMean, dVariance)
			}
		})
	}
}
