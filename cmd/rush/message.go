package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// A messageCall is one call of a command that tells workers something.
type messageCall struct {
	id      string // of the network
	workers []string
	wait    time.Duration
}

func (m *messageCall) flags(c *cobra.Command, wait time.Duration) {
	c.Flags().StringVar(&m.id, "network", "", "the network (default: the last one used)")
	c.Flags().DurationVar(&m.wait, "wait", wait, "how long to wait for the responses; 0 does not")
}

func (a *app) messageCommand() *cobra.Command {
	var m messageCall
	c := a.withJSON(&cobra.Command{
		Use:   "message COMMAND [ARGUMENT...]",
		Short: "Tell workers something, and print what they answer",
		Long: `Tell workers something, all or those named with --worker, and print what they
answer. Answered at once, even while a task runs:

  PING, ECHO TEXT, INFO, TIMEOUT_GET

These take effect after the running task, before the next:

  PAUSE, RESUME          take no tasks until RESUME
  TIMEOUT_SET SECONDS    end after so long without a task; none for never
  REFRESH                read the network's environment anew (rush env)
  STOP [REASON]          end
  EVAL ACTION [JSON]     call an action that the worker's program offers`,
		Example: "  rush message PING\n  rush message TIMEOUT_SET 600 --worker 3f2a91bc",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			command := rush.Command(strings.ToUpper(args[0]))
			argument, err := messageArgument(command, args[1:])
			if err != nil {
				return exitError{exitUsage, err}
			}
			return a.tellWorkers(cmd, m, command, argument)
		},
	})
	m.flags(c, 5*time.Second)
	c.Flags().StringSliceVar(&m.workers, "worker", nil, "only this worker; may be repeated")
	return c
}

// messageArgument reads what follows a command.
func messageArgument(c rush.Command, args []string) (any, error) {
	switch {
	case c == rush.CommandEval && (len(args) == 1 || len(args) == 2):
		if len(args) == 1 {
			return args[0], nil
		}
		var v any
		if err := json.Unmarshal([]byte(args[1]), &v); err != nil {
			return nil, fmt.Errorf("the argument of action %s is %s; expected JSON: %w", args[0], args[1], err)
		}
		if f, ok := v.(float64); ok && f == float64(int64(f)) && !strings.ContainsAny(args[1], ".eE") {
			v = int64(f)
		}
		return []any{args[0], v}, nil
	case c == rush.CommandEval:
		return nil, errors.New("EVAL needs the name of an action, and at most one argument for it")
	case c == rush.CommandTimeoutSet:
		return timeoutArgument(args)
	case len(args) > 0:
		return strings.Join(args, " "), nil
	}
	return nil, nil
}

func timeoutArgument(args []string) (any, error) {
	if len(args) == 1 && args[0] == "none" {
		return nil, nil
	}
	if len(args) == 1 {
		if s, err := strconv.ParseFloat(args[0], 64); err == nil && s >= 0 {
			return s, nil
		}
	}
	return nil, fmt.Errorf("TIMEOUT_SET was given %q; expected a number of seconds, or none", strings.Join(args, " "))
}

// tellWorkers sends a message and prints the responses.
func (a *app) tellWorkers(cmd *cobra.Command, m messageCall, c rush.Command, argument any) error {
	net, err := a.openNetwork(cmd.Context(), m.id)
	if err != nil {
		return err
	}
	defer net.Close()
	id, to, err := net.Send(cmd.Context(), c, argument, workerIDs(m.workers)...)
	if err != nil {
		return err
	}
	if m.wait <= 0 {
		return a.printSent(id, to)
	}
	got, err := net.Responses(cmd.Context(), id, m.wait)
	if errors.Is(err, rush.ErrTimeout) {
		return fmt.Errorf("%w; it stays, and is answered when a running task has ended (--wait 10m waits longer)", err)
	}
	if err != nil {
		return err
	}
	return errors.Join(a.printResponses(id, got), net.DeleteResponses(cmd.Context(), id))
}

func (a *app) printSent(id rush.MessageID, to []rush.WorkerID) error {
	if a.json {
		return a.printJSON(map[string]any{"message": id, "workers": to})
	}
	a.printf("message %d\n", id)
	for _, w := range to {
		a.printf("%s\n", w)
	}
	return nil
}

// A responseLine is a response in the JSON list.
type responseLine struct {
	Message  rush.MessageID `json:"message"`
	Worker   rush.WorkerID  `json:"worker"`
	Response any            `json:"response"`
	Error    string         `json:"error,omitempty"`
	At       time.Time      `json:"at"`
}

// printResponses prints responses; those that are errors make the command fail.
func (a *app) printResponses(id rush.MessageID, got []network.Response) error {
	var failed []error
	lines := make([]responseLine, len(got))
	for i, r := range got {
		lines[i] = responseLine{Message: id, Worker: r.Worker, Response: r.Value, At: r.At}
		if r.Err != nil {
			lines[i].Error = r.Err.Error()
			failed = append(failed, r.Err)
		}
	}
	if a.json {
		return errors.Join(a.printJSON(lines), errors.Join(failed...))
	}
	for _, r := range got {
		if r.Err != nil {
			continue
		}
		text, isText := r.Value.(string)
		if !isText {
			b, err := json.Marshal(r.Value)
			if err != nil {
				return err
			}
			text = string(b)
		}
		a.printf("%s\t%s\n", r.Worker, text)
	}
	return errors.Join(failed...)
}
