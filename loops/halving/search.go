package halving

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
)

// The extras of a task.
const (
	// Bracket is how often a point of the task's bracket can be promoted: s of
	// hyperband.
	Bracket = "bracket"
	// Rung is the task's in the bracket, counted from 0.
	Rung = "rung"
)

// A Search is the optimizer. It takes the first target, and any space with a
// fidelity parameter. It is made by the New of [ASHA], [Hyperband] and [BOHB].
type Search struct {
	setting  *optimizer.Setting
	fidelity space.Param
	eta      float64
	brackets []*bracket // the longest first
	turns    []int      // which bracket has its turn, by the task's number
	model    *model     // nil: new points are drawn
	fresh    *fresh
	ruled    bool // the space has dependencies or constraints

	continued map[rush.TaskKey]bool // by a task that ended
	ended     map[rush.TaskKey]bool
	last      rush.TaskKey // the largest number that ended
}

func newASHA(s *optimizer.Setting, eta float64, skip int) (*Search, error) {
	p, err := fidelity(s.Space)
	if err != nil {
		return nil, err
	}
	budgets := ladder(p, eta)
	budgets = budgets[min(skip, len(budgets)-1):]
	return newSearch(s, p, eta, []*bracket{newBracket(budgets)}, []int{0}), nil
}

func newHyperband(s *optimizer.Setting, eta float64) (*Search, error) {
	p, err := fidelity(s.Space)
	if err != nil {
		return nil, err
	}
	budgets := ladder(p, eta)
	begin := starts(len(budgets), eta)
	var brackets []*bracket
	var shares []int
	for i := range budgets {
		top := len(budgets) - 1 - i
		brackets = append(brackets, newBracket(budgets[i:]))
		shares = append(shares, tasks(begin[top], top, eta))
	}
	return newSearch(s, p, eta, brackets, turns(shares)), nil
}

func newSearch(s *optimizer.Setting, p space.Param, eta float64, brackets []*bracket, turns []int) *Search {
	return &Search{
		setting: s, fidelity: p, eta: eta, brackets: brackets, turns: turns, fresh: newFresh(s.Space, p), ruled: ruled(s.Space),
		continued: make(map[rush.TaskKey]bool), ended: make(map[rush.TaskKey]bool), last: -1,
	}
}

// Learn implements [optimizer.Optimizer].
func (s *Search) Learn(ended []*optimizer.Point) {
	for _, p := range ended {
		s.ended[p.Key], s.last = true, max(s.last, p.Key)
		if p.U == nil {
			continue
		}
		s.fresh.know(p.XS)
		if s.model != nil && p.Usable() {
			budget := s.budget(p)
			s.model.points[budget] = append(s.model.points[budget], p)
		}
		if from, ok := loops.Continues(p.Extra); ok {
			if s.continued[from] {
				continue // two workers promoted the same task: the first counts
			}
			s.continued[from] = true
		}
		if b, k, ok := s.place(p); ok {
			b.rungs[k].add(newResult(p))
		}
	}
}

// budget returns the value of the fidelity parameter.
func (s *Search) budget(p *optimizer.Point) float64 {
	switch v := p.XS[s.fidelity.Name].(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	}
	return math.NaN()
}

// place returns the bracket and the rung of a point. One that was not proposed
// here, as when a person pushed it, takes part in the longest bracket if its
// budget is that of a rung.
func (s *Search) place(p *optimizer.Point) (b *bracket, rung int, ok bool) {
	top, given := p.Extra[Bracket].(int64)
	k, too := p.Extra[Rung].(int64)
	if !given || !too {
		b = s.brackets[0]
		rung = slices.Index(b.budgets, s.budget(p))
		return b, rung, rung >= 0
	}
	for _, b := range s.brackets {
		if int64(b.top()) == top && k >= 0 && k <= top {
			return b, int(k), true
		}
	}
	return nil, 0, false
}

// Propose implements [optimizer.Optimizer].
func (s *Search) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	for _, p := range r.Pending {
		s.fresh.know(p.XS)
	}
	b := s.turn(r.Key)
	if found := s.promotable(b, r, false); len(found) > 0 {
		if skip := s.others(r); skip < len(found) {
			return s.promote(b, found[skip]), nil
		}
	}
	if s.fresh.left() {
		return s.begin(ctx, b, r)
	}
	for _, b := range s.brackets {
		if found := s.promotable(b, r, true); len(found) > 0 {
			lowest := slices.MinFunc(found, func(a, b promotion) int { return a.rung - b.rung })
			return s.promote(b, lowest), nil
		}
	}
	return optimizer.Proposal{}, optimizer.ErrExhausted
}

// turn returns the bracket of the task with that number.
func (s *Search) turn(key rush.TaskKey) *bracket {
	return s.brackets[s.turns[int(int64(key)%int64(len(s.turns)))]]
}

func (s *Search) promotable(b *bracket, r *optimizer.Request, all bool) []promotion {
	pending := make(map[rush.TaskKey]bool)
	for _, p := range r.Pending {
		if from, ok := loops.Continues(p.Extra); ok {
			pending[from] = true
		}
	}
	return b.promotable(s.eta, all, func(key rush.TaskKey) bool { return s.continued[key] || pending[key] })
}

// farBelow is how many tasks may begin and end while a worker chooses one point.
const farBelow = 20

// others returns how many workers choose a point of the same bracket at this
// moment, as far as can be told: tasks with smaller numbers that neither ended nor
// are pending. They choose first, each one of what can be promoted; so two do not
// promote the same, unless one of them saw less than the other. A number that is far
// below one that has ended is of a worker that died.
func (s *Search) others(r *optimizer.Request) int {
	pending := make(map[rush.TaskKey]bool, len(r.Pending))
	for _, p := range r.Pending {
		pending[p.Key] = true
	}
	n := 0
	for key := max(s.last-farBelow, 0); key < r.Key; key++ {
		if !pending[key] && !s.ended[key] && s.turn(key) == s.turn(r.Key) {
			n++
		}
	}
	return n
}

// promote proposes the point of a result with the budget of the rung.
func (s *Search) promote(b *bracket, p promotion) optimizer.Proposal {
	xs := maps.Clone(p.result.point.XS)
	s.setBudget(xs, b.budgets[p.rung])
	return optimizer.Proposal{XS: xs, Extra: rush.Values{
		Bracket: int64(b.top()), Rung: int64(p.rung), loops.From: int64(p.result.point.Key),
	}}
}

// begin proposes a new point at the lowest rung.
func (s *Search) begin(ctx context.Context, b *bracket, r *optimizer.Request) (optimizer.Proposal, error) {
	var xs, extra rush.Values
	var err error
	if s.model != nil {
		if xs, extra, err = s.model.propose(ctx, r); err != nil {
			return optimizer.Proposal{}, err
		}
	}
	if xs == nil || !s.fits(xs, b) || s.fresh.known(xs) {
		if xs, err = s.draw(b, r); err != nil {
			return optimizer.Proposal{}, err
		}
		extra = nil
	}
	s.setBudget(xs, b.budgets[0])
	all := rush.Values{Bracket: int64(b.top()), Rung: int64(0)}
	maps.Copy(all, extra)
	return optimizer.Proposal{XS: xs, Extra: all}, nil
}

// Start implements [optimizer.Starter]: a point that is given begins at the lowest rung
// of the longest bracket.
func (s *Search) Start(xs rush.Values) (rush.Values, rush.Values) {
	b := s.brackets[0]
	xs = maps.Clone(xs)
	s.setBudget(xs, b.budgets[0])
	return xs, rush.Values{Bracket: int64(b.top()), Rung: int64(0)}
}

// setBudget sets the fidelity parameter of a point.
func (s *Search) setBudget(xs rush.Values, budget float64) {
	if s.fidelity.Type == space.Int {
		xs[s.fidelity.Name] = int64(budget)
	} else {
		xs[s.fidelity.Name] = budget
	}
}
