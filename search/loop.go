package search

import (
	"strings"

	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/command"
)

// The loops that a search file can name.
const (
	RandomSearch = "random_search"
	GridSearch   = "grid_search"
	DesignPoints = "design_points"
	Queue        = "queue"
)

// A Loop says what chooses the points: one of the built-in loops by name, a
// plugin, or a command.
type Loop struct {
	Name       string            `json:"name,omitempty"`
	Resolution *space.Resolution `json:"resolution,omitempty"` // of grid_search
	Design     *Design           `json:"design,omitempty"`     // of design_points, and first points of a command

	Plugin *Plugin `json:"plugin,omitempty"`
	// Command is a program that calls its verbs as JSON lines.
	Command *plugins.Spec `json:"command,omitempty"`

	Chain []Part `json:"chain,omitempty"` // of chain

	Args Args `json:"args,omitempty"` // of an optimizer, or of the plugin's or the command's loop
	// Auto is why the loop was picked for the search; empty if the file names it. See
	// the constant [Auto].
	Auto string `json:"auto,omitempty"`
	// Worker says that the plugin is a worker process itself; see
	// [Definition.CheckPlugins].
	Worker bool `json:"worker,omitempty"`
}

// loop reads a name, or a map with a name and arguments, or with a plugin.
func (d *draft) loop(n *node) {
	l := &d.def.Loop
	switch {
	case n.kind != mapping:
		l.Name = d.loopName(n)
		d.needsArguments(n)
		d.optimizerDefaults()
	case n.get("plugin") != nil:
		d.loopPlugin(n)
	case n.get("command") != nil:
		d.loopCommand(n)
	case n.get(Chain) != nil:
		d.loopChain(n)
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
		entry{"args", d.loopArgs},
	)...)
}

func (d *draft) loopArgs(n *node) {
	if d.isMapping(n, "{epochs: 20}") {
		d.def.Loop.Args = n.plain().(map[string]any)
	}
}

func (d *draft) loopCommand(n *node) {
	c := new(plugins.Spec)
	d.def.Loop.Command = c
	d.fields(n, "{command: [Rscript, loop.R]}",
		entry{"command", func(n *node) {
			if c.Command = d.words(n); n.kind == list && len(n.items) == 0 {
				d.wrong(n, "the list is empty; expected the program and its arguments, such as [Rscript, loop.R]")
			}
		}},
		entry{"env", func(n *node) { c.Env = d.commandEnv(n) }},
		entry{"sha256", func(n *node) { c.SHA256 = d.sha256(n) }},
		entry{"args", d.loopArgs},
		entry{"design", func(n *node) {
			file, _ := d.text(n, "the name of a file")
			d.def.Loop.Design = &Design{File: file}
		}},
	)
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
	if c := d.def.Loop.Command; c != nil && len(c.Command) > 0 {
		if _, err := command.Find(c.Command[0], d.def.Dir); err != nil {
			d.wrong(d.root.get("loop").get("command"), "%s", err)
		} else if located := d.def.located(*c); located.Verify() != nil {
			d.wrong(d.root.get("loop").get("sha256"), "%s", located.Verify())
		}
		if d.def.Loop.Design != nil {
			d.checkDesign()
		}
	}
	switch l := &d.def.Loop; l.Name {
	case Auto:
		d.needsSpace()
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
	default:
		d.checkOptimizer()
	}
}

func (d *draft) checkRandomSearch() {
	d.needsSpace()
	d.needsEnd(d.def.Loop.what())
}

// what is the loop in a sentence.
func (l *Loop) what() string {
	switch {
	case l.Auto != "":
		return "the search"
	case l.Name == RandomSearch:
		return "a random search"
	}
	return l.Name
}

// needsEnd asks for a terminator for a loop that does not end by itself.
func (d *draft) needsEnd(what string) {
	if d.def.Terminate.isNone() && d.root.get("terminate") == nil && d.good("terminate") {
		d.blame("terminate", "%s does not end by itself: add evals, run_time or perf_reached, as in terminate: {evals: 200}, or write terminate: none", what)
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
