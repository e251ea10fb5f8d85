package search

import (
	"slices"
	"strings"

	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
)

// The loops that a search file can name.
const (
	RandomSearch = "random_search"
	GridSearch   = "grid_search"
	DesignPoints = "design_points"
	Queue        = "queue"
)

// A Loop says what chooses the points: one of the built-in loops by name, or a
// plugin.
type Loop struct {
	Name       string            `json:"name,omitempty"`
	Resolution *space.Resolution `json:"resolution,omitempty"` // of grid_search
	Design     *Design           `json:"design,omitempty"`     // of design_points

	Plugin *Plugin `json:"plugin,omitempty"`
	Args   Args    `json:"args,omitempty"` // of the plugin's loop
	// Worker says that the plugin is a worker process itself; see
	// [Definition.CheckPlugins].
	Worker bool `json:"worker,omitempty"`
}

// Loops are the loops that a search file can name, in the order in which people
// should read them.
func Loops() []loops.Declaration {
	none := []loops.Argument{}
	return []loops.Declaration{
		{Name: RandomSearch, Help: "Draws points uniformly from the space.", Arguments: none},
		{Name: GridSearch, Help: "Evaluates a grid over the space, and ends.", Arguments: []loops.Argument{{
			Name: "resolution", Type: loops.Any,
			Help: "how many values a parameter has on the grid: one number, or a map from parameters to numbers",
		}}},
		{Name: DesignPoints, Help: "Evaluates the points of a file, and ends.", Arguments: []loops.Argument{{
			Name: "design", Type: loops.Text, Required: true, Help: "the file: .csv, .jsonl or .parquet",
		}}},
		{Name: Queue, Help: "Evaluates what is pushed until it is told to end.", Arguments: none},
	}
}

// loopArguments lists the loops and what each can be given.
func loopArguments() map[string][]string {
	all := map[string][]string{}
	for _, l := range Loops() {
		all[l.Name] = []string{}
		for _, a := range l.Arguments {
			all[l.Name] = append(all[l.Name], a.Name)
		}
	}
	return all
}

func loopNames() []string {
	var names []string
	for _, l := range Loops() {
		names = append(names, l.Name)
	}
	return names
}

// loop reads a name, or a map with a name and arguments, or with a plugin.
func (d *draft) loop(n *node) {
	l := &d.def.Loop
	switch {
	case n.kind != mapping:
		l.Name = d.loopName(n)
	case n.get("plugin") != nil:
		d.loopPlugin(n)
	default:
		d.builtinLoop(n)
	}
}

func (d *draft) loopPlugin(n *node) {
	var p Plugin
	l := &d.def.Loop
	l.Plugin = &p
	d.fields(n, pluginExample, append(d.pluginParts(&p),
		entry{"plugin", func(n *node) { p.Command = d.words(n) }},
		entry{"env", func(n *node) { p.Env = d.commandEnv(n) }},
		entry{"args", func(n *node) {
			if d.isMapping(n, "{epochs: 20}") {
				l.Args = n.plain().(map[string]any)
			}
		}},
	)...)
}

func (d *draft) builtinLoop(n *node) {
	l := &d.def.Loop
	given := []string{}
	note := func(name string, read func(*node)) entry {
		return entry{name, func(n *node) { given = append(given, name); read(n) }}
	}
	d.fields(n, "{name: random_search}",
		entry{"name", func(n *node) { l.Name = d.loopName(n) }},
		note("resolution", func(n *node) { l.Resolution = d.resolution(n) }),
		note("design", func(n *node) {
			file, _ := d.text(n, "the name of a file")
			l.Design = &Design{File: file}
		}),
	)
	if n.get("name") == nil {
		d.wrong(n, "the name is missing; expected %s", orList(loopNames()))
		return
	}
	for _, name := range given {
		if known, ok := loopArguments()[l.Name]; ok && !slices.Contains(known, name) {
			d.add(n.field(name).at, below(n.path, name), "the loop %s has no %s; remove it", l.Name, name)
		}
	}
}

func (d *draft) loopName(n *node) string {
	name, ok := d.text(n, "the name of a loop")
	if _, known := loopArguments()[name]; ok && !known {
		d.wrong(n, "there is no loop %s%s", name, nearest.Hint(name, loopNames()))
	}
	return name
}

// resolution reads one number, or one for each of some parameters.
func (d *draft) resolution(n *node) *space.Resolution {
	if n.kind != mapping {
		each, _ := d.count(n, 1)
		return &space.Resolution{Each: each}
	}
	of := make(map[string]int, len(n.fields))
	for _, f := range n.fields {
		of[f.name], _ = d.count(f.value, 1)
	}
	return &space.Resolution{Of: of}
}

// checkLoop checks the loop against the space and the terminators.
func (d *draft) checkLoop() {
	switch l := &d.def.Loop; l.Name {
	case RandomSearch:
		d.checkRandomSearch()
	case GridSearch:
		if d.needsSpace() {
			var err error
			if d.def.cached, err = d.def.grid(); err != nil {
				d.blameGrid(err)
			}
		}
	case DesignPoints:
		d.checkDesign()
	}
}

func (d *draft) checkRandomSearch() {
	d.needsSpace()
	if d.def.Terminate.isNone() && d.root.get("terminate") == nil && d.good("terminate") {
		d.blame("terminate", "a random search does not end by itself: add evals, run_time or perf_reached, as in terminate: {evals: 200}, or write terminate: none")
	}
}

// needsSpace reports whether there is a space to work on.
func (d *draft) needsSpace() bool {
	if !d.good("space") {
		return false
	}
	if d.def.Space.Len() == 0 {
		d.blame("space", "it is missing: %s needs to know the parameters, as in space: {x1: {type: dbl, lower: 0, upper: 1}}", d.def.Loop.Name)
	}
	return d.def.Space.Len() > 0
}

// blameGrid adds what is wrong with the grid, at the parameter or at the loop.
func (d *draft) blameGrid(err error) {
	loop := d.root.get("loop")
	if resolution := loop.get("resolution"); resolution != nil {
		loop = resolution
	}
	d.wrong(loop, "%s", strings.TrimPrefix(err.Error(), "resolution: "))
}

func (d *Definition) grid() (*space.Grid, error) {
	if d.cached != nil {
		return d.cached, nil
	}
	var r space.Resolution
	if d.Loop.Resolution != nil {
		r = *d.Loop.Resolution
	}
	return d.Space.Grid(r)
}
