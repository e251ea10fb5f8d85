package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/network"
)

// A logFlags says which part of a log is wanted, and how it is shown.
type logFlags struct {
	workers, tasks, kinds, loggers []string
	level                          string
	n                              int
	follow, diff                   bool
	dir                            string
	keep                           int64
}

func (a *app) logCommand() *cobra.Command {
	var f logFlags
	c := a.withJSON(&cobra.Command{
		Use:   "log [NETWORK]",
		Short: "Show what happened in a network, and what its workers told and printed",
		Long: `Show the last entries of a network's log: the events in the lives of its workers,
what they told through their loggers (rush run --log) and what they and their
objectives printed (rush run --keep-output). With --follow it goes on until it
is interrupted, or the network is destroyed. With --dir it prints the files of one worker in a log directory
(rush run --log-dir).`,
		Example: `  rush log --follow
  rush log --worker 3f2a9c1e --kind stderr -n 0
  rush log --task 12
  rush log --level warn --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			filter, err := f.filter()
			if err != nil {
				return exitError{exitUsage, err}
			}
			if f.dir != "" {
				return a.printFiles(f)
			}
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			if cmd.Flags().Changed("keep") {
				return net.KeepLog(cmd.Context(), f.keep)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return a.showLog(ctx, net, filter, f)
		},
	})
	flags := c.Flags()
	flags.StringSliceVar(&f.workers, "worker", nil, "only entries of this worker; may be repeated")
	flags.StringSliceVar(&f.tasks, "task", nil, "only entries about this task; may be repeated")
	flags.StringSliceVar(&f.kinds, "kind", nil, "only entries of this kind (log, event, stdout, stderr); may be repeated")
	flags.StringSliceVar(&f.loggers, "logger", nil, "only entries of this logger and those below it; may be repeated")
	flags.StringVar(&f.level, "level", "", "only entries of this level and above (debug, info, warn, error)")
	flags.IntVarP(&f.n, "n", "n", 50, "how many of the last entries; 0 is all")
	flags.BoolVarP(&f.follow, "follow", "f", false, "go on with what comes, until interrupted")
	flags.BoolVar(&f.diff, "diff", false, "show the time since the entry before, too")
	flags.StringVar(&f.dir, "dir", "", "print the worker's files of this log directory instead")
	flags.Int64Var(&f.keep, "keep", 0, "set how many entries the network keeps (0: 20000), and show nothing")
	return c
}

func (f *logFlags) filter() (rush.LogFilter, error) {
	filter := rush.LogFilter{Loggers: f.loggers}
	for _, w := range f.workers {
		filter.Workers = append(filter.Workers, rush.WorkerID(w))
	}
	for _, t := range f.tasks {
		key, err := rush.ParseTaskKey(t)
		if err != nil {
			return filter, err
		}
		filter.Tasks = append(filter.Tasks, key)
	}
	for _, k := range f.kinds {
		if !slices.Contains(rush.LogKinds(), rush.LogKind(k)) {
			return filter, fmt.Errorf("there is no kind %q of entries; expected one of %q", k, rush.LogKinds())
		}
		filter.Kinds = append(filter.Kinds, rush.LogKind(k))
	}
	if f.level != "" {
		var level slog.Level
		if err := level.UnmarshalText([]byte(f.level)); err != nil {
			return filter, fmt.Errorf("there is no level %q; expected debug, info, warn or error", f.level)
		}
		filter.Level = level
	}
	return filter, nil
}

// printFiles prints what a log directory has of one worker.
func (a *app) printFiles(f logFlags) error {
	if len(f.workers) != 1 {
		return exitError{exitUsage, errors.New("--dir prints the files of one worker; name it with --worker")}
	}
	stdout, stderr, err := logstore.ReadFiles(f.dir, rush.WorkerID(f.workers[0]))
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]string{"worker": f.workers[0], "stdout": string(stdout), "stderr": string(stderr)})
	}
	_, err = a.out.Write(stdout)
	if err == nil {
		_, err = a.err.Write(stderr)
	}
	return err
}

// followWait is one blocking wait for entries.
const followWait = time.Minute

// showLog prints the last entries, and with --follow those that come.
func (a *app) showLog(ctx context.Context, net *network.Rush, filter rush.LogFilter, f logFlags) error {
	p := &logPrinter{app: a, diff: f.diff}
	n := f.n
	if n <= 0 {
		n = 1 << 30
	}
	page, err := net.TailLog(ctx, n, filter)
	if err != nil {
		return err
	}
	if err := p.print(page.Entries); err != nil || !f.follow || p.app.file != nil {
		return err
	}
	for reader := net.LogReader(page.Next, filter); ; {
		entries, dropped, err := reader.New(ctx, followWait)
		switch {
		case ctx.Err() != nil:
			return nil // interrupted: that is how it ends
		case errors.Is(err, rush.ErrNoNetwork):
			a.tell("network %s is gone, and its log with it", net.ID())
			return nil
		case err != nil:
			return err
		}
		if dropped > 0 {
			a.tell("%d entries were dropped before they could be shown; rush log --keep N has the network keep more", dropped)
		}
		if err := p.print(entries); err != nil {
			return err
		}
	}
}

// A logPrinter prints entries one after the other.
type logPrinter struct {
	app  *app
	diff bool
	last time.Time // of the entry before
}

// A logLine is an entry in JSON, a line each.
type logLine struct {
	Offset  int64          `json:"offset"`
	Time    time.Time      `json:"time"`
	Diff    *float64       `json:"diff_seconds,omitempty"`
	Worker  rush.WorkerID  `json:"worker,omitempty"`
	Task    *rush.TaskKey  `json:"task,omitempty"`
	Kind    rush.LogKind   `json:"kind"`
	Level   string         `json:"level"`
	Logger  string         `json:"logger,omitempty"`
	Message string         `json:"message"`
	Attrs   map[string]any `json:"attrs,omitempty"`
}

// encode writes an entry as a line of JSON.
func (p *logPrinter) encode(l logLine) error {
	enc := json.NewEncoder(p.app.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(l)
}

func (p *logPrinter) print(entries []rush.LogEntry) error {
	for i := range entries {
		e := &entries[i]
		var since *float64
		if p.diff && !p.last.IsZero() {
			d := e.Time.Sub(p.last).Seconds()
			since = &d
		}
		p.last = e.Time
		var err error
		if p.app.json {
			err = p.encode(jsonLog(e, since))
		} else {
			_, err = fmt.Fprintln(p.app.out, p.line(e, since))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func jsonLog(e *rush.LogEntry, since *float64) logLine {
	l := logLine{
		Offset: e.Offset, Time: e.Time, Diff: since, Worker: e.Worker, Kind: e.Kind, Level: strings.ToLower(e.Level.String()),
		Logger: e.Logger, Message: e.Message, Attrs: jsonAttrs(e.Attrs),
	}
	if e.Task != rush.NoTask {
		l.Task = &e.Task
	}
	return l
}

// jsonAttrs writes what JSON has no word for as text.
func jsonAttrs(attrs rush.Values) map[string]any {
	out := make(map[string]any, len(attrs))
	for name, v := range attrs {
		if f, ok := v.(float64); ok && f-f != 0 {
			v = fmt.Sprint(f)
		}
		out[name] = v
	}
	return out
}

// line is an entry for people: when, how long after the one before, whose,
// about what, and what.
func (p *logPrinter) line(e *rush.LogEntry, since *float64) string {
	var b strings.Builder
	b.WriteString(e.Time.Local().Format("2006-01-02 15:04:05.000"))
	if p.diff {
		text := ""
		if since != nil {
			text = fmt.Sprintf("+%.3fs", *since)
		}
		fmt.Fprintf(&b, " %10s", text)
	}
	fmt.Fprintf(&b, "  %-5s  %-8s  %-6s", e.Level, orDash(string(e.Worker)), e.Kind)
	if e.Task != rush.NoTask {
		fmt.Fprintf(&b, "  task %d", e.Task)
	}
	if e.Logger != "" {
		fmt.Fprintf(&b, "  %s", e.Logger)
	}
	fmt.Fprintf(&b, "  %s", printable(e.Message))
	for _, name := range sortedNames(e.Attrs) {
		fmt.Fprintf(&b, "  %s=%s", name, printable(fmt.Sprint(e.Attrs[name])))
	}
	return b.String()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// printable keeps what a worker printed from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, strings.TrimRight(s, "\r\n"))
}
