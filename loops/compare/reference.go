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
	Median  []float64   `json:"median"`              // for each of Evals
	Within  []Quartiles `json:"quartiles,omitempty"` // where they are known; of other seeds than Median where the source says so
}

// References returns what is known of others, by problem.
func References() []Reference {
	var all []Reference
	if err := json.Unmarshal(referencesJSON, &all); err != nil {
		panic(fmt.Sprintf("compare: references.json: %v", err))
	}
	return all
}

// After returns the median after a number of evaluations, and the upper
// quartile, which is the median where it is not known; false if neither is.
func (r *Reference) After(evals int) (median, upper float64, ok bool) {
	for i, n := range r.Evals {
		if n != evals {
			continue
		}
		median, upper = r.Median[i], r.Median[i]
		if i < len(r.Within) {
			upper = max(median, r.Within[i][2])
		}
		return median, upper, true
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
	}
	return ""
}

// A Goal is what an optimizer is measured by.
type Goal struct {
	Sampler string
	Median  float64
	Upper   float64 // the upper quartile
}

// GoalOf returns the goal of an optimizer: what its namesake found, if it has
// one, else the least that any sampler found with as many workers. False if
// there is none for this problem, number of workers and of evaluations.
func GoalOf(optimizer, problem string, workers, evals int) (goal Goal, ok bool) {
	name := namesake(optimizer, workers)
	for _, r := range References() {
		if r.Problem != problem || r.Workers != workers || name != "" && r.Sampler != name {
			continue
		}
		if median, upper, known := r.After(evals); known && (!ok || median < goal.Median) {
			goal, ok = Goal{r.Sampler, median, upper}, true
		}
	}
	return goal, ok
}
