package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/network"
)

// tasksHelp says how tasks are named on the command line.
const tasksHelp = `A task is named by its number; 3:7 means 3 to 7. What comes before the
tasks names the network; one whose name is a number is named with --network.`

// A namedTasks has the network and the tasks that a command names.
type namedTasks struct {
	network string
	keys    []rush.TaskKey
}

// maxRange bounds a range of tasks, so that a slip of the finger does not name
// all there could be.
const maxRange = 10_000_000

// withTasks adds --network to a command whose arguments are [NETWORK] TASK...
func (t *namedTasks) withTasks(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&t.network, "network", "", "the network, if it is not named before the tasks")
	return c
}

// parse reads the arguments.
func (t *namedTasks) parse(args []string) error {
	for i, arg := range args {
		keys, err := parseTasks(arg)
		if err != nil && i == 0 && t.network == "" {
			t.network = arg
			continue
		}
		if err != nil {
			return exitError{exitUsage, err}
		}
		t.keys = append(t.keys, keys...)
	}
	return nil
}

// parseOne reads arguments of which one names a task, and returns what follows
// it.
func (t *namedTasks) parseOne(args []string) (rest []string, err error) {
	if len(args) > 1 && t.network == "" {
		if _, err := rush.ParseTaskKey(args[0]); err != nil {
			t.network, args = args[0], args[1:]
		}
	}
	key, err := rush.ParseTaskKey(first(args))
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	t.keys = []rush.TaskKey{key}
	return args[1:], nil
}

// only reads arguments that name one task.
func (t *namedTasks) only(args []string, example string) error {
	if err := t.parse(args); err != nil {
		return err
	}
	if len(t.keys) != 1 {
		return exitError{exitUsage, fmt.Errorf("expected one task, as in: %s; found %d", example, len(t.keys))}
	}
	return nil
}

// open reads arguments that name at least one task, and opens the network.
func (t *namedTasks) open(ctx context.Context, a *app, args []string, example string) (*network.Rush, error) {
	if err := t.parse(args); err != nil {
		return nil, err
	}
	if len(t.keys) == 0 {
		return nil, exitError{exitUsage, fmt.Errorf("which tasks? As in: %s", example)}
	}
	return a.openNetwork(ctx, t.network)
}

// parseTasks reads the number of a task, or a range of numbers.
func parseTasks(arg string) ([]rush.TaskKey, error) {
	from, to, isRange := strings.Cut(arg, ":")
	first, err := rush.ParseTaskKey(from)
	if err != nil || !isRange {
		return []rush.TaskKey{first}, err
	}
	last, err := rush.ParseTaskKey(to)
	if err != nil {
		return nil, err
	}
	if last < first || last-first >= maxRange {
		return nil, fmt.Errorf("expected a range of at most %d tasks, as in 3:7, found %s", maxRange, arg)
	}
	keys := make([]rush.TaskKey, 0, last-first+1)
	for key := first; key <= last; key++ {
		keys = append(keys, key)
	}
	return keys, nil
}

// keysText writes numbers with ranges: 0:4, 7.
func keysText(keys []rush.TaskKey) string {
	var parts []string
	for i := 0; i < len(keys); {
		j := i
		for j+1 < len(keys) && keys[j+1] == keys[j]+1 {
			j++
		}
		if j-i > 1 {
			parts = append(parts, fmt.Sprintf("%d:%d", keys[i], keys[j]))
			i = j + 1
			continue
		}
		parts = append(parts, keys[i].String())
		i++
	}
	return strings.Join(parts, ", ")
}

// notNil makes JSON say [] and not null.
func notNil(keys []rush.TaskKey) []rush.TaskKey { return append([]rush.TaskKey{}, keys...) }

// printValues prints an object of tasks' values, which may be no finite
// numbers, as indented JSON.
func (a *app) printValues(v map[string]any) error {
	b, err := wire.AppendJSON(nil, v)
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	if json.Indent(&indented, b, "", "  ") == nil { // it would be an error to have NaN in it
		b = indented.Bytes()
	}
	_, err = a.out.Write(append(b, '\n'))
	return err
}

// numberValues are task numbers as values.
func numberValues(keys []rush.TaskKey) []any {
	list := make([]any, len(keys))
	for i, key := range keys {
		list[i] = int64(key)
	}
	return list
}
