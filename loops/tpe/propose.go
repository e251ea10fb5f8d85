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
	search       *Search
	rand         *seeds.Generator
	pending      []*observation
	good, others []weighted
	mutate       bool // candidates are mutants, not draws from where the good points lie
}

func (s *Search) newProposal(r *optimizer.Request) *proposal {
	p := &proposal{search: s, rand: r.Rand, mutate: s.options.mutate && r.Key%2 == 1 && s.settled()}
	for _, q := range r.Pending {
		if q.U != nil {
			p.pending = append(p.pending, s.observe(q))
		}
	}
	p.good, p.others = s.split(p.pending)
	return p
}

// attempts is how many times the candidates may be drawn for as many that keep
// to the constraints and are not known.
const attempts = 10

// best returns the candidate with the largest quotient of the densities, and its
// logarithm; false if there is no candidate that is possible and new.
func (p *proposal) best() (u []float64, score float64, ok bool) {
	if !p.search.options.multivariate {
		return p.bestOfEach()
	}
	s := p.search
	least := 1 / (s.options.clip * float64(len(s.ranked)))
	axes := s.chosen()
	l, g := s.newMixture(p.good, axes, least), s.newMixture(p.others, axes, least)
	at := make([]place, len(axes))
	score = math.Inf(-1)
	found := 0
	for range attempts * s.options.candidates {
		if p.mutate {
			l.mutate(at, p.rand)
		} else {
			l.draw(at, p.rand)
		}
		candidate := p.admit(axes, at)
		if candidate == nil {
			continue
		}
		if v := l.log(at) - g.log(at); v > score {
			u, score = candidate, v
		}
		if found++; found == s.options.candidates {
			break
		}
	}
	return u, score, u != nil
}

// bestOfEach chooses every coordinate by itself. Its kernels are no narrower than
// those of Bergstra et al. (2013), who let the bound end at a hundredth: without
// the other coordinates, gaps say little about how near the good points are.
func (p *proposal) bestOfEach() (u []float64, score float64, ok bool) {
	s := p.search
	least := func(of []weighted) float64 { return 1 / min(100, 1+float64(len(of))) }
	axes := s.chosen()
	at := make([]place, len(axes))
	draw := make([]place, 1)
	for i, d := range axes {
		l, g := s.newMixture(p.good, []int{d}, least(p.good)), s.newMixture(p.others, []int{d}, least(p.others))
		most := math.Inf(-1)
		for range s.options.candidates {
			l.draw(draw, p.rand)
			if v := l.log(draw) - g.log(draw); v > most {
				at[i], most = draw[0], v
			}
		}
		score += most
	}
	u = p.admit(axes, at)
	return u, score, u != nil
}

// chosen are the axes on which something is to be chosen.
func (s *Search) chosen() []int {
	var axes []int
	for d := range s.axes {
		if !s.axes[d].ignored {
			axes = append(axes, d)
		}
	}
	return axes
}

// admit returns the coordinates of the places on the axes; nil if they violate a
// constraint or are known. Places where a parameter is inactive become nowhere.
func (p *proposal) admit(axes []int, at []place) []float64 {
	s := p.search
	u := make([]float64, len(s.axes))
	for i, d := range axes {
		u[d] = at[i].at
	}
	if s.ruled {
		if !s.setting.Space.Feasible(s.setting.Space.FromUnit(u)) {
			return nil
		}
		s.setting.Space.Mask(u)
		for i, d := range axes {
			if math.IsNaN(u[d]) {
				at[i] = place{at: math.NaN(), category: nowhere}
			}
		}
	}
	if s.seen != nil && p.known(u) {
		return nil
	}
	return u
}

// known reports whether the point, of a space without real numbers, was
// evaluated or is pending.
func (p *proposal) known(u []float64) bool {
	places := make([]place, len(u))
	for d := range u {
		places[d] = p.search.axes[d].place(u[d])
	}
	name := signature(places)
	return p.search.seen[name] || slices.ContainsFunc(p.pending, func(o *observation) bool { return signature(o.places) == name })
}

// tries bounds how many points are drawn for one that is not known.
const tries = 1000

// other draws a point that is not known, or, in a space where there is hardly
// one, any.
func (p *proposal) other() rush.Values {
	sp := p.search.setting.Space
	if p.search.seen != nil {
		for range tries {
			xs := sp.Sample(p.rand)
			if u, err := sp.ToUnit(xs); err == nil && !p.known(u) {
				return xs
			}
		}
	}
	return sp.Sample(p.rand)
}

// signature is a text for the places, the same for the same.
func signature(at []place) string {
	b := make([]byte, 0, 8*len(at))
	for i := range at {
		x := at[i].at
		if at[i].category == nowhere {
			x = -1
		}
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(x))
	}
	return string(b)
}
