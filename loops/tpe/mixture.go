package tpe

import (
	"math"

	"github.com/rushnet/rush/seeds"
)

// A mixture is a density over some of the axes: kernels around points, and the
// uniform prior.
type mixture struct {
	columns []*column
	weight  []float64 // of the kernels; with prior they sum to 1
	prior   float64
	logs    []float64 // of weight
	sums    []float64 // what log works in
}

// newMixture fits a mixture to the observations, by the axes that are named.
func (s *Search) newMixture(of []weighted, axes []int, least float64) *mixture {
	m := &mixture{prior: s.options.prior}
	total := m.prior
	for _, o := range of {
		total += o.weight
	}
	m.prior /= total
	for _, o := range of {
		m.weight = append(m.weight, o.weight/total)
		m.logs = append(m.logs, math.Log(o.weight/total))
	}
	m.sums = make([]float64, len(of))
	for _, d := range axes {
		center := make([]place, len(of))
		for k, o := range of {
			center[k] = o.places[d]
		}
		m.columns = append(m.columns, newColumn(&s.axes[d], center, least))
	}
	return m
}

// log returns the logarithm of the density at the places, one for each column.
func (m *mixture) log(at []place) float64 {
	copy(m.sums, m.logs)
	for i, c := range m.columns {
		c.addLog(m.sums, &at[i])
	}
	prior := math.Log(m.prior)
	top := prior
	for _, l := range m.sums {
		top = max(top, l)
	}
	sum := math.Exp(prior - top)
	for _, l := range m.sums {
		if l > top-40 { // the rest is lost in the rounding
			sum += math.Exp(l - top)
		}
	}
	return top + math.Log(sum)
}

// draw draws a place for each column.
func (m *mixture) draw(at []place, g *seeds.Generator) {
	k := m.kernel(g.Float64())
	for i, c := range m.columns {
		at[i] = c.draw(k, g)
	}
}

// mutate draws a mutant: a point in the mixture with one of the parameters that are
// active there drawn anew, and those that this makes active.
func (m *mixture) mutate(at []place, g *seeds.Generator) {
	k := m.kernel(m.prior + (1-m.prior)*g.Float64())
	active := make([]int, 0, len(at))
	for i, c := range m.columns {
		if at[i] = c.center[k]; at[i].category == nowhere {
			at[i] = c.axis.place(g.Float64())
		} else {
			active = append(active, i)
		}
	}
	if len(active) > 0 {
		i := active[g.Index(len(active))]
		at[i] = m.columns[i].axis.place(g.Float64())
	}
}

// kernel returns the kernel in whose share of the weights a number from 0 to 1
// lies; -1 is the prior.
func (m *mixture) kernel(r float64) int {
	if r -= m.prior; r < 0 {
		return -1
	}
	for k, w := range m.weight {
		if r -= w; r < 0 {
			return k
		}
	}
	return len(m.weight) - 1
}
