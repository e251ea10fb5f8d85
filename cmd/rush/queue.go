package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

func (a *app) queueCommand() *cobra.Command {
	list := a.queueListCommand()
	c := a.withJSON(&cobra.Command{
		Use:   "queue",
		Short: "Look at the queues, and take tasks out of them",
		Long: `Look at the queues of a network, and take tasks out of them. Without a
subcommand the queues are listed, as by "rush queue list".

Every worker takes from its own queue first, then from the named queues that it
listens on (rush worker --queue high,default,low) in their order, and from the
shared one, which is called default.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return list.RunE(cmd, args) },
	})
	c.AddCommand(list, a.queueRemoveCommand(), a.queueEmptyCommand(), a.queuePositionCommand())
	return c
}

func (a *app) queueListCommand() *cobra.Command {
	var name string
	c := a.withJSON(&cobra.Command{
		Use:   "list [NETWORK]",
		Short: "List the queues, or the tasks of one",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			if name != "" {
				return a.listQueue(cmd, net, name)
			}
			queues, err := net.Queues(cmd.Context())
			if err != nil {
				return err
			}
			return a.printQueues(queues)
		},
	})
	c.Flags().StringVar(&name, "queue", "", "list the tasks of this queue, the next one first")
	return c
}

func (a *app) listQueue(cmd *cobra.Command, net *network.Rush, name string) error {
	keys, err := net.QueueTasks(cmd.Context(), name)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"network": net.ID(), "queue": name, "tasks": notNil(keys)})
	}
	a.printf("%d tasks in the queue %s of network %s\n", len(keys), name, net.ID())
	for _, key := range keys {
		a.printf("%d\n", key)
	}
	return nil
}

// A queueLine is a queue in the JSON list.
type queueLine struct {
	Queue   string          `json:"queue"`
	Length  int64           `json:"length"`
	Own     bool            `json:"own"` // of the worker whose name it has
	Workers []rush.WorkerID `json:"workers"`
}

func (a *app) printQueues(queues []network.Queue) error {
	lines := make([]queueLine, len(queues))
	for i, q := range queues {
		lines[i] = queueLine{q.Name, q.Length, q.Own, append([]rush.WorkerID{}, q.Workers...)}
	}
	if a.json {
		return a.printJSON(lines)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "QUEUE\tTASKS\tWORKERS")
	for _, q := range lines {
		who := "none"
		if len(q.Workers) > 0 {
			who = fmt.Sprintf("%d: %s", len(q.Workers), oneLine(strings.Join(strings.Fields(fmt.Sprint(q.Workers)), " "), 40))
			who = strings.NewReplacer("[", "", "]", "").Replace(who)
		}
		fmt.Fprintf(w, "%s\t%d\t%s\n", q.Queue, q.Length, who)
	}
	return w.Flush()
}

func (a *app) queueRemoveCommand() *cobra.Command {
	var t namedTasks
	var message string
	c := a.withJSON(t.withTasks(&cobra.Command{
		Use:   "remove [NETWORK] TASK...",
		Short: "Take tasks out of their queues: they fail as removed",
		Long: `Take tasks out of their queues: they fail with the class removed. Tasks that are
not queued stay as they are. "rush retry" queues them again.

` + tasksHelp,
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := t.open(cmd.Context(), a, args, "rush queue remove 17")
			if err != nil {
				return err
			}
			defer net.Close()
			removed, err := net.Unqueue(cmd.Context(), []*rush.Condition{removedFor(message)}, t.keys...)
			if err != nil {
				return err
			}
			return a.printRemoved(net, removed, len(t.keys))
		},
	}))
	c.Flags().StringVar(&message, "message", "", "why, kept with the tasks")
	return c
}

func removedFor(message string) *rush.Condition {
	if message == "" {
		return nil
	}
	return &rush.Condition{Class: rush.ClassRemoved, Message: message}
}

func (a *app) printRemoved(net *network.Rush, removed []rush.TaskKey, of int) error {
	if a.json {
		return a.printJSON(map[string]any{"network": net.ID(), "removed": notNil(removed)})
	}
	a.printf("%d of %d tasks were taken out of the queues of network %s", len(removed), of, net.ID())
	if len(removed) > 0 {
		a.printf(": %s", oneLine(keysText(removed), 60))
	}
	a.printf("\n")
	return nil
}

func (a *app) queueEmptyCommand() *cobra.Command {
	var names []string
	var message string
	var yes bool
	c := a.withJSON(&cobra.Command{
		Use:   "empty [NETWORK] [--queue NAME]",
		Short: "Take all tasks out of the queues: they fail as removed",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			which := "all queues"
			if len(names) > 0 {
				which = "the queues " + strings.Join(names, ", ")
			}
			if err := a.confirm(yes, "Take all tasks out of %s of network %s in %s?", which, net.ID(), net.Address()); err != nil {
				return err
			}
			removed, err := net.EmptyQueue(cmd.Context(), removedFor(message), names...)
			if err != nil {
				return err
			}
			return a.printRemoved(net, removed, len(removed))
		},
	})
	c.Flags().StringSliceVar(&names, "queue", nil, "only this one; may be repeated")
	c.Flags().StringVar(&message, "message", "", "why, kept with the tasks")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// A placeLine is where a task waits, in JSON.
type placeLine struct {
	Task     rush.TaskKey   `json:"task"`
	Queue    string         `json:"queue,omitempty"`
	Position int            `json:"position"` // 0: in no queue
	Ahead    []rush.TaskKey `json:"ahead"`
}

func (a *app) queuePositionCommand() *cobra.Command {
	var t namedTasks
	return a.withJSON(t.withTasks(&cobra.Command{
		Use:   "position [NETWORK] TASK...",
		Short: "Say where tasks wait, and which ones are ahead of them",
		Long:  "Say where tasks wait, and with --json which ones are ahead of them.\n\n" + tasksHelp,
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := t.open(cmd.Context(), a, args, "rush queue position 17")
			if err != nil {
				return err
			}
			defer net.Close()
			places, err := net.Places(cmd.Context(), t.keys...)
			if err != nil {
				return err
			}
			return a.printPlaces(t.keys, places)
		},
	}))
}

func (a *app) printPlaces(keys []rush.TaskKey, places []network.Place) error {
	if a.json {
		lines := make([]placeLine, len(places))
		for i, p := range places {
			lines[i] = placeLine{keys[i], p.Queue, p.Position, notNil(p.Ahead)}
		}
		return a.printJSON(lines)
	}
	for i, p := range places {
		switch p.Position {
		case 0:
			a.printf("task %d is in no queue\n", keys[i])
		case 1:
			a.printf("task %d is the next of the queue %s\n", keys[i], p.Queue)
		default:
			a.printf("task %d is number %d of the queue %s, after %s\n", keys[i], p.Position, p.Queue, oneLine(keysText(p.Ahead), 60))
		}
	}
	return nil
}
