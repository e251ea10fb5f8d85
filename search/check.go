package search

import (
	"maps"
	"slices"

	"github.com/rushnet/rush/loops"
)

// defaultStopAfterFailures is how many first tasks have to fail alike to end a
// run whose file does not say.
const defaultStopAfterFailures = 5

// defaults fills in what the file leaves out.
func (d *draft) defaults() {
	if d.root.get("stop_after_failures") == nil {
		d.def.StopAfterFailures = defaultStopAfterFailures
	}
	if d.root.get("task").get("crashes") == nil {
		d.def.Task.Crashes = loops.DefaultCrashes
	}
	b, known := builtinByName(d.def.Objective.Builtin)
	if known && !d.has("space") && d.searchesSpace() && d.good("space", "loop") {
		d.def.Space = b.space
	}
	if known && !d.has("codomain") && d.good("codomain") {
		d.def.Codomain = b.codomain
	}
	if !d.has("loop") { // a plugin's loop has no name here
		d.def.Loop.Name = Queue
	}
	d.resolveAuto()
}

// check checks the parts against one another, as far as they are good
// themselves.
func (d *draft) check() {
	d.constrain()
	if d.good("loop") {
		d.checkLoop()
	}
	d.checkTerminate()
	d.checkTask()
	d.checkEarlyStopping()
	d.checkRecord()
	d.checkStart()
	d.checkInitial()
	if d.good("objective", "space", "codomain", "loop") {
		d.checkObjective(d.def.Inputs())
	}
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
