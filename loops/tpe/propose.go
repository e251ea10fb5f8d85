package tpe

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// A proposal is one at work.
type proposal struct {
	search  *Search
	rand    *seeds.Generator
	pending []*optimizer.Point
}

// best returns the candidate with the largest quotient of the densities, and its
// logarithm; false if every candidate is known already.
func (p *proposal) best(good, others []weighted) (u []float64, score float64, ok bool) {
	s := p.search
	if !s.options.multivariate {
		u, score = p.bestOfEach(good, others)
		return u, score, !p.known(u)
	}
	least := 1 / (s.options.clip * float64(len(s.ranked)))
	all := make([]int, len(s.axes))
	for d := range all {
		all[d] = d
	}
	l, g := s.newMixture(good, all, least), s.newMixture(others, all, least)
	at := make([]place, len(all))
	score = math.Inf(-1)
	for range s.options.candidates {
		l.draw(at, p.rand)
		candidate := coordinates(at)
		if p.known(candidate) {
			continue
		}
		if v := l.log(at) - g.log(at); v > score {
			u, score = candidate, v
		}
	}
	return u, score, u != nil
}

// bestOfEach chooses every coordinate by itself. Its kernels are no narrower than
// those of Bergstra et al. (2013), who let the bound end at a hundredth: without
// the other coordinates, gaps say little about how near the good points are.
func (p *proposal) bestOfEach(good, others []weighted) (u []float64, score float64) {
	s := p.search
	least := func(of []weighted) float64 { return 1 / min(100, 1+float64(len(of))) }
	u = make([]float64, len(s.axes))
	at := make([]place, 1)
	for d := range s.axes {
		l, g := s.newMixture(good, []int{d}, least(good)), s.newMixture(others, []int{d}, least(others))
		most := math.Inf(-1)
		for range s.options.candidates {
			l.draw(at, p.rand)
			if v := l.log(at) - g.log(at); v > most {
				u[d], most = at[0].at, v
			}
		}
		score += most
	}
	return u, score
}

func coordinates(at []place) []float64 {
	u := make([]float64, len(at))
	for i := range at {
		u[i] = at[i].at
	}
	return u
}

// known reports whether the point was evaluated or is pending; in a space with
// real numbers none counts as that.
func (p *proposal) known(u []float64) bool {
	if p.search.seen == nil {
		return false
	}
	return p.search.seen[signature(u)] || slices.ContainsFunc(p.pending, func(q *optimizer.Point) bool { return slices.Equal(q.U, u) })
}

// tries bounds how many points are drawn for one that is not known.
const tries = 1000

// other draws a point that is not known, or, in a space where there is hardly
// one, any.
func (p *proposal) other() rush.Values {
	sp := p.search.setting.Space
	for range tries {
		xs := sp.Sample(p.rand)
		if u, err := sp.ToUnit(xs); err == nil && !p.known(u) {
			return xs
		}
	}
	return sp.Sample(p.rand)
}

// signature is a text for the coordinates, the same for the same.
func signature(u []float64) string {
	b := make([]byte, 0, 8*len(u))
	for _, x := range u {
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(x))
	}
	return string(b)
}
