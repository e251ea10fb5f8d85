package mbo

import (
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// A design is the places that are evaluated first, by the number of the task.
type design [][]float64

// latin draws a Latin hypercube: in every coordinate each of n slices has one
// place (McKay, Beckman and Conover 1979). Of some it takes the one of which the
// closest two places are farthest apart. All workers draw the same.
func latin(s *optimizer.Setting, n int) design {
	const draws = 20
	g := s.Common(0)
	var best design
	widest := -1.0
	for range draws {
		d := hypercube(n, s.Space.Len(), g)
		if w := d.closest(); w > widest {
			best, widest = d, w
		}
	}
	return best
}

func hypercube(n, dims int, g *seeds.Generator) design {
	d := make(design, n)
	for i := range d {
		d[i] = make([]float64, dims)
	}
	for k := range dims {
		for i, slice := range g.SampleInt(n, n) {
			d[i][k] = (float64(slice-1) + g.Float64()) / float64(n)
		}
	}
	return d
}

// closest is the smallest squared distance of two places.
func (d design) closest() float64 {
	least := float64(len(d))*1e9 + 1
	for i, a := range d {
		for _, b := range d[:i] {
			sum := 0.0
			for k := range a {
				sum += (a[k] - b[k]) * (a[k] - b[k])
			}
			least = min(least, sum)
		}
	}
	return least
}
