package search

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
)

// Terminate says when the run ends: the first that holds ends it. The zero value
// never ends it.
type Terminate struct {
	Evals       int64              `json:"evals,omitempty"`        // tasks finished or failed
	RunTime     Duration           `json:"run_time,omitempty"`     // over all resumes
	ClockTime   time.Time          `json:"clock_time,omitzero"`    // a moment
	PerfReached map[string]float64 `json:"perf_reached,omitempty"` // by one task, all of them

	Stagnation            *Stagnation `json:"stagnation,omitempty"`
	StagnationHypervolume *Stagnation `json:"stagnation_hypervolume,omitempty"`
	// ExpectedImprovement ends the run when there is nothing left to gain.
	ExpectedImprovement *Stagnation `json:"expected_improvement,omitempty"`

	// Any has more of which each ends the run, All those that have to hold at the
	// same time.
	Any []Terminate `json:"any,omitempty"`
	All []Terminate `json:"all,omitempty"`
}

// A Stagnation is how many tasks have to gain how little.
type Stagnation struct {
	Iters     int     `json:"iters"`
	Threshold float64 `json:"threshold"`
}

// How many tasks are looked at if the file does not say; the first is bbotk's.
const (
	defaultStagnationIters = 10
	defaultGainIters       = 5
)

func (t *Terminate) isNone() bool {
	return t.Evals == 0 && t.RunTime == 0 && t.ClockTime.IsZero() && len(t.PerfReached) == 0 &&
		t.Stagnation == nil && t.StagnationHypervolume == nil && t.ExpectedImprovement == nil &&
		len(t.Any) == 0 && len(t.All) == 0
}

// limit is the number of tasks that ends the run, whatever else does; 0 is none.
func (t *Terminate) limit() int64 {
	least := t.Evals
	for i := range t.Any {
		if n := t.Any[i].limit(); n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return least
}

// asksGain reports whether what a loop expects to gain may end the run.
func (t *Terminate) asksGain() bool {
	asks := func(t Terminate) bool { return t.asksGain() }
	return t.ExpectedImprovement != nil || slices.ContainsFunc(t.Any, asks) || slices.ContainsFunc(t.All, asks)
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
	d.terminators(n, &d.def.Terminate)
	if len(n.fields) == 0 {
		d.wrong(n, "it is empty; expected evals, run_time or perf_reached, or terminate: none")
	}
}

// terminators reads a map of terminators.
func (d *draft) terminators(n *node, t *Terminate) {
	d.fields(n, "{evals: 200}", d.terminatorParts(t)...)
}

// terminatorParts are the terminators by name.
func (d *draft) terminatorParts(t *Terminate) []entry {
	return []entry{
		{"evals", func(n *node) { t.Evals, _ = d.integer(n, 1) }},
		{"run_time", func(n *node) { t.RunTime, _ = d.duration(n) }},
		{"clock_time", func(n *node) { t.ClockTime = d.moment(n) }},
		{"perf_reached", func(n *node) { t.PerfReached = d.perfReached(n) }},
		{"stagnation", func(n *node) { t.Stagnation = d.stagnation(n) }},
		{"stagnation_hypervolume", func(n *node) { t.StagnationHypervolume = d.stagnation(n) }},
		{"expected_improvement", func(n *node) { t.ExpectedImprovement = d.expectedImprovement(n) }},
		{"any", func(n *node) { t.Any = d.combination(n) }},
		{"all", func(n *node) { t.All = d.combination(n) }},
	}
}

// misplaced is a hint on a terminator that is given beside terminate, not in it.
func misplaced(f *field) string {
	name := f.name
	if name == "n_evals" { // as bbotk has it
		name = "evals"
	}
	known := func(e entry) bool { return e.name == name }
	if !slices.ContainsFunc((*draft)(nil).terminatorParts(nil), known) {
		return ""
	}
	value := "..."
	if f.value.kind == scalar && f.value.text != "" {
		value = f.value.text
	}
	return fmt.Sprintf("; terminators go into terminate: {%s: %s}", name, value)
}

// combination reads a list of maps of terminators.
func (d *draft) combination(n *node) []Terminate {
	if n.kind != list || len(n.items) == 0 {
		d.wrong(n, "expected a list of terminators such as [{evals: 100}, {stagnation: {iters: 30}}], found %s", n.found())
		return nil
	}
	all := make([]Terminate, len(n.items))
	for i, item := range n.items {
		d.terminators(item, &all[i])
		if item.kind == mapping && len(item.fields) == 0 {
			d.wrong(item, "it is empty; expected a terminator such as {evals: 100}")
		}
	}
	return all
}

// moments are the forms of a moment; without a zone it is in that of this machine.
var moments = []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"}

func (d *draft) moment(n *node) time.Time {
	text, ok := n.value.(string)
	for _, layout := range moments {
		if t, err := time.ParseInLocation(layout, text, time.Local); ok && err == nil {
			return t.UTC()
		}
	}
	d.wrong(n, "expected a moment such as 2030-12-24 18:00, or 2030-12-24T18:00:00Z, found %s", n.found())
	return time.Time{}
}

// stagnation reads {iters: 30, threshold: 0.01}.
func (d *draft) stagnation(n *node) *Stagnation {
	s := &Stagnation{Iters: defaultStagnationIters}
	d.fields(n, "{iters: 30, threshold: 0.01}",
		entry{"iters", func(n *node) { s.Iters, _ = d.count(n, 1) }},
		entry{"threshold", func(n *node) { s.Threshold = d.threshold(n) }},
	)
	return s
}

// expectedImprovement reads a threshold, or {threshold: 0.001, iters: 5}.
func (d *draft) expectedImprovement(n *node) *Stagnation {
	s := &Stagnation{Iters: defaultGainIters}
	if n.kind != mapping {
		s.Threshold = d.threshold(n)
		return s
	}
	d.fields(n, "{threshold: 0.001}",
		entry{"iters", func(n *node) { s.Iters, _ = d.count(n, 1) }},
		entry{"threshold", func(n *node) { s.Threshold = d.threshold(n) }},
	)
	if n.get("threshold") == nil {
		d.wrong(n, "the threshold is missing; expected {threshold: 0.001}, in standard deviations of the output")
	}
	return s
}

func (d *draft) threshold(n *node) float64 {
	v, ok := d.number(n, "a number of at least 0")
	if ok && v < 0 {
		d.wrong(n, "expected a number of at least 0, found %s", n.found())
	}
	return v
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

// checkTerminate checks the terminators against the codomain and the loop.
func (d *draft) checkTerminate() {
	if n := d.root.get("terminate"); n != nil && d.good("codomain", "terminate") {
		d.checkTerminators(n, &d.def.Loop)
	}
	d.checkParts()
}

// checkTerminators checks them for a loop, or one of a chain.
func (d *draft) checkTerminators(n *node, loop *Loop) {
	d.checkPerf(n.get("perf_reached"))
	objectives := len(d.def.Codomain.Objectives())
	if f := n.get("stagnation"); f != nil && objectives != 1 {
		d.wrong(f, "it needs one output to minimize or maximize, and the codomain has %d%s", objectives, otherFor(objectives))
	}
	if f := n.get("stagnation_hypervolume"); f != nil && objectives < 2 {
		d.wrong(f, "it needs two outputs or more to minimize or maximize, and the codomain has %d%s", objectives, otherFor(objectives))
	}
	if f := n.get("expected_improvement"); f != nil && d.good("loop") && !loop.promises() {
		d.wrong(f, "the loop %s does not say what it expects of its points; async_mbo does", loop.Name)
	}
	for _, name := range []string{"any", "all"} {
		if c := n.get(name); c != nil {
			for _, item := range c.items {
				d.checkTerminators(item, loop)
			}
		}
	}
}

// promises reports whether the loop may say what it expects of a point: a built-in
// one that does, one that chooses among loops, or a program's.
func (l *Loop) promises() bool {
	return slices.Contains([]string{"", "async_mbo", "adbo", "parego", "auto", "chain"}, l.Name)
}

// otherFor names the terminator of stagnation for so many objectives.
func otherFor(objectives int) string {
	switch {
	case objectives == 0:
		return ""
	case objectives == 1:
		return ": use stagnation"
	}
	return ": use stagnation_hypervolume"
}

// checkPerf looks for the outputs of perf_reached in the codomain.
func (d *draft) checkPerf(n *node) {
	if n == nil {
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
	t := d.Terminate
	t.Evals = 0
	return d.made(&t)
}

// made makes terminators of which each ends the run.
func (d *Definition) made(t *Terminate) []loops.Terminator {
	var list []loops.Terminator
	if t.Evals > 0 {
		list = append(list, loops.Evals(t.Evals))
	}
	if t.RunTime > 0 {
		list = append(list, loops.RunTime(t.RunTime))
	}
	if !t.ClockTime.IsZero() {
		list = append(list, loops.ClockTime(t.ClockTime))
	}
	if len(t.PerfReached) > 0 {
		list = append(list, loops.PerfReached{Codomain: d.Codomain, Values: maps.Clone(t.PerfReached)})
	}
	if s := t.Stagnation; s != nil {
		list = append(list, loops.Stagnation{Codomain: d.Codomain, Iters: s.Iters, Threshold: s.Threshold})
	}
	if s := t.StagnationHypervolume; s != nil {
		list = append(list, loops.StagnationHypervolume{Codomain: d.Codomain, Iters: s.Iters, Threshold: s.Threshold})
	}
	if s := t.ExpectedImprovement; s != nil {
		list = append(list, loops.ExpectedImprovement{Threshold: s.Threshold, Iters: s.Iters})
	}
	for i := range t.Any {
		list = append(list, one(d.made(&t.Any[i])))
	}
	if len(t.All) > 0 {
		all := make(loops.AllOf, len(t.All))
		for i := range t.All {
			all[i] = one(d.made(&t.All[i]))
		}
		list = append(list, all)
	}
	return list
}

// one makes one terminator of some.
func one(list []loops.Terminator) loops.Terminator {
	if len(list) == 1 {
		return list[0]
	}
	return loops.AnyOf(list)
}
