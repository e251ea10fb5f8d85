package nsga2

import (
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/pareto"
	"github.com/rushnet/rush/seeds"
)

// A member of the population.
type member struct {
	point     *optimizer.Point
	violation float64 // of all constraints together
	front     int     // 0 is the best
	crowding  float64 // within the front, more is better
}

// A population keeps the best points, by front and then by crowding.
type population struct {
	size    int
	members []*member
}

// add takes a point in, and the worst one out if there are too many.
func (p *population) add(point *optimizer.Point) {
	m := &member{point: point}
	for _, v := range point.Violation {
		m.violation += v
	}
	p.members = append(p.members, m)
	fronts := p.rank()
	if len(p.members) <= p.size {
		return
	}
	last := fronts[len(fronts)-1]
	worst := last[0]
	for _, i := range last[1:] {
		if p.members[i].crowding < p.members[worst].crowding {
			worst = i
		}
	}
	p.members = append(p.members[:worst], p.members[worst+1:]...)
	p.rank()
}

// rank sorts the members into fronts. Those that violate constraints come after
// all that do not, the less the earlier (Deb et al. 2002, section VI).
func (p *population) rank() [][]int {
	var fronts [][]int
	for _, group := range p.byViolation() {
		y := p.objectives(group)
		for _, front := range pareto.Sort(y) {
			for k, i := range front {
				front[k] = group[i]
			}
			fronts = append(fronts, front)
		}
	}
	for f, front := range fronts {
		crowding := pareto.Crowding(p.objectives(front))
		for k, i := range front {
			p.members[i].front, p.members[i].crowding = f, crowding[k]
		}
	}
	return fronts
}

// byViolation groups the members that violate the constraints alike, the least
// first.
func (p *population) byViolation() [][]int {
	violations := make([][]float64, len(p.members))
	for i, m := range p.members {
		violations[i] = []float64{m.violation}
	}
	return pareto.Sort(violations)
}

func (p *population) objectives(of []int) [][]float64 {
	y := make([][]float64, len(of))
	for k, i := range of {
		y[k] = p.members[i].point.Y
	}
	return y
}

// parents draws two members, by a tournament each; they are different if others
// win.
func (p *population) parents(g *seeds.Generator) (a, b *member) {
	const attempts = 10
	a = p.tournament(g)
	for range attempts {
		if b = p.tournament(g); b != a {
			break
		}
	}
	return a, b
}

// tournament draws two members and returns the better one.
func (p *population) tournament(g *seeds.Generator) *member {
	a, b := p.members[g.Index(len(p.members))], p.members[g.Index(len(p.members))]
	if b.front < a.front || b.front == a.front && b.crowding > a.crowding {
		return b
	}
	return a
}
