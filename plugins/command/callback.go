package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/process"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
)

// A Callback is a command that is told of what happens in a search; see
// [loops.Callback]. It gets the event as JSON on stdin, a map with stage, network
// and, as far as the stage has them, worker, task, attempt, xs, state, ys, condition,
// status and reason; and all but the maps as variables of its environment, such as
// RUSH_STAGE and RUSH_TASK.
type Callback struct {
	Command []string // the program and its arguments
	Env     map[string]string
	Dir     string // where it runs, and where a program's relative path begins
}

// Call runs the command. It fails when the command cannot be started or has another
// exit code than 0, with the last of its stderr; what it prints to stdout is dropped. When ctx ends it is asked to
// end, and killed a second later, with all that it started.
func (c *Callback) Call(ctx context.Context, e *loops.Event) error {
	program, err := findProgram(c.Command[0], c.Dir)
	if err != nil {
		return err
	}
	fields, err := eventFields(e)
	if err != nil {
		return err
	}
	input, err := wire.AppendJSON(nil, fields)
	if err != nil {
		return err
	}
	cmd := &exec.Cmd{Path: program, Args: c.Command, Dir: c.Dir, Env: c.environment(fields)}
	group, err := process.Start(cmd, &process.Options{Input: append(input, '\n')})
	if err != nil {
		return notStarted(err)
	}
	defer context.AfterFunc(ctx, func() { group.Stop(time.Second) })()
	tail := process.NewTail(stderrTail)
	printed := make(chan struct{})
	go func() {
		defer close(printed)
		_, _ = io.Copy(io.Discard, group.Stdout())
	}()
	_, _ = io.Copy(tail, group.Stderr())
	<-printed
	exit := group.Wait()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !exit.OK():
		err := fmt.Errorf("%s: %s", filepath.Base(program), exit)
		if said := bytes.TrimSpace([]byte(tail.String())); len(said) > 0 {
			err = fmt.Errorf("%w: %s", err, said)
		}
		return err
	}
	return nil
}

// eventFields is an event as JSON has it.
func eventFields(e *loops.Event) (map[string]any, error) {
	fields := map[string]any{"stage": string(e.Stage), "network": string(e.Network)}
	if e.Worker != "" {
		fields["worker"] = string(e.Worker)
	}
	if t := e.Task; t != nil {
		fields["task"], fields["attempt"], fields["xs"] = int64(t.Key), int64(t.Attempt), map[string]any(t.XS)
		if len(t.XSExtra) > 0 {
			fields["xs_extra"] = map[string]any(t.XSExtra)
		}
	}
	if r := e.Result; r != nil {
		fields["state"] = string(rush.Finished)
		if r.YS != nil {
			fields["ys"] = map[string]any(r.YS)
		}
		if len(r.Extra) > 0 {
			fields["ys_extra"] = map[string]any(r.Extra)
		}
		if r.Condition != nil {
			fields["state"] = string(rush.Failed)
			fields["condition"] = map[string]any{"class": string(r.Condition.Class), "message": r.Condition.Message}
		}
	}
	if r := e.Run; r != nil {
		fields["status"], fields["elapsed"] = string(r.Status), r.Elapsed.Seconds()
		if r.Reason != "" {
			fields["reason"] = r.Reason
		}
	}
	packed, err := wire.Encode(fields) // every accepted type becomes one of the few
	if err != nil {
		return nil, err
	}
	return wire.Decode(packed)
}

// environment is this program's, with the event's texts and numbers, and what was
// set.
func (c *Callback) environment(fields map[string]any) []string {
	env := inherited(os.Environ())
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		switch v := fields[name].(type) {
		case string:
			env = append(env, "RUSH_"+strings.ToUpper(name)+"="+v)
		case int64:
			env = append(env, "RUSH_"+strings.ToUpper(name)+"="+strconv.FormatInt(v, 10))
		case float64:
			env = append(env, "RUSH_"+strings.ToUpper(name)+"="+strconv.FormatFloat(v, 'g', -1, 64))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Env)) {
		env = append(env, name+"="+c.Env[name])
	}
	return env
}
