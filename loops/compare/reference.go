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
	Within  []Quartiles `json:"quartiles,omitempty"` // where they are known
}

// References returns what is known of others, by problem.
func References() []Reference {
	var all []Reference
	if err := json.Unmarshal(referencesJSON, &all); err != nil {
		panic(fmt.Sprintf("compare: references.json: %v", err))
	}
	return all
}

// After returns the median after a number of evaluations; false if it is not
// known.
func (r *Reference) After(evals int) (median float64, ok bool) {
	for i, n := range r.Evals {
		if n == evals {
			return r.Median[i], true
		}
	}
	return 0, false
}

// namesakes are the samplers that an optimizer is measured by. Nothing writes to
// it.
var namesakes = map[string]string{
	"random_search": "random", "tpe": "TPE", "cmaes": "CMA-ES", "async_mbo": "GP", "adbo": "GP",
}

// Goal returns the least median that the optimizer is measured by, and whose it
// is: its namesake's, if it has one, else the best of all. False if there is no
// figure for this problem, number of workers and of evaluations.
func Goal(name, problem string, workers, evals int) (median float64, sampler string, ok bool) {
	namesake := namesakes[name]
	for _, r := range References() {
		if r.Problem != problem || r.Workers != workers || namesake != "" && workers == 1 && r.Sampler != namesake {
			continue
		}
		if m, known := r.After(evals); known && (!ok || m < median) {
			median, sampler, ok = m, r.Sampler, true
		}
	}
	return median, sampler, ok
}
