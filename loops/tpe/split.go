package tpe

import (
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
)

// An observation is a point with its places.
type observation struct {
	key       rush.TaskKey
	y         []float64 // the objectives, less is better; nil if there are none
	violation float64   // of the constraints on outputs; 0 if it is feasible
	places    []place
}

// A weighted observation is one in a mixture.
type weighted struct {
	*observation
	weight float64
}

func (s *Search) observe(p *optimizer.Point) *observation {
	o := &observation{key: p.Key, y: p.Y, violation: violation(p), places: make([]place, len(s.axes))}
	for d := range s.axes {
		o.places[d] = s.axes[d].place(p.U[d])
	}
	return o
}

// split parts what is known into the good points and the others, among them
// those that failed or are pending.
func (s *Search) split(pending []*observation) (good, others []weighted) {
	n := s.goods()
	ordered := s.order(n)
	good = weigh(ordered[:n])
	others = weigh(ordered[n:])
	others = append(others, weigh(s.failed)...)
	others = append(others, weigh(pending)...)
	switch s.options.weights {
	case byRank:
		rankWeights(good)
	case forgetful:
		recentWeights(good)
		recentWeights(others)
	}
	return good, others
}

// goods is how many points are good: at least one, and not all.
func (s *Search) goods() int {
	n := int(math.Ceil(s.options.gamma * float64(len(s.ranked))))
	return min(n, s.options.mostGood, len(s.ranked)-1)
}

// When nothing is gained any more: over so many tasks, and by less than this share of
// the distance from the best to the median.
const (
	settledOver  = 20
	settledShare = 0.01
)

// settled reports whether the search has come to rest somewhere, with one objective
// and a feasible point.
func (s *Search) settled() bool {
	n := len(s.bests)
	if n <= settledOver || len(s.ranked[0].y) != 1 {
		return false
	}
	best, before := s.bests[n-1], s.bests[n-1-settledOver]
	return !math.IsInf(before, 1) && before-best <= settledShare*(s.ranked[n/2].y[0]-best)
}

func weigh(of []*observation) []weighted {
	all := make([]weighted, len(of))
	for i, o := range of {
		all[i] = weighted{o, 1}
	}
	return all
}

// rankWeights gives points, the best first, the weights of parents in an
// evolution strategy: log(n + 1/2) - log(i) for the i-th of n (Hansen and
// Ostermeier 2001), with the mean 1.
func rankWeights(of []weighted) {
	n, sum := float64(len(of)), 0.0
	for i := range of {
		of[i].weight = math.Log(n+0.5) - math.Log(float64(i+1))
		sum += of[i].weight
	}
	for i := range of {
		of[i].weight *= n / sum
	}
}

// recent is how many of the last points keep their whole weight.
const recent = 25

// recentWeights lets the weights of older points fall linearly to 1/n, as in the
// program of Bergstra et al. (2013), Making a Science of Model Search, ICML 30.
func recentWeights(of []weighted) {
	if len(of) <= recent {
		return
	}
	order := slices.Clone(of)
	slices.SortFunc(order, func(a, b weighted) int { return int(a.key - b.key) })
	old := len(of) - recent
	weight := make(map[rush.TaskKey]float64, old)
	least := 1 / float64(len(of))
	for i, o := range order[:old] {
		weight[o.key] = least
		if old > 1 {
			weight[o.key] += (1 - least) * float64(i) / float64(old-1)
		}
	}
	for i := range of {
		if w, ok := weight[of[i].key]; ok {
			of[i].weight = w
		}
	}
}
