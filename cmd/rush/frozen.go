package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

// A goalFlags says what an exported file is about that does not say it itself.
type goalFlags struct{ minimize, maximize []string }

// withGoals adds --minimize and --maximize to a command.
func (a *app) withGoals(c *cobra.Command) *cobra.Command {
	c.Flags().StringSliceVar(&a.goals.minimize, "minimize", nil, "of a file that does not say it: the outputs that are to be small")
	c.Flags().StringSliceVar(&a.goals.maximize, "maximize", nil, "of a file that does not say it: the outputs that are to be large")
	return c
}

func (g *goalFlags) codomain() (c loops.Codomain) {
	for _, name := range g.minimize {
		c = append(c, loops.Target{Name: name, Goal: loops.Minimize})
	}
	for _, name := range g.maximize {
		c = append(c, loops.Target{Name: name, Goal: loops.Maximize})
	}
	return c
}

// outputs are the columns that the flags make outputs.
func (g *goalFlags) outputs() []string {
	var names []string
	for _, t := range g.codomain() {
		names = append(names, t.Name)
	}
	return names
}

// fileOf returns the path of the exported file that an argument names in place of a
// network; "" if it names none. What might be a network's name is a file if there is
// one.
func fileOf(arg string) string {
	path := strings.TrimPrefix(arg, "file://")
	if !network.IsFile(path) {
		return ""
	}
	if _, err := os.Stat(path); err != nil && path == arg && !strings.ContainsAny(path, `/\`) {
		return ""
	}
	return path
}

// writable refuses what would change an exported file.
func (a *app) writable(url string) error {
	if !a.access.writes || !network.IsFile(url) {
		return nil
	}
	return exitError{exitFailed, fmt.Errorf("%s: %w", shortPath(url), rush.ErrReadOnly)}
}

// shortPath is a path as a person would write it here.
func shortPath(path string) string {
	if dir, err := os.Getwd(); err == nil {
		if short, err := filepath.Rel(dir, path); err == nil && !strings.HasPrefix(short, "..") {
			return short
		}
	}
	return path
}

// openFile opens an exported file as the network that it is of. It is not
// remembered: a command that names no network means one to work with.
func (a *app) openFile(ctx context.Context, path string, id rush.NetworkID) (*network.Rush, error) {
	st, err := a.openStore(ctx, path)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	file, _ := st.File()
	if id != "" && id != file.Network {
		return nil, fmt.Errorf("there is no network %s; %s is of %s", id, shortPath(path), file.Network)
	}
	a.file = &file
	a.fileName = shortPath(path)
	if a.access.lacks != "" {
		a.tell("%s is an exported file, which holds no %s", a.fileName, a.access.lacks)
	}
	return network.Open(ctx, network.Config{
		Store: path, Network: file.Network, Outputs: a.goals.outputs(), IgnoreSchema: a.ignoreSchema, Log: a.log(),
	})
}

// definition reads what a network is about; nil if it was not made from a search
// file. Of a file that does not say it, it is what the flags say.
func (a *app) definition(ctx context.Context, net *network.Rush) (*search.Definition, error) {
	def, err := readDefinition(ctx, net)
	if err != nil {
		return nil, err
	}
	goals := a.goals.codomain()
	switch {
	case def != nil && len(goals) > 0:
		return nil, exitError{exitUsage, errors.New("--minimize and --maximize are for files that do not say what is to be minimized or maximized; this search does")}
	case def == nil && len(goals) > 0:
		return search.Infer(ctx, net.Archive, goals)
	}
	return def, nil
}

// unknownGoal is the error of a command that needs to know what is better.
func (a *app) unknownGoal() error {
	if a.file == nil {
		return search.ErrNoSearch
	}
	hint := ""
	if len(a.file.Columns) > 0 {
		hint = "; its columns are " + oneLine(strings.Join(a.file.Columns, ", "), 200)
	}
	return exitError{exitUsage, fmt.Errorf("%s does not say what is to be minimized or maximized: add --minimize NAME or --maximize NAME%s", a.fileName, hint)}
}

// onlyParams leaves out of a task, for good, the inputs that are no parameters: a file
// that does not say what its columns are may have any.
func (a *app) onlyParams(s space.Space, t *rush.Task) {
	if a.file == nil || a.file.Described {
		return
	}
	maps.DeleteFunc(t.XS, func(name string, _ any) bool {
		_, known := s.Param(name)
		return !known
	})
}
