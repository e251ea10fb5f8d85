package halving

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/rushnet/rush/loops/space"
)

// fidelity returns the fidelity parameter of the space, if budgets can be made of it.
func fidelity(s space.Space) (space.Param, error) {
	p, ok := s.Fidelity()
	switch {
	case !ok:
		return p, errors.New("the space has no fidelity parameter; add one, as in epochs: {type: int, lower: 1, upper: 81, fidelity: true}")
	case !(p.Lower > 0):
		return p, fmt.Errorf("the fidelity parameter %s begins at %v; expected a lower bound above 0, the budget of the first rung", p.Name, p.Lower)
	case s.Len() < 2:
		return p, fmt.Errorf("there is nothing to search but the fidelity parameter %s; add a parameter", p.Name)
	}
	return p, nil
}

// ladder returns the budgets from the lowest rung to the highest, the upper bound
// R: R/eta^k as long as that is not below the lower bound (Li et al. 2018, algorithm
// 1), rounded if the parameter is an integer.
func ladder(p space.Param, eta float64) []float64 {
	var budgets []float64
	const slack = 1e-9 // for 81 / 3^4, which should be 1
	for k := 0; ; k++ {
		b := p.Upper / math.Pow(eta, float64(k))
		if b < p.Lower*(1-slack) {
			break
		}
		if p.Type == space.Int {
			b = math.Round(b)
		}
		b = max(b, p.Lower)
		if k > 0 && b >= budgets[k-1] { // integers that are too near to each other
			break
		}
		budgets = append(budgets, b)
	}
	slices.Reverse(budgets)
	return budgets
}

// starts returns how many points begin in each bracket of hyperband, by how often
// they can be promoted there: n of Li et al. (2018), algorithm 1, line 2.
func starts(rungs int, eta float64) []int {
	n := make([]int, rungs)
	for s := range n {
		n[s] = int(math.Ceil(float64(rungs)/float64(s+1)*math.Pow(eta, float64(s)) - 1e-9))
	}
	return n
}

// tasks returns how many tasks a bracket has in which n points begin that can be
// promoted s times: the sum of n_i of Li et al. (2018), algorithm 1, line 5.
func tasks(n, s int, eta float64) int {
	sum := 0
	for i := 0; i <= s; i++ {
		sum += int(math.Floor(float64(n)/math.Pow(eta, float64(i)) + 1e-9))
	}
	return sum
}

// turns spreads brackets over as many tasks as they have in all, so that each has
// its share of any stretch of them: the one that is most behind comes next, and
// the first of several.
func turns(shares []int) []int {
	total := 0
	for _, n := range shares {
		total += n
	}
	order, credit := make([]int, total), make([]int, len(shares))
	for i := range order {
		next := 0
		for b, n := range shares {
			if credit[b] += n; credit[b] > credit[next] {
				next = b
			}
		}
		credit[next] -= total
		order[i] = next
	}
	return order
}
