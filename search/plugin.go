package search

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
)

// A Plugin is an objective or a loop that another program serves.
type Plugin struct {
	plugins.Spec
	Name string `json:"name,omitempty"` // which of those that it serves; empty: its only one
}

const pluginExample = "{plugin: [./program], name: f}"

// Args are the arguments of a loop. In JSON nothing of them is lost.
type Args rush.Values

// MarshalJSON writes the arguments.
func (a Args) MarshalJSON() ([]byte, error) { return marshalValues(rush.Values(a)) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Args) UnmarshalJSON(b []byte) error {
	v, err := unmarshalValues(b)
	*a = Args(v)
	return err
}

// pluginParts are the fields of a plugin beside plugin itself, which takes what
// begins with ./ relative to the search file's directory.
func (d *draft) pluginParts(p *Plugin) []entry {
	return []entry{
		{"name", func(n *node) { p.Name, _ = d.text(n, "a name that the program serves") }},
		{"sha256", func(n *node) { p.SHA256 = d.sha256(n) }},
	}
}

// sha256 reads a checksum.
func (d *draft) sha256(n *node) string {
	sum, ok := d.text(n, "a SHA-256 checksum")
	if ok && !isSHA256(sum) {
		d.wrong(n, "expected a SHA-256 checksum, 64 hexadecimal digits as sha256sum prints them, found %s", n.found())
	}
	return sum
}

func isSHA256(s string) bool {
	for _, r := range s {
		if !('0' <= r && r <= '9' || 'a' <= r && r <= 'f') {
			return false
		}
	}
	return len(s) == 64
}

// CheckPlugins starts the programs that the search names as plugins, and one that
// is its loop, asks what they serve, and ends them: whether the objective and the
// loop are there, and whether the loop takes the arguments. What it learns it adds
// to the definition: defaults of arguments, and which process the loop runs in. A
// search without such programs is left as it is.
func (d *Definition) CheckPlugins(ctx context.Context) error {
	if p := d.Objective.Plugin; p != nil {
		served, err := d.describe(ctx, p.Spec)
		if err == nil {
			var declared loops.Declaration
			if declared, err = served.Find("objective", p.Name); err == nil {
				err = d.checkObjective(&declared)
			}
		}
		if err != nil {
			return fmt.Errorf("objective: %w", err)
		}
	}
	if p := d.Loop.Plugin; p != nil {
		if err := d.checkLoopPlugin(ctx, p); err != nil {
			return fmt.Errorf("loop: %w", err)
		}
	}
	if d.Loop.Command != nil {
		if err := d.checkLoopCommand(ctx); err != nil {
			return fmt.Errorf("loop: %w", err)
		}
	}
	return nil
}

// VerifyPlugins compares the programs that the search names, as plugins or as
// commands that stay, with their checksums, and starts nothing.
func (d *Definition) VerifyPlugins() error {
	for _, part := range []struct {
		name    string
		plugin  *Plugin
		command *plugins.Spec
	}{
		{"objective", d.Objective.Plugin, d.Objective.kept()},
		{"loop", d.Loop.Plugin, d.Loop.Command},
	} {
		s := part.command
		if part.plugin != nil {
			s = &part.plugin.Spec
		}
		if s == nil {
			continue
		}
		located := d.located(*s)
		if err := located.Verify(); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// kept is the command that stays, if the objective is one whose arguments are all
// known; else nil.
func (o *Objective) kept() *plugins.Spec {
	c := o.Command
	if c == nil || !c.Keep || slices.ContainsFunc(c.Command, func(arg string) bool { return strings.Contains(arg, "{{") }) {
		return nil
	}
	return &plugins.Spec{Command: c.Command, SHA256: c.SHA256}
}

func (d *Definition) checkLoopPlugin(ctx context.Context, p *Plugin) error {
	served, err := d.describe(ctx, p.Spec)
	if err != nil {
		return err
	}
	declared, err := served.Find("loop", p.Name)
	if err != nil {
		return err
	}
	args, err := declared.Check(rush.Values(d.Loop.Args))
	if err != nil {
		return fmt.Errorf("%s: %w", declared.Name, err)
	}
	p.Name, d.Loop.Args, d.Loop.Worker = declared.Name, Args(args), served.Worker
	return nil
}

// describe says what the program serves beside what [Serve] adds.
func (d *Definition) describe(ctx context.Context, s plugins.Spec) (plugins.Description, error) {
	served, err := plugins.Describe(ctx, d.located(s))
	served.Loops = slices.DeleteFunc(served.Loops, func(l loops.Declaration) bool { return l.Name == LoopName })
	return served, err
}

// located is a plugin's program as it is started: in the search file's
// directory.
func (d *Definition) located(s plugins.Spec) plugins.Spec {
	s.Dir = d.Dir
	return s
}

// Workers says which workers the search needs, for network.Rush.StartWorkers: n
// on this machine, 0 for one on each core. They are this program, which is to
// call [Serve], or that of a plugin whose loop is a worker process itself.
func (d *Definition) Workers(n int) network.Workers {
	w := network.Workers{N: n, Loop: LoopName, Args: loopArgs(n)}
	if p := d.Loop.Plugin; p != nil && d.Loop.Worker {
		w.Command, w.Dir, w.SHA256 = p.Command, d.Dir, p.SHA256
		for name, value := range p.Env {
			w.Env = append(w.Env, name+"="+value)
		}
	}
	return w
}

// loopArgs are the arguments of the loop that [Serve] adds.
func loopArgs(n int) rush.Values {
	if n <= 0 {
		return nil
	}
	return rush.Values{workersArg: int64(n)}
}

var _ json.Unmarshaler = (*Args)(nil)
