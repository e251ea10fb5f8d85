package search

import (
	"fmt"
	"math"
	"regexp"
	"runtime"
	"strconv"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

// Task is what every task of the search is given.
type Task struct {
	Timeout    Duration `json:"timeout,omitempty"` // the longest evaluation; 0 is unlimited
	Stall      Duration `json:"stall,omitempty"`   // the longest silence of the objective; 0 is unlimited
	Memory     int64    `json:"memory,omitempty"`  // bytes its process may use; 0 is unlimited
	Isolate    bool     `json:"isolate,omitempty"` // in a process of its own; commands always are
	MaxRetries int      `json:"max_retries,omitempty"`
	Replicates int      `json:"replicates,omitempty"` // tasks with the same point; 0 is 1
	// Crashes is how many crashes in a row a worker bears; 0 is any number. See
	// loops.Unusable.
	Crashes int `json:"crashes,omitempty"`
}

func (d *draft) task(n *node) {
	t := &d.def.Task
	d.fields(n, "{timeout: 30s}",
		entry{"timeout", func(n *node) { t.Timeout, _ = d.duration(n) }},
		entry{"stall", func(n *node) { t.Stall, _ = d.duration(n) }},
		entry{"memory", func(n *node) { t.Memory = d.memory(n) }},
		entry{"isolate", func(n *node) { t.Isolate, _ = d.boolean(n) }},
		entry{"max_retries", func(n *node) { t.MaxRetries, _ = d.count(n, 0) }},
		entry{"crashes", func(n *node) { t.Crashes, _ = d.count(n, 0) }},
		entry{"replicates", func(n *node) { t.Replicates, _ = d.count(n, 1) }},
	)
	if t.Replicates == 1 {
		t.Replicates = 0
	}
}

// memory reads a number of bytes.
func (d *draft) memory(n *node) int64 {
	bytes, ok := n.bytes()
	switch {
	case !ok || bytes <= 0:
		d.wrong(n, "expected a number of bytes, or a text such as 512MiB or 2GB, found %s", n.found())
		return 0
	case runtime.GOOS != "linux":
		d.wrong(n, "the memory of a process can be limited on Linux only, and this is %s; remove it", runtime.GOOS)
	}
	return bytes
}

var sizes = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?([kKMGT]?)(i?)B$`)

// bytes reads 1048576, 512MiB or 2GB.
func (n *node) bytes() (int64, bool) {
	if f, ok := n.float(); ok {
		return int64(f), f >= 1 && f < math.MaxInt64
	}
	text, _ := n.value.(string)
	m := sizes.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	f, err := strconv.ParseFloat(m[1], 64)
	base := 1000.0
	if m[3] != "" {
		base = 1024
	}
	power := map[string]float64{"": 0, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4}[m[2]]
	f *= math.Pow(base, power)
	return int64(f), err == nil && f < math.MaxInt64
}

// checkTask looks whether the limits can be kept to.
func (d *draft) checkTask() {
	t := &d.def.Task
	if !d.good("objective", "task") || d.def.Objective.Command != nil || d.def.Objective.Plugin != nil || t.Isolate {
		return
	}
	for name, set := range map[string]bool{"memory": t.Memory > 0, "stall": t.Stall > 0} {
		if n := d.root.get("task").get(name); set && n != nil {
			d.wrong(n, "only an objective in a process of its own can be held to it; add isolate: true to task")
		}
	}
}

// options are what each task of the search carries.
func (t *Task) options() rush.Options {
	return rush.Options{
		Timeout: time.Duration(t.Timeout), Stall: time.Duration(t.Stall), Memory: t.Memory, Isolate: t.Isolate,
		MaxRetries: t.MaxRetries,
	}
}

func size(n int64) string {
	if n == 0 {
		return "unlimited"
	}
	return fmt.Sprintf("%d bytes", n)
}

// builtinPrefix is before the name of a built-in objective among those that a
// program serves.
const builtinPrefix = "builtin/"

// Builtins are the built-in objectives, under the names by which tasks that are
// to be isolated find them in another process. A program that serves [MakeLoop]
// adds them to its objectives if its searches isolate built-in ones.
func Builtins() map[string]loops.Objective {
	all := map[string]loops.Objective{}
	for _, name := range builtinNames() {
		if b, ok := builtinByName(name); ok {
			all[builtinPrefix+name] = b.objective()
		}
	}
	return all
}

// served is the name by which another process of the program finds the
// objective; empty for commands.
func (o *Objective) served() string {
	if o.Builtin != "" {
		return builtinPrefix + o.Builtin
	}
	return o.Function
}
