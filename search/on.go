package search

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins/command"
)

// A Hook is a command that is called at a stage of the search; see
// [command.Callback].
type Hook struct {
	Stage   loops.Stage       `json:"stage"`
	Command []string          `json:"command"`
	Env     map[string]string `json:"env,omitempty"`
	Timeout Duration          `json:"timeout,omitempty"` // 0 is a minute
	// Required ends the run when the command fails.
	Required bool `json:"required,omitempty"`
}

const onExample = "{optimization_end: [notify-send, done]}"

// on reads the commands of each stage: one, or a list of them.
func (d *draft) on(n *node) {
	if !d.isMapping(n, onExample) {
		return
	}
	var known []string
	for _, s := range loops.Stages() {
		known = append(known, string(s))
	}
	for _, f := range n.fields {
		stage := strings.TrimPrefix(f.name, "on_")
		if !slices.Contains(known, stage) {
			hint := "there are " + strings.Join(known, ", ")
			if near, ok := nearest.Name(stage, known); ok {
				hint = "did you mean " + near + "?"
			}
			d.add(f.at, f.value.path, "there is no such stage; %s", hint)
			continue
		}
		hooks := []*node{f.value}
		if f.value.kind == list && len(f.value.items) > 0 && f.value.items[0].kind != scalar {
			hooks = f.value.items
		}
		for _, h := range hooks {
			d.def.On = append(d.def.On, d.hook(loops.Stage(stage), h))
		}
	}
}

// hook reads a command: a list of its words, or a map with it.
func (d *draft) hook(stage loops.Stage, n *node) Hook {
	h := Hook{Stage: stage}
	if n.kind != mapping {
		h.Command = d.hookCommand(n)
		return h
	}
	d.fields(n, "{command: [notify-send, done], timeout: 10s}",
		entry{"command", func(n *node) { h.Command = d.hookCommand(n) }},
		entry{"env", func(n *node) { h.Env = d.commandEnv(n) }},
		entry{"timeout", func(n *node) { h.Timeout, _ = d.duration(n) }},
		entry{"required", func(n *node) { h.Required, _ = d.boolean(n) }},
	)
	if n.get("command") == nil {
		d.wrong(n, "the command is missing; expected one such as {command: [notify-send, done]}")
	}
	return h
}

func (d *draft) hookCommand(n *node) []string {
	words := d.words(n)
	if n.kind != list {
		return nil
	}
	if len(words) == 0 || words[0] == "" {
		d.wrong(n, "the list is empty; expected the program and its arguments, such as [notify-send, done]")
		return nil
	}
	if _, err := command.Find(words[0], d.def.Dir); err != nil {
		d.wrong(n, "%s", err)
	}
	return words
}

// Callbacks are the commands of the search file's on.
func (d *Definition) Callbacks() loops.Callbacks {
	var all loops.Callbacks
	for _, h := range d.On {
		c := &command.Callback{Command: h.Command, Env: h.Env, Dir: d.Dir}
		all = append(all, loops.Callback{
			Name: commandLine(h.Command), Stages: []loops.Stage{h.Stage}, Call: c.Call, Required: h.Required, Timeout: time.Duration(h.Timeout),
		})
	}
	return all
}

// HookCommandLines are the commands that a worker calls, as a person would type
// them, each once.
func (d *Definition) HookCommandLines() []string {
	manager := []loops.Stage{loops.OptimizationBegin, loops.ResultBegin, loops.ResultEnd, loops.OptimizationEnd}
	var lines []string
	for _, h := range d.On {
		if line := commandLine(h.Command); !slices.Contains(manager, h.Stage) && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// Begin calls the callbacks that are for the begin of the optimization: those of the
// definition, then more. The manager calls it once after [Start], before the workers
// are started. A required callback that fails ends the run, as failed, and is the
// error. A nil log drops what else fails.
func (d *Definition) Begin(ctx context.Context, net *network.Rush, log *slog.Logger, more ...loops.Callback) error {
	run, err := net.Run(ctx)
	if err != nil {
		return err
	}
	if err = d.call(ctx, net, loops.OptimizationBegin, &run, log, more); err != nil {
		_, _ = net.EndRun(context.WithoutCancel(ctx), rush.RunFailed, err.Error())
	}
	return err
}

// storePatience bounds a call of the store when a run ends.
const storePatience = 10 * time.Second

// End ends the run as [network.Rush.EndRun] does, with the callbacks for the result
// and for the end of the optimization around it. A required callback that fails before
// the run has ended ends it as failed; the error is that of the store, or of a
// required callback.
func (d *Definition) End(ctx context.Context, net *network.Rush, status rush.RunStatus, reason string, log *slog.Logger, more ...loops.Callback) (rush.Run, error) {
	soon, cancel := context.WithTimeout(ctx, storePatience)
	run, err := net.Run(soon)
	if cancel(); err != nil {
		return run, err
	}
	failed := d.call(ctx, net, loops.ResultBegin, &run, log, more)
	if failed != nil {
		status, reason = rush.RunFailed, failed.Error()
	}
	soon, cancel = context.WithTimeout(ctx, storePatience)
	run, err = net.EndRun(soon, status, reason)
	if cancel(); err != nil {
		return run, err
	}
	for _, stage := range []loops.Stage{loops.ResultEnd, loops.OptimizationEnd} {
		if err := d.call(ctx, net, stage, &run, log, more); err != nil && failed == nil {
			failed = err
		}
	}
	return run, failed
}

func (d *Definition) call(ctx context.Context, net *network.Rush, stage loops.Stage, run *rush.Run, log *slog.Logger, more []loops.Callback) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return append(d.Callbacks(), more...).Call(ctx, &loops.Event{Stage: stage, Network: net.ID(), Run: run}, log)
}
