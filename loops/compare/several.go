package compare

import (
	"context"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
)

// several returns the problems with several outputs: those of package functions, and
// some of the mixed ones with what they cost.
func several() []Problem {
	var all []Problem
	for _, name := range functions.MultiNames() {
		f, _ := functions.MultiByName(name)
		all = append(all, ofMulti(f))
	}
	return append(all,
		network().costing("network6cost", []float64{6, 26}, func(xs rush.Values) float64 {
			return 2*math.Log2(float64(xs["units"].(int64))) + float64(xs["layers"].(int64))
		}),
		svm().costing("svm5cost", []float64{3, 9}, func(xs rush.Values) float64 {
			cost := math.Log10(xs["cost"].(float64)) + 3
			switch xs["kernel"] {
			case "rbf":
				return cost + 2
			case "poly":
				return cost + 0.5*float64(xs["degree"].(int64))
			}
			return cost
		}),
	)
}

func ofMulti(f functions.Multi) Problem {
	p := Problem{Name: f.Name, About: f.About, Space: f.Space, Optimum: f.Hypervolume, Reference: f.Reference}
	for _, name := range f.Outputs {
		p.codomain = append(p.codomain, loops.Target{Name: name, Goal: loops.Minimize})
	}
	for _, name := range f.Constraints {
		p.codomain = append(p.codomain, loops.Target{Name: name, Goal: loops.Constraint})
	}
	p.outputs = func(xs rush.Values) (rush.Values, error) { return f.Evaluate(context.Background(), xs) }
	return p
}

// costing is a problem with a second output to minimize, what a point costs.
func (p Problem) costing(name string, reference []float64, cost func(xs rush.Values) float64) Problem {
	formula := p.formula
	p.Name, p.About = name, p.About+"; and what it costs"
	p.Optimum, p.At, p.Reference = 0, nil, reference
	p.codomain = loops.Codomain{{Name: "error", Goal: loops.Minimize}, {Name: "cost", Goal: loops.Minimize}}
	p.outputs = func(xs rush.Values) (rush.Values, error) {
		return rush.Values{"error": formula(xs), "cost": cost(xs)}, nil
	}
	return p
}
