package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/hosted"
	"github.com/rushnet/rush/search"
)

func (a *app) pluginsCommand() *cobra.Command {
	return a.withJSON(&cobra.Command{
		Use:   "plugins [NAME | FILE | PROGRAM [ARGUMENT...]]",
		Short: "List the objectives and loops that are built in, or that a program serves",
		Long: `List the objectives and loops that are built in, or the one of that name; or those
that a program serves, with their arguments; or those of all programs that a
search file names. A program is started, asked, and ended: a plugin, or a loop that speaks JSON
lines. Flags that are the program's own come after --.`,
		Example: `  rush plugins
  rush plugins tpe
  rush plugins ./bin
  rush plugins -- python3 -u loop.py
  rush plugins search.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			offers, err := offersOf(cmd.Context(), args)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(offersJSON(offers))
			}
			for i, o := range offers {
				if i > 0 {
					a.printf("\n")
				}
				a.printOffer(o)
			}
			return nil
		},
	})
}

// An offer is what a program has.
type offer struct {
	program string // as a person would type it; "" is this one
	lines   bool   // it is a loop in JSON lines, not a plugin
	plugins.Description
}

// offersOf finds what the arguments of the command name.
func offersOf(ctx context.Context, args []string) ([]offer, error) {
	builtin := offer{Description: plugins.Description{
		Version: version, Language: "go", Worker: true, Objectives: search.Objectives(), Loops: search.Loops(),
	}}
	if len(args) == 1 {
		others := func(d loops.Declaration) bool { return d.Name != args[0] }
		one := builtin
		one.Objectives, one.Loops = slices.DeleteFunc(builtin.Objectives, others), slices.DeleteFunc(builtin.Loops, others)
		if len(one.Objectives)+len(one.Loops) > 0 {
			return []offer{one}, nil
		}
	}
	switch {
	case len(args) == 0:
		return []offer{builtin}, nil
	case len(args) == 1 && slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(args[0])):
		return offersOfFile(ctx, args[0])
	}
	command, err := startable(args)
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	spec := plugins.Spec{Command: command}
	o, err := describe(ctx, spec)
	if errors.Is(err, plugins.ErrJSONLines) {
		o, err = describeLines(ctx, spec)
	}
	return []offer{o}, err
}

// offersOfFile asks the programs that a search file names.
func offersOfFile(ctx context.Context, path string) ([]offer, error) {
	file, err := search.Load(path)
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	var offers []offer
	def := file.Definition
	for _, p := range []*search.Plugin{def.Objective.Plugin, def.Loop.Plugin} {
		if p == nil || slices.ContainsFunc(offers, func(o offer) bool { return o.program == p.String() }) {
			continue
		}
		spec := p.Spec
		spec.Dir = def.Dir
		o, err := describe(ctx, spec)
		if err != nil {
			return nil, err
		}
		offers = append(offers, o)
	}
	if c := def.Loop.Command; c != nil {
		spec := *c
		spec.Dir = def.Dir
		o, err := describeLines(ctx, spec)
		if err != nil {
			return nil, err
		}
		offers = append(offers, o)
	}
	if len(offers) == 0 {
		return nil, fmt.Errorf("%s names no plugins; without an argument, rush plugins lists what is built in", path)
	}
	return offers, nil
}

// describe asks a program what it serves, beside what search.Serve adds.
func describe(ctx context.Context, s plugins.Spec) (offer, error) {
	d, err := plugins.Describe(ctx, s)
	d.Loops = slices.DeleteFunc(d.Loops, func(l loops.Declaration) bool { return l.Name == search.LoopName })
	return offer{program: s.String(), Description: d}, err
}

// firstVerb is how long a loop that speaks JSON lines may take until it says what
// it takes.
const firstVerb = time.Minute

// describeLines asks a program what it takes that is a loop in JSON lines.
func describeLines(ctx context.Context, s plugins.Spec) (offer, error) {
	d, err := hosted.Describe(ctx, s, firstVerb)
	d.Name = filepath.Base(s.Command[len(s.Command)-1])
	return offer{program: s.String(), lines: true, Description: plugins.Description{Loops: []loops.Declaration{d}}}, err
}

// startable is the command of a program that a person named, a file of the
// directory also without ./ before it.
func startable(args []string) ([]string, error) {
	name := args[0]
	info, err := os.Stat(name)
	if err != nil || name != filepath.Base(name) && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
		if _, err := exec.LookPath(name); err != nil {
			return nil, fmt.Errorf("there is no program %s: neither a file nor in the PATH", name)
		}
		return args, nil
	}
	switch path, err := exec.LookPath(name); {
	case err == nil && path != "":
		return args, nil
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory, expected a program or a search file (.yaml)", name)
	case info.Mode()&0o111 == 0:
		return nil, fmt.Errorf("%s cannot be executed; name what runs it, as in: rush plugins -- python3 %s", name, name)
	}
	return append([]string{"." + string(filepath.Separator) + name}, args[1:]...), nil
}

// title says whose offer it is.
func (o *offer) title() string {
	if o.program == "" {
		return "rush " + o.Version + " has built in"
	}
	about := []string{}
	for _, s := range []string{o.Language, o.Version} {
		if s != "" {
			about = append(about, s)
		}
	}
	s := o.program
	if len(about) > 0 {
		s += " (" + strings.Join(about, ", ") + ")"
	}
	if o.lines {
		return s + " is a loop in JSON lines"
	}
	return s + " serves"
}
