package search

import (
	"maps"
	"slices"

	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
)

// Terminate says when the run ends: the first that holds ends it. The zero value
// never ends it.
type Terminate struct {
	Evals       int64              `json:"evals,omitempty"`        // tasks finished or failed
	RunTime     Duration           `json:"run_time,omitempty"`     // over all resumes
	PerfReached map[string]float64 `json:"perf_reached,omitempty"` // by one task, all of them
}

func (t *Terminate) isNone() bool {
	return t.Evals == 0 && t.RunTime == 0 && len(t.PerfReached) == 0
}

// terminate reads the terminators, or "none".
func (d *draft) terminate(n *node) {
	if n.kind == scalar && n.value == "none" {
		return
	}
	if n.kind != mapping {
		d.wrong(n, "expected a map such as {evals: 200, run_time: 10m}, or none, found %s", n.found())
		return
	}
	t := &d.def.Terminate
	d.fields(n, "{evals: 200}",
		entry{"evals", func(n *node) { t.Evals, _ = d.integer(n, 1) }},
		entry{"run_time", func(n *node) { t.RunTime, _ = d.duration(n) }},
		entry{"perf_reached", func(n *node) { t.PerfReached = d.perfReached(n) }},
	)
	if len(n.fields) == 0 {
		d.wrong(n, "it is empty; expected evals, run_time or perf_reached, or terminate: none")
	}
}

func (d *draft) perfReached(n *node) map[string]float64 {
	if !d.isMapping(n, "{y: 0.4}") {
		return nil
	}
	if len(n.fields) == 0 {
		d.wrong(n, "it is empty; expected an output and the value to reach, as in {y: 0.4}")
	}
	values := make(map[string]float64, len(n.fields))
	for _, f := range n.fields {
		values[f.name], _ = d.number(f.value, "a number to reach")
	}
	return values
}

// checkTerminate looks for the outputs of perf_reached in the codomain.
func (d *draft) checkTerminate() {
	n := d.root.get("terminate").get("perf_reached")
	if n == nil || !d.good("codomain", "terminate") {
		return
	}
	var known []string
	for _, target := range d.def.Codomain.Objectives() {
		known = append(known, target.Name)
	}
	for _, f := range n.fields {
		switch {
		case len(known) == 0:
			d.add(f.at, f.value.path, "there is no codomain, so nothing is better than anything; add codomain: {%s: minimize}, or maximize", f.name)
		case !slices.Contains(known, f.name):
			d.add(f.at, f.value.path, "the codomain has no such output%s", nearest.Hint(f.name, known))
		}
	}
}

// terminators are those that workers look after; the store keeps to the number
// of evaluations.
func (d *Definition) terminators() []loops.Terminator {
	var list []loops.Terminator
	if d.Terminate.RunTime > 0 {
		list = append(list, loops.RunTime(d.Terminate.RunTime))
	}
	if len(d.Terminate.PerfReached) > 0 {
		list = append(list, loops.PerfReached{Codomain: d.Codomain, Values: maps.Clone(d.Terminate.PerfReached)})
	}
	return list
}
