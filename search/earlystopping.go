package search

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
)

// EarlyStopping says which evaluations end early, from what they report on their
// way. The zero value ends none.
type EarlyStopping struct {
	Median *MedianStopping `json:"median,omitempty"`
}

// MedianStopping ends a task that is worse than the median of the others at the
// same step; see [loops.MedianStop].
type MedianStopping struct {
	Output string `json:"output"`           // of the codomain
	Grace  int64  `json:"grace,omitempty"`  // the first step at which a task may be stopped
	Enough int    `json:"enough,omitempty"` // how many other tasks must have reported the step; 0 is loops.DefaultEnough
}

// medianRule is the rule's name in a search file.
const medianRule = "median"

const stoppingExample = "{median: {grace: 5, enough: 3}}"

// earlyStopping reads the name of a rule, or a map from it to what it is given.
func (d *draft) earlyStopping(n *node) {
	s := &d.def.EarlyStopping
	if n.kind != mapping {
		if name, ok := n.value.(string); n.kind == scalar && ok && name == medianRule {
			s.Median = new(MedianStopping)
			return
		}
		d.wrong(n, "expected %s, or a map such as %s, found %s", medianRule, stoppingExample, n.found())
		return
	}
	if len(n.fields) == 0 {
		d.wrong(n, "it is empty; expected a map such as %s", stoppingExample)
	}
	d.fields(n, stoppingExample, entry{medianRule, func(n *node) { s.Median = d.medianStopping(n) }})
}

func (d *draft) medianStopping(n *node) *MedianStopping {
	m := new(MedianStopping)
	d.fields(n, "{grace: 5, enough: 3}",
		entry{"output", func(n *node) { m.Output, _ = d.text(n, "an output of the codomain") }},
		entry{"grace", func(n *node) { m.Grace, _ = d.integer(n, 0) }},
		entry{"enough", func(n *node) { m.Enough, _ = d.count(n, 1) }},
	)
	return m
}

// checkEarlyStopping finds the output that is compared, and whether anything is
// ever reported.
func (d *draft) checkEarlyStopping() {
	const part = "early_stopping"
	m := d.def.EarlyStopping.Median
	if m == nil || !d.good(part) {
		return
	}
	if d.good("codomain") {
		d.checkStoppedOutput(part, m)
	}
	ownLoop := d.def.Loop.Command != nil || d.def.Loop.Plugin != nil
	if !d.good("objective", "loop") || ownLoop { // which may report itself
		return
	}
	switch o := &d.def.Objective; {
	case o.Builtin != "":
		d.blame(part, "nothing is ever compared: a built-in objective reports no steps; remove it")
	case o.Command != nil && !o.Command.Keep:
		d.blame(part, "nothing is ever compared: a command reports its steps only when it is kept; add keep: true to objective, and see docs/json-lines.md")
	}
}

func (d *draft) checkStoppedOutput(part string, m *MedianStopping) {
	objectives := d.def.Codomain.Objectives()
	names := make([]string, len(objectives))
	for i, t := range objectives {
		names[i] = t.Name
	}
	switch n := d.root.get(part).get(medianRule).get("output"); {
	case len(names) == 0:
		d.blame(part, "there is no codomain, so nothing is better than anything; add codomain: {y: minimize}, or maximize")
	case n != nil && !slices.Contains(names, m.Output):
		d.wrong(n, "the codomain has no such output%s", nearest.Hint(m.Output, names))
	case n == nil && len(names) > 1:
		d.blame(part, "the codomain has %s; say which of them is compared, as in {median: {output: %s}}", strings.Join(names, ", "), names[0])
	case n == nil:
		m.Output = names[0]
	}
}

// stopper is the rule at work; nil when there is none.
func (d *Definition) stopper() loops.Stopper {
	m := d.EarlyStopping.Median
	if m == nil {
		return nil
	}
	for _, t := range d.Codomain {
		if t.Name == m.Output {
			return &loops.MedianStop{Target: t, Grace: m.Grace, Enough: m.Enough}
		}
	}
	return nil // which a definition that was checked never is
}

// String says the rule in words; "none" for the zero value.
func (s EarlyStopping) String() string {
	m := s.Median
	if m == nil {
		return "none"
	}
	enough := m.Enough
	if enough == 0 {
		enough = loops.DefaultEnough
	}
	return fmt.Sprintf("a task whose %s is worse than the median of %d other tasks or more, from step %d on", m.Output, enough, m.Grace)
}
