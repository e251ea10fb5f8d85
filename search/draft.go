package search

import (
	"log/slog"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/seeds"
)

// A draft is a search file while it is read.
//
//	read ─┬─ fields      every part by itself: names, types, ranges
//	      ├─ defaults    what is left out
//	      └─ check       the parts against one another
type draft struct {
	*reader
	root *node
	file *File
	def  *Definition

	strange bool            // the file has fields that there are not: one that is left out may be meant
	bad     map[string]bool // parts with mistakes, by name

	constraints     []string // of the space, added to it when all is read
	constraintNodes []*node

	initialNodes []*node // the points that are evaluated first, completed when all is read
}

// parts lists the fields of a search file.
func (d *draft) parts() []entry {
	return []entry{
		{"network", d.network},
		{"seed", d.seed},
		{"workers", func(n *node) { d.file.Workers, _ = d.count(n, 1) }},
		{"log", d.log},
		{"objective", d.objective},
		{"space", d.space},
		{"constraint", d.constraint},
		{"codomain", d.codomain},
		{"constants", d.constants},
		{"loop", d.loop},
		{"terminate", d.terminate},
		{"task", d.task},
		{"early_stopping", d.earlyStopping},
		{"stop_after_failures", func(n *node) { d.def.StopAfterFailures, _ = d.count(n, 0) }},
		{"record", func(n *node) { d.def.Record, _ = d.boolean(n) }},
		{"on", d.on},
		{"start", d.start},
		{"initial", d.initial},
	}
}

// read reads the whole file.
func (d *draft) read() {
	const example = "objective: {builtin: branin}"
	if !d.isMapping(d.root, example) {
		return
	}
	d.fieldsOr(d.root, example, misplaced, d.watched()...)
	for _, f := range d.root.fields {
		d.strange = d.strange || !d.isPart(f.name)
	}
	d.defaults()
	d.check()
}

// watched returns the parts so that reading one notes whether it has mistakes.
func (d *draft) watched() []entry {
	entries := d.parts()
	for i, e := range entries {
		entries[i].read = func(n *node) {
			before := len(d.found)
			e.read(n)
			d.bad[e.name] = len(d.found) > before || n.isBroken()
		}
	}
	return entries
}

func (d *draft) isPart(name string) bool {
	for _, e := range d.parts() {
		if e.name == name {
			return true
		}
	}
	return false
}

// has reports whether the file has the part.
func (d *draft) has(name string) bool { return d.root.get(name) != nil }

// good reports whether the parts can be relied on: none has a mistake, and none
// was left out that may be meant by a strange name.
func (d *draft) good(names ...string) bool {
	for _, name := range names {
		n := d.root.get(name)
		if d.bad[name] || n == nil && d.strange || n != nil && n.kind == scalar && n.value == nil {
			return false
		}
	}
	return true
}

// blame adds a mistake about a part, at its name, or about the file if the part
// is left out.
func (d *draft) blame(name, format string, args ...any) {
	var at place
	if f := d.root.field(name); f != nil {
		at = f.at
	}
	d.add(at, name, format, args...)
}

func (d *draft) network(n *node) {
	text, ok := d.text(n, "the name of a network")
	if !ok {
		return
	}
	d.file.Network = rush.NetworkID(text)
	if err := d.file.Network.Validate(); err != nil {
		d.wrong(n, "%v", err)
	}
}

// log reads a level, or a map from loggers to levels.
func (d *draft) log(n *node) {
	const example = "info or {rush: warn, rush/objective: debug}"
	t := logstore.Thresholds{}
	if n.kind != mapping {
		t[""] = d.level(n, example)
	}
	for _, f := range n.fields {
		t[f.name] = d.level(f.value, example)
	}
	d.file.Log = t
}

func (d *draft) level(n *node, example string) (level slog.Level) {
	text, ok := n.value.(string)
	if !ok || level.UnmarshalText([]byte(text)) != nil {
		d.wrong(n, "expected a level (debug, info, warn or error), as in %s, found %s", example, n.found())
	}
	return level
}

// seed reads one integer, or the seven of R's .Random.seed.
// seed reads one integer, or the seven of R's .Random.seed.
func (d *draft) seed(n *node) {
	const expected = "an integer from -2147483648 to 2147483647, or the seven integers of a stream"
	if n.kind == list {
		integers := make([]int64, len(n.items))
		for i, item := range n.items {
			var ok bool
			if integers[i], ok = item.value.(int64); !ok {
				d.wrong(item, "expected an integer, found %s", item.found())
				return
			}
		}
		s, err := seeds.Parse(integers)
		if err != nil {
			d.wrong(n, "%v", err)
		}
		d.def.Seed = &s
		return
	}
	i, ok := n.value.(int64)
	if !ok || n.kind != scalar || i != int64(int32(i)) {
		d.wrong(n, "expected %s, found %s", expected, n.found())
		return
	}
	s := seeds.New(int32(i))
	d.def.Seed = &s
}

func (d *draft) codomain(n *node) {
	if !d.isMapping(n, "{y: minimize}") {
		return
	}
	for _, f := range n.fields {
		goal, _ := d.choice(f.value, string(loops.Minimize), string(loops.Maximize), string(loops.Constraint), string(loops.Record))
		d.def.Codomain = append(d.def.Codomain, loops.Target{Name: f.name, Goal: loops.Goal(goal)})
		if strings.TrimSpace(f.name) == "" {
			d.add(f.at, n.path, "an output has no name; expected one such as y")
		}
	}
}

func (d *draft) constants(n *node) {
	if d.isMapping(n, "{data: train.csv}") {
		d.def.Constants = n.plain().(map[string]any)
	}
}
