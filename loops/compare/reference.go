package compare

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed references.json
var referencesJSON []byte

// A Reference is what a sampler of another program finds on a problem.
type Reference struct {
	Source  string      `json:"source"` // the program and how it was run
	Sampler string      `json:"sampler"`
	Problem string      `json:"problem"`
	Workers int         `json:"workers"`
	Evals   []int       `json:"evals"`
	Median  []float64   `json:"median"`              // for each of Evals; of several outputs the hypervolume
	Within  []Quartiles `json:"quartiles,omitempty"` // where they are known; of other seeds than Median where the source says so
	More    bool        `json:"more,omitempty"`      // more is better
}

// References returns what is known of others, by problem.
func References() []Reference {
	var all []Reference
	if err := json.Unmarshal(referencesJSON, &all); err != nil {
		panic(fmt.Sprintf("compare: references.json: %v", err))
	}
	return all
}

// After returns the median after a number of evaluations, and the quartile on its
// worse side, which is the median where it is not known; false if neither is.
func (r *Reference) After(evals int) (median, worse float64, ok bool) {
	for i, n := range r.Evals {
		if n != evals {
			continue
		}
		median, worse = r.Median[i], r.Median[i]
		if i < len(r.Within) {
			if worse = max(median, r.Within[i][2]); r.More {
				worse = min(median, r.Within[i][0])
			}
		}
		return median, worse, true
	}
	return 0, 0, false
}

// namesake returns the sampler that an optimizer is measured by; "" if it is all
// of them.
func namesake(optimizer string, workers int) string {
	switch optimizer {
	case "random_search":
		return "random"
	case "tpe":
		if workers > 1 {
			return "TPE-CL"
		}
		return "TPE"
	case "cmaes":
		return "CMA-ES"
	case "nsga2":
		return "NSGA-II"
	}
	return ""
}

// A Goal is what an optimizer is measured by.
type Goal struct {
	Sampler string
	Median  float64
	Worse   float64 // the quartile on the worse side of the median
	More    bool    // more is better, of hypervolumes
}

// Better reports whether a figure is better than another.
func (g *Goal) Better(a, b float64) bool {
	if g.More {
		return a > b
	}
	return a < b
}

// GoalOf returns the goal of an optimizer: what its namesake found, if it has
// one, else the best that any sampler found with as many workers. False if
// there is none for this problem, number of workers and of evaluations.
func GoalOf(optimizer, problem string, workers, evals int) (goal Goal, ok bool) {
	name := namesake(optimizer, workers)
	for _, r := range References() {
		if r.Problem != problem || r.Workers != workers || name != "" && r.Sampler != name {
			continue
		}
		if median, worse, known := r.After(evals); known && (!ok || goal.Better(median, goal.Median)) {
			goal, ok = Goal{r.Sampler, median, worse, r.More}, true
		}
	}
	return goal, ok
}
