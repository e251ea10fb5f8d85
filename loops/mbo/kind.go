package mbo

import (
	"fmt"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/acquisition"
	"github.com/rushnet/rush/loops/optimizer"
)

// Kind declares async_mbo.
func Kind() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "async_mbo", Help: "Bayesian optimization: evaluates where a surrogate of the objective promises most.",
			Arguments: append(common(), loops.Argument{
				Name: "margin", Type: loops.Number, Default: 1.0, Range: loops.Range{Lower: 0, Upper: 100},
				Help: "by how much pi looks for a better point than the best at most, as a share of the distance from there to the median of the outputs",
			}, loops.Argument{
				Name: "acquisition", Type: loops.Text, Default: "log_ei", Choices: []string{"log_ei", "ei", "pi", "lcb", "stochastic_lcb", "ei_per_second"},
				Help: "what is maximized: (the logarithm of) the expected improvement, its probability, a confidence bound, or improvement per second of evaluation, of which the seconds count less and less",
			}),
		},
		New: build,
	}
}

// Decentralized declares adbo.
func Decentralized() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "adbo", Help: "Decentralized Bayesian optimization: every worker has a lambda of its own for the confidence bound.",
			Arguments: common(),
		},
		New: func(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
			args["acquisition"] = "stochastic_lcb"
			return build(s, args)
		},
	}
}

func common() []loops.Argument {
	return []loops.Argument{
		{Name: "surrogate", Type: loops.Text, Default: "gp", Choices: []string{"gp", "forest"}, Help: "what learns: a Gaussian process, or a random forest"},
		{Name: "initial", Type: loops.Integer, Default: int64(0), Range: loops.Range{Lower: 0, Upper: 100000}, Help: "how many points the initial design has; 0 is as many as suit the number of parameters"},
		{Name: "design", Type: loops.Text, Default: "sobol", Choices: []string{"sobol", "lhs", "random"}, Help: "the kind of the initial design: a Sobol sequence, a Latin hypercube or random points"},
		{Name: "lambda", Type: loops.Number, Default: 1.96, Range: loops.Range{Lower: 0, Upper: math.Inf(1)}, Help: "how many standard deviations the confidence bound is away; its mean when it is drawn"},
		{Name: "rate", Type: loops.Number, Default: 0.1, Range: loops.Range{Lower: 0, Upper: 100}, Help: "by which lambda decays with each proposal of a worker, when it is drawn"},
		{Name: "period", Type: loops.Integer, Default: int64(25), Range: loops.Range{Lower: 1, Upper: math.MaxInt32}, Help: "after how many proposals it begins again"},
	}
}

// build makes the optimizer.
func build(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
	if n := len(s.Codomain.Objectives()); n != 1 {
		return nil, fmt.Errorf("it takes one objective, to minimize or maximize; the codomain has %d", n)
	}
	n := int(args["initial"].(int64))
	if n == 0 {
		n = initialSize(s)
	}
	d := newDomain(s.Space)
	allowed := new(allowance)
	o := &Optimizer{
		domain: d, seed: s.Seed, workers: s.Workers, proposed: rush.NoTask, evals: s.Evals, design: newDesign(s, d, args["design"].(string), n), size: int64(n),
		surrogate: newProcess(d, true, allowed), second: newProcess(d, false, allowed), acquire: newAcquirer(args), limits: limits{domain: d, allowance: allowed}, allowance: allowed,
		draws: int(max(2000, 20*min(s.Space.Cardinality(), 5000))),
	}
	if args["acquisition"] == "ei_per_second" {
		o.seconds = newProcess(d, false, allowed)
	}
	if args["surrogate"] == "forest" {
		o.surrogate, o.second = newTrees(s), nil
	}
	return o, nil
}

// newAcquirer returns what makes the acquisition functions.
func newAcquirer(args rush.Values) acquirer {
	switch lambda := args["lambda"].(float64); args["acquisition"] {
	case "ei":
		return improving{func(best float64) acquisition.Function { return acquisition.EI{Best: best} }}
	case "pi":
		return probable{margin: args["margin"].(float64)}
	case "lcb":
		return &bound{lambda: lambda}
	case "stochastic_lcb":
		return &bound{lambda: lambda, rate: args["rate"].(float64), period: float64(args["period"].(int64))}
	}
	return improving{func(best float64) acquisition.Function { return acquisition.LogEI{Best: best} }}
}
