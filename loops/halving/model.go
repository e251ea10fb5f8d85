package halving

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
)

// modelBudget is the extra of a point that the model chose: of which budget the
// model was.
const modelBudget = "model_budget"

// A model chooses new points from what is known of the highest budget that has
// enough finished tasks (Falkner et al. 2018, algorithm 2).
type model struct {
	setting *optimizer.Setting
	make    optimizer.Make
	random  float64 // the share of points that it leaves to chance
	enough  int

	points map[float64][]*optimizer.Point // finished, by budget, in the order of the log

	budget    float64 // that of the optimizer
	optimizer optimizer.Optimizer
	learned   int // of the points of the budget
}

// propose chooses a point; nil leaves it to chance.
func (m *model) propose(ctx context.Context, r *optimizer.Request) (xs, extra rush.Values, err error) {
	if r.Rand.Float64() < m.random || !m.choose() {
		return nil, nil, nil
	}
	if err := m.learn(); err != nil {
		return nil, nil, err
	}
	p, err := m.optimizer.Propose(ctx, &optimizer.Request{Key: r.Key, Rand: r.Rand, Pending: begun(r.Pending)})
	if err != nil {
		return nil, nil, err
	}
	xs, extra = p.XS, rush.Values{modelBudget: m.budget}
	if xs == nil {
		xs = m.setting.Space.FromUnit(m.setting.Space.Mend(p.U, r.Rand))
	}
	return xs, extra, nil
}

// choose chooses the budget; false if none has enough tasks.
func (m *model) choose() bool {
	highest := 0.0
	for budget, points := range m.points {
		if len(points) >= m.enough {
			highest = max(highest, budget)
		}
	}
	if highest != m.budget {
		m.budget, m.optimizer, m.learned = highest, nil, 0
	}
	return highest > 0
}

func (m *model) learn() (err error) {
	if m.optimizer == nil {
		if m.optimizer, err = m.make(m.setting); err != nil {
			return err
		}
	}
	points := m.points[m.budget]
	m.optimizer.Learn(points[m.learned:])
	m.learned = len(points)
	return nil
}

// begun returns the pending points that were new: those that continue another are
// known to be good, and are not to be kept away from.
func begun(pending []*optimizer.Point) []*optimizer.Point {
	var points []*optimizer.Point
	for _, p := range pending {
		if _, ok := loops.Continues(p.Extra); !ok {
			points = append(points, p)
		}
	}
	return points
}
