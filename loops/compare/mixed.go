package compare

import (
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

// mixed returns the problems in integers and categories too. They have the shape
// of what people tune; the figures are made up.
func mixed() []Problem {
	return []Problem{network(), forest(), svm(), discrete()}
}

// network resembles the tuning of a neural network: the best learning rate
// depends on the activation, the best dropout on the number of layers.
func network() Problem {
	shift := map[any]float64{"relu": 0, "tanh": 0.8, "gelu": -0.5}
	price := map[any]float64{"relu": 0.3, "tanh": 0.6, "gelu": 0}
	return Problem{
		Name: "network6", About: "a rate and units on log scales, layers, an activation, dropout, a switch",
		Space: space.MustNew(
			space.Param{Name: "rate", Type: space.Dbl, Lower: 1e-5, Upper: 1, Log: true},
			space.Param{Name: "units", Type: space.Int, Lower: 8, Upper: 1024, Log: true},
			space.Param{Name: "layers", Type: space.Int, Lower: 1, Upper: 8},
			space.Param{Name: "activation", Type: space.Fct, Levels: []any{"relu", "tanh", "gelu"}},
			space.Param{Name: "dropout", Type: space.Dbl, Lower: 0, Upper: 0.9},
			space.Param{Name: "norm", Type: space.Lgl},
		),
		At: rush.Values{"rate": math.Pow(10, -2.5), "units": int64(200), "layers": int64(5), "activation": "gelu", "dropout": 0.2, "norm": true},
		formula: func(xs rush.Values) float64 {
			activation, layers := xs["activation"], float64(xs["layers"].(int64))-5
			y := square(math.Log10(xs["rate"].(float64))+3+shift[activation]) + price[activation]
			y += 0.5*square(math.Log2(float64(xs["units"].(int64))/200)) + 0.1*square(layers)
			y += 4 * square(xs["dropout"].(float64)-0.2-0.03*layers)
			if xs["norm"] != true {
				y += 0.25
			}
			return y
		},
	}
}

// forest resembles the tuning of a random forest: integers, two of them on a log
// scale, a number and a switch. The best depth depends on the size of a leaf.
func forest() Problem {
	return Problem{
		Name: "forest5", About: "trees and leaf size on log scales, depth, features, a switch",
		Space: space.MustNew(
			space.Param{Name: "trees", Type: space.Int, Lower: 10, Upper: 1000, Log: true},
			space.Param{Name: "depth", Type: space.Int, Lower: 1, Upper: 30},
			space.Param{Name: "leaf", Type: space.Int, Lower: 1, Upper: 100, Log: true},
			space.Param{Name: "features", Type: space.Dbl, Lower: 0.05, Upper: 1},
			space.Param{Name: "bootstrap", Type: space.Lgl},
		),
		At: rush.Values{"trees": int64(400), "depth": int64(14), "leaf": int64(3), "features": 0.35, "bootstrap": true},
		formula: func(xs rush.Values) float64 {
			leaf := math.Log2(float64(xs["leaf"].(int64)) / 3)
			y := 0.05*square(math.Log2(float64(xs["trees"].(int64))/400)) + 0.2*square(leaf)
			y += 0.01*square(float64(xs["depth"].(int64))-14-2*leaf) + 3*square(xs["features"].(float64)-0.35)
			if xs["bootstrap"] != true {
				y += 0.2
			}
			return y
		},
	}
}

// svm resembles the tuning of a support vector machine: the kernel decides which
// other parameters there are.
func svm() Problem {
	return Problem{
		Name: "svm5", About: "a kernel, and parameters that depend on it",
		Space: space.MustNew(
			space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"linear", "rbf", "poly"}},
			space.Param{Name: "cost", Type: space.Dbl, Lower: 1e-3, Upper: 1e3, Log: true},
			space.Param{Name: "gamma", Type: space.Dbl, Lower: 1e-4, Upper: 10, Log: true, Depends: `kernel == "rbf"`},
			space.Param{Name: "degree", Type: space.Int, Lower: 1, Upper: 6, Depends: `kernel == "poly"`},
			space.Param{Name: "coef", Type: space.Dbl, Lower: 0, Upper: 1, Depends: `kernel == "poly"`},
		),
		At: rush.Values{"kernel": "rbf", "cost": math.Pow(10, 1.5), "gamma": math.Pow(10, -1.5)},
		formula: func(xs rush.Values) float64 {
			cost := math.Log10(xs["cost"].(float64))
			switch xs["kernel"] {
			case "rbf":
				gamma := math.Log10(xs["gamma"].(float64))
				return 0.1*square(cost-1.5) + 0.3*square(gamma+1.5+0.3*(cost-1.5))
			case "poly":
				return 0.25 + 0.2*math.Abs(float64(xs["degree"].(int64))-3) + 0.5*square(xs["coef"].(float64)-0.4) + 0.1*square(cost+0.5)
			}
			return 0.5 + 0.1*square(cost-1)
		},
	}
}

// discrete has categories without order, two of which had better differ, and
// integers.
func discrete() Problem {
	levels := []any{"a", "b", "c", "d", "e"}
	price := map[string]map[any]float64{
		"k1": {"a": 1, "b": 0, "c": 0.2, "d": 2, "e": 1.5},
		"k2": {"a": 2, "b": 0, "c": 1, "d": 0.3, "e": 1},
		"k3": {"a": 0.5, "b": 1, "c": 2, "d": 0.7, "e": 0},
		"k4": {"a": 0, "b": 0.4, "c": 0.4, "d": 0.4, "e": 0.4},
	}
	best := map[string]int64{"n1": 3, "n2": 17, "n3": 10, "n4": 7}
	var params []space.Param
	for _, name := range []string{"k1", "k2", "k3", "k4"} {
		params = append(params, space.Param{Name: name, Type: space.Fct, Levels: levels})
	}
	for _, name := range []string{"n1", "n2", "n3", "n4"} {
		params = append(params, space.Param{Name: name, Type: space.Int, Lower: 0, Upper: 20})
	}
	return Problem{
		Name: "discrete8", About: "four categories of five levels and four integers",
		Space: space.MustNew(params...), Optimum: 0.2,
		At: rush.Values{"k1": "c", "k2": "b", "k3": "e", "k4": "a", "n1": best["n1"], "n2": best["n2"], "n3": best["n3"], "n4": best["n4"]},
		formula: func(xs rush.Values) float64 {
			y := 0.0
			for _, name := range []string{"k1", "k2", "k3", "k4"} {
				y += price[name][xs[name]]
			}
			if xs["k1"] == xs["k2"] {
				y++
			}
			for _, name := range []string{"n1", "n2", "n3", "n4"} {
				y += 0.02 * square(float64(xs[name].(int64)-best[name]))
			}
			return y
		},
	}
}
