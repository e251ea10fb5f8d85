package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
)

func (a *app) taskCommand() *cobra.Command {
	var t namedTasks
	return a.withJSON(t.withTasks(&cobra.Command{
		Use:   "task [NETWORK] TASK",
		Short: "Show everything about one task",
		Long: `Show everything about one task: what went in and what came out, all attempts
with their workers, times, intermediate values and failures, results that came too late, and where
the time went.`,
		Example: "  rush task 17\n  rush task branin 17 --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.only(args, "rush task 17"); err != nil {
				return err
			}
			net, err := a.openNetwork(cmd.Context(), t.network)
			if err != nil {
				return err
			}
			defer net.Close()
			tasks, err := net.Tasks(cmd.Context(), t.keys...)
			if err != nil {
				return err
			}
			if a.json {
				return a.printValues(taskValues(tasks[0]))
			}
			return a.printTask(tasks[0])
		},
	}))
}

// taskValues is a task as values, for JSON.
func taskValues(t *rush.Task) map[string]any {
	v := map[string]any{
		"task": int64(t.Key), "state": string(t.State), "attempt": int64(t.Attempt), "worker": string(t.Worker),
		"xs": map[string]any(t.XS), "ys": map[string]any(t.YS), "xs_extra": map[string]any(t.XSExtra), "ys_extra": map[string]any(t.YSExtra),
		"condition": conditionValues(t.Condition), "depends_on": numberValues(t.DependsOn),
		"reports": reportValues(t.Reports), "queue": queueText(t.Queue), "function": t.Function, "max_retries": int64(t.MaxRetries),
		"timeout_seconds": t.Timeout.Seconds(), "stall_seconds": t.Stall.Seconds(), "memory": t.Memory,
		"created": timeValue(t.Created), "started": timeValue(t.Started), "finished": timeValue(t.Finished),
		"spent_seconds": map[string]any{
			"proposing": t.Spent.Proposing.Seconds(), "waiting": t.Spent.Waiting.Seconds(),
			"evaluating": t.Spent.Evaluating.Seconds(), "storing": t.Spent.Storing.Seconds(),
		},
	}
	if len(t.Seed) > 0 {
		seed := make([]any, len(t.Seed))
		for i, n := range t.Seed {
			seed[i] = int64(n)
		}
		v["seed"] = seed
	}
	attempts := []any{}
	for _, at := range t.Attempts {
		attempts = append(attempts, map[string]any{
			"attempt": int64(at.Number), "state": string(at.State()), "worker": string(at.Worker), "ys": map[string]any(at.YS),
			"condition": conditionValues(at.Condition), "reports": reportValues(at.Reports), "started": timeValue(at.Started), "finished": timeValue(at.Finished),
		})
	}
	late := []any{}
	for _, l := range t.Late {
		late = append(late, map[string]any{
			"attempt": int64(l.Attempt), "worker": string(l.Worker), "ys": map[string]any(l.YS),
			"condition": conditionValues(l.Condition), "at": timeValue(l.At),
		})
	}
	v["attempts"], v["late"] = attempts, late
	return v
}

func reportValues(reports []rush.Report) []any {
	v := make([]any, len(reports))
	for i, r := range reports {
		v[i] = map[string]any{"step": r.Step, "ys": map[string]any(r.YS)}
	}
	return v
}

func timeValue(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func conditionValues(c *rush.Condition) any {
	if c == nil {
		return nil
	}
	v := map[string]any{"class": string(c.Class), "message": c.Message}
	if c.ExitCode != nil {
		v["exit_code"] = int64(*c.ExitCode)
	}
	for name, text := range map[string]string{"signal": c.Signal, "stderr": c.Stderr, "trace": c.Trace} {
		if text != "" {
			v[name] = text
		}
	}
	return v
}

func queueText(name string) string {
	if name == "" {
		return rush.DefaultQueue
	}
	return name
}

// printTask prints a task for people.
func (a *app) printTask(t *rush.Task) error {
	a.printf("task %d is %s\n", t.Key, t.State)
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "  %s\t%s\n", name, text)
		}
	}
	for _, part := range []struct {
		name string
		v    rush.Values
	}{{"xs", t.XS}, {"ys", t.YS}, {"extra", t.XSExtra}, {"ys extra", t.YSExtra}} {
		line(part.name, strings.ReplaceAll(valuesText(part.v), "\n", ", "))
	}
	line("queue", queueText(t.Queue))
	if len(t.DependsOn) > 0 {
		line("depends on", oneLine(keysText(t.DependsOn), 60))
	}
	if t.MaxRetries > 0 {
		line("max retries", fmt.Sprint(t.MaxRetries))
	}
	if t.Timeout > 0 {
		line("timeout", t.Timeout.String())
	}
	line("created", clock(t.Created))
	line("time", spentText(t.Spent))
	if err := w.Flush(); err != nil {
		return err
	}
	current, _ := t.AttemptNumber(t.Attempt)
	for _, at := range append(t.Attempts, current) {
		a.printAttempt(t, at)
	}
	for _, l := range t.Late {
		a.printf("  too late, at %s, attempt %d of worker %s: %s\n", clock(l.At), l.Attempt, l.Worker, resultText(l.YS, l.Condition))
	}
	return nil
}

// printAttempt prints an attempt that has begun, or ended without.
func (a *app) printAttempt(t *rush.Task, at rush.Attempt) {
	state := at.State()
	if at.Number == t.Attempt {
		state = t.State
	}
	if at.Started.IsZero() && !state.Ended() {
		return
	}
	a.printf("  attempt %d: %s", at.Number, state)
	if at.Worker != "" {
		a.printf(", worker %s", at.Worker)
	}
	if !at.Started.IsZero() {
		a.printf(", started %s", clock(at.Started))
	}
	if !at.Started.IsZero() && !at.Finished.IsZero() {
		a.printf(", took %s", seconds(at.Finished.Sub(at.Started)))
	}
	a.printf("\n")
	if state == rush.Failed || at.Number != t.Attempt {
		a.printf("    %s\n", resultText(at.YS, at.Condition))
	}
	for _, r := range lastReports(at.Reports) {
		a.printf("    step %d: %s\n", r.Step, oneLine(strings.ReplaceAll(valuesText(r.YS), "\n", ", "), 100))
	}
	if n := len(at.Reports); n > shownReports {
		a.printf("    %d steps before are not shown; see --json\n", n-shownReports)
	}
	if c := at.Condition; c != nil && c.Stderr != "" {
		a.printf("    it printed:\n      %s\n", strings.ReplaceAll(strings.TrimSpace(c.Stderr), "\n", "\n      "))
	}
}

// shownReports is how many reports of an attempt people are shown: the last ones.
const shownReports = 20

func lastReports(reports []rush.Report) []rush.Report {
	return reports[max(0, len(reports)-shownReports):]
}

func resultText(ys rush.Values, c *rush.Condition) string {
	if c != nil {
		return c.Error()
	}
	return strings.ReplaceAll(valuesText(ys), "\n", ", ")
}

func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05.000")
}

// spentText says where the time went.
func spentText(s rush.Spent) string {
	var parts []string
	for _, part := range []struct {
		name string
		d    time.Duration
	}{{"proposing", s.Proposing}, {"waiting", s.Waiting}, {"evaluating", s.Evaluating}, {"storing", s.Storing}} {
		if part.d > 0 {
			parts = append(parts, fmt.Sprintf("%s %v", part.name, part.d.Round(time.Microsecond)))
		}
	}
	return strings.Join(parts, ", ")
}
