package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// An envCall is one call of a command that changes the environment.
type envCall struct {
	id        string // of the network
	variables []string
	keep      bool // workers that run are not refreshed
	wait      time.Duration
}

func (a *app) envCommand() *cobra.Command {
	var e envCall
	c := &cobra.Command{
		Use:   "env",
		Short: "Set constants and environment variables of a network's workers, while they run",
		Long: `Set named values of a network for its workers, also while they run: constants,
which objectives get beside the point, and environment variables. They come
before the constants of the search and what a worker was started with. Workers
that run are refreshed: they finish their task and use the new values for the
next.`,
		Example: `  rush env set folds=5 data=larger.csv
  rush env set --var CUDA_VISIBLE_DEVICES=1
  rush env show
  rush env unset folds --var CUDA_VISIBLE_DEVICES`,
	}
	c.PersistentFlags().StringVar(&e.id, "network", "", "the network (default: the last one used)")
	c.AddCommand(a.envSet(&e), a.envUnset(&e), a.envShow(&e))
	return c
}

func (e *envCall) flags(c *cobra.Command, variable string) *cobra.Command {
	c.Flags().StringArrayVar(&e.variables, "var", nil, variable+"; may be repeated")
	c.Flags().BoolVar(&e.keep, "no-refresh", false, "leave workers that run as they are until they get REFRESH (rush message)")
	c.Flags().DurationVar(&e.wait, "wait", 5*time.Second, "how long to wait until the workers have refreshed; 0 does not")
	return c
}

func (a *app) envSet(e *envCall) *cobra.Command {
	return e.flags(&cobra.Command{
		Use:   "set [NAME=VALUE...] [--var NAME=TEXT]",
		Short: "Set constants (JSON, or else a text) and variables, and refresh the workers",
		RunE: func(cmd *cobra.Command, args []string) error {
			env, err := e.given(args)
			if err != nil {
				return exitError{exitUsage, err}
			}
			return a.changeEnv(cmd.Context(), e, func(ctx context.Context, net *network.Rush) error {
				if err := checkConstants(ctx, net, env.Constants); err != nil {
					return err
				}
				return net.SetEnvironment(ctx, env)
			})
		},
	}, "an environment variable, as NAME=TEXT")
}

// given reads what is to be set.
func (e *envCall) given(args []string) (env rushworker.Environment, err error) {
	env = rushworker.Environment{Constants: rush.Values{}, Variables: map[string]string{}}
	for _, arg := range args {
		name, value, found := strings.Cut(arg, "=")
		if !found {
			return env, fmt.Errorf("%q is no constant; expected NAME=VALUE, as in folds=5", arg)
		}
		if env.Constants[name], err = wire.ParseJSON([]byte(value)); err != nil {
			env.Constants[name] = value
		}
	}
	for _, v := range e.variables {
		name, text, found := strings.Cut(v, "=")
		if !found {
			return env, fmt.Errorf("--var is %q; expected NAME=TEXT, as in CUDA_VISIBLE_DEVICES=1", v)
		}
		env.Variables[name] = text
	}
	if len(args)+len(e.variables) == 0 {
		return env, errors.New("nothing is given; expected constants, as in folds=5, or --var NAME=TEXT")
	}
	return env, nil
}

// checkConstants refuses those that every task would fail with.
func checkConstants(ctx context.Context, net *network.Rush, constants rush.Values) error {
	def, err := readDefinition(ctx, net)
	if err != nil || def == nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(constants)) {
		if slices.Contains(def.Inputs(), name) {
			return fmt.Errorf("%s is a parameter of the search of network %s, and cannot be a constant, too", name, net.ID())
		}
	}
	return nil
}

func (a *app) envUnset(e *envCall) *cobra.Command {
	return e.flags(&cobra.Command{
		Use:   "unset [NAME...] [--var NAME]",
		Short: "Take constants and variables away, and refresh the workers",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args)+len(e.variables) == 0 {
				return exitError{exitUsage, errors.New("nothing is named; expected constants, as in folds, or --var NAME")}
			}
			return a.changeEnv(cmd.Context(), e, func(ctx context.Context, net *network.Rush) error {
				return net.UnsetEnvironment(ctx, args, e.variables)
			})
		},
	}, "an environment variable")
}

// changeEnv changes the environment and refreshes the workers.
func (a *app) changeEnv(ctx context.Context, e *envCall, change func(context.Context, *network.Rush) error) error {
	net, err := a.openNetwork(ctx, e.id)
	if err != nil {
		return err
	}
	defer net.Close()
	if err := change(ctx, net); err != nil || e.keep {
		return err
	}
	message, to, err := net.Send(ctx, rush.CommandRefresh, nil)
	if errors.Is(err, rush.ErrNoWorker) {
		return nil // those that start will read it
	}
	if err != nil || e.wait <= 0 {
		return err
	}
	got, err := net.Responses(ctx, message, e.wait)
	if errors.Is(err, rush.ErrTimeout) {
		a.tell("not all of the %d workers have refreshed yet: they do when their running task has ended", len(to))
		return nil
	}
	for _, r := range got {
		err = errors.Join(err, r.Err)
	}
	if err == nil {
		a.tell("refreshed workers: %d", len(got))
	}
	return errors.Join(err, net.DeleteResponses(ctx, message))
}

func (a *app) envShow(e *envCall) *cobra.Command {
	return a.withJSON(&cobra.Command{
		Use: "show", Short: "Show the network's constants and variables", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			net, err := a.openNetwork(cmd.Context(), e.id)
			if err != nil {
				return err
			}
			defer net.Close()
			env, err := net.Environment(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				variables := map[string]string{}
				maps.Copy(variables, env.Variables)
				return a.printJSON(map[string]any{
					"network": net.ID(), "constants": jsonAttrs(env.Constants), "variables": variables,
				})
			}
			for _, name := range sortedNames(env.Constants) {
				a.printf("%s=%s\n", name, cell(env.Constants[name]))
			}
			for _, name := range slices.Sorted(maps.Keys(env.Variables)) {
				a.printf("--var %s=%s\n", name, printable(env.Variables[name]))
			}
			return nil
		},
	})
}
