package search

import (
	"slices"
	"strings"

	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops/space"
)

// The loops that a search file can name.
const (
	RandomSearch = "random_search"
	GridSearch   = "grid_search"
	DesignPoints = "design_points"
	Queue        = "queue"
)

// A Loop says what chooses the points.
type Loop struct {
	Name       string            `json:"name"`
	Resolution *space.Resolution `json:"resolution,omitempty"` // of grid_search
	Design     *Design           `json:"design,omitempty"`     // of design_points
}

// loopArguments lists the loops and what each can be given.
func loopArguments() map[string][]string {
	return map[string][]string{RandomSearch: nil, GridSearch: {"resolution"}, DesignPoints: {"design"}, Queue: nil}
}

// loopNames lists the loops in the order in which people should read them.
func loopNames() []string { return []string{RandomSearch, GridSearch, DesignPoints, Queue} }

// loop reads a name, or a map with a name and arguments.
func (d *draft) loop(n *node) {
	l := &d.def.Loop
	if n.kind != mapping {
		l.Name = d.loopName(n)
		return
	}
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
