package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// An app is one call of the program: where it reads and writes, and the flags
// that all commands share.
type app struct {
	in       io.Reader
	out, err io.Writer

	store        string // --store
	json         bool   // --json
	ignoreSchema bool   // --ignore-schema
	goals        goalFlags
	// access is what the command does, and file the exported file that it is about, if
	// it is one, under the name that a person knows.
	access   access
	file     *network.File
	fileName string
	// started is set once a command's arguments were accepted: what fails
	// after that is no mistake in the usage.
	started bool
}

// command builds the tree of commands.
func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "rush",
		Short:         "Run parallel searches and watch their results arrive",
		Long:          rootHelp,
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			a.started = true
			a.access = accessOf(cmd)
			if name, ok := strings.CutPrefix(a.store, "env:"); ok {
				a.store = os.Getenv(name)
			}
			if a.access.about && fileOf(first(args)) != "" {
				return a.writable(first(args))
			}
			return nil
		},
	}
	root.SetVersionTemplate("rush {{.Version}}\n")
	root.PersistentFlags().StringVar(&a.store, "store", "",
		"where networks live: redis://..., rediss://..., unix://... or a file (default: the plan, $RUSH_STORE, $REDIS_URL, the data directory)")
	root.PersistentFlags().BoolVar(&a.ignoreSchema, "ignore-schema", false, "work on networks that another version of rush wrote")
	root.AddGroup(
		&cobra.Group{ID: "search", Title: "Run a search:"},
		&cobra.Group{ID: "look", Title: "Look at it:"},
		&cobra.Group{ID: "steer", Title: "Steer it:"},
		&cobra.Group{ID: "care", Title: "Take care of the store:"},
	)
	for group, commands := range map[string][]*cobra.Command{
		"search": {a.runCommand(), a.demoCommand(), a.checkCommand(), a.rerunCommand(), a.replayCommand(), a.workerCommand(), a.scriptCommand(), a.configCommand(), a.envCommand(), a.pluginsCommand(), a.newCommand()},
		"look": {
			a.networksCommand(), a.bestCommand(), a.tasksCommand(), a.taskCommand(), a.queueCommand(), a.workersCommand(), a.progressCommand(),
			a.logCommand(), a.topCommand(), a.uiCommand(), a.exportCommand(), a.importanceCommand(), a.reportCommand(),
		},
		"steer": {
			a.pushCommand(), a.waitCommand(), a.retryCommand(), a.deleteCommand(),
			a.messageCommand(), a.pauseCommand(), a.resumeCommand(), a.cancelCommand(),
			a.stopCommand(), a.resetCommand(), a.askCommand(), a.tellCommand(),
		},
		"care": {a.doctorCommand(), a.destroyCommand(), a.planCommand(), a.benchCommand()},
	} {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	root.AddCommand(a.objectsCommand(), a.versionCommand())
	return root
}

const rootHelp = `rush runs a search in parallel. Worker processes propose points, evaluate them
and meet in a store: a file on this machine (nothing to install), or Redis,
where workers of many machines meet.

  rush demo                        a search to look at
  rush run search.yaml             run the search that a file describes
  rush ui                          watch, explore and steer it in the browser
  rush tasks                       its tasks, while it runs and afterwards
  rush export -o results.parquet   its table (also .arrow, .csv, .jsonl)

A command that names no network means the plan's, else the one that was used
last. Commands that look at a network read an exported file, too:

  rush best results.parquet`

// withJSON adds --json to a command.
func (a *app) withJSON(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&a.json, "json", false, "print JSON")
	return c
}

// printJSON prints one value as indented JSON.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// printf prints to stdout.
func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.out, format, args...) }

// tell prints a remark to stderr, where it does not mix with results.
func (a *app) tell(format string, args ...any) { fmt.Fprintf(a.err, format+"\n", args...) }

// terminal returns the width of w if it is a terminal, else 0.
func terminal(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

// confirm asks a yes-or-no question, unless yes. Without a terminal to ask on
// it is an error that names --yes.
func (a *app) confirm(yes bool, format string, args ...any) error {
	if yes {
		return nil
	}
	question := fmt.Sprintf(format, args...)
	if f, ok := a.in.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return exitError{exitUsage, fmt.Errorf("%s Add --yes to do it", question)}
	}
	fmt.Fprintf(a.err, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(a.in).ReadString('\n')
	if s := strings.ToLower(strings.TrimSpace(answer)); s != "y" && s != "yes" {
		return exitError{exitFailed, fmt.Errorf("nothing was done")}
	}
	return nil
}

// openNetwork opens the network that the argument names, or the default one, or
// the only one of the store. It must exist.
func (a *app) openNetwork(ctx context.Context, arg string) (*network.Rush, error) {
	url, id, err := a.which(arg)
	if err != nil {
		return nil, err
	}
	if network.IsFile(url) {
		return a.openFile(ctx, url, id)
	}
	st, err := a.openStore(ctx, url)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	if id == "" {
		if id, err = onlyNetwork(ctx, st); err != nil {
			return nil, err
		}
	}
	found, err := st.Exists(ctx, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, a.noNetwork(ctx, st, id)
	}
	net, err := network.Open(ctx, network.Config{Store: url, Network: id, IgnoreSchema: a.ignoreSchema, Log: a.log()})
	if err != nil {
		return nil, err
	}
	remember(url, id)
	return net, nil
}

// openStore connects to a store.
func (a *app) openStore(ctx context.Context, url string) (*network.Store, error) {
	return network.OpenStoreWith(ctx, url, network.StoreOptions{IgnoreSchema: a.ignoreSchema, Outputs: a.goals.outputs()})
}

// onlyNetwork is the network of a store that has just one.
func onlyNetwork(ctx context.Context, st *network.Store) (rush.NetworkID, error) {
	all, err := st.Networks(ctx)
	if err != nil {
		return "", err
	}
	switch len(all) {
	case 0:
		return "", fmt.Errorf("%s has no network yet; start one with: rush run FILE, or rush demo", st.Address())
	case 1:
		return all[0].ID, nil
	}
	return "", exitError{exitUsage, fmt.Errorf("which network? %s has %s", st.Address(), names(all))}
}

func (a *app) noNetwork(ctx context.Context, st *network.Store, id rush.NetworkID) error {
	all, err := st.Networks(ctx)
	if err != nil {
		return err
	}
	if network.IsFile(string(id)) {
		return fmt.Errorf("there is neither a file %s here nor a network of that name in %s", id, st.Address())
	}
	if len(all) == 0 {
		return fmt.Errorf("there is no network %s: %s has none yet", id, st.Address())
	}
	return fmt.Errorf("there is no network %s; %s has %s", id, st.Address(), names(all))
}

func names(all []network.Info) string {
	const few = 8
	var ids []string
	for _, n := range all[:min(few, len(all))] {
		ids = append(ids, string(n.ID))
	}
	s := strings.Join(ids, ", ")
	if len(all) > few {
		s += fmt.Sprintf(" and %d more", len(all)-few)
	}
	return s
}
