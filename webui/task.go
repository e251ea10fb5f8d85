package webui

import (
	"context"
	"net/http"

	"github.com/rushnet/rush"
)

// taskLogs is how many entries of the log a task is shown with.
const taskLogs = 500

// task tells everything about one task.
func (h *Handler) task(w http.ResponseWriter, r *http.Request) error {
	key, err := rush.ParseTaskKey(r.PathValue("number"))
	if err != nil {
		return badRequest("%v", err)
	}
	return h.with(r, func(b *hub) error {
		tasks, err := b.net.Tasks(r.Context(), key)
		if err != nil {
			return err
		}
		page, err := b.net.TailLog(r.Context(), taskLogs, rush.LogFilter{Tasks: []rush.TaskKey{key}})
		if err != nil {
			return err
		}
		t := taskOf(tasks[0])
		if tasks[0].State == rush.Queued {
			place, err := b.net.Place(r.Context(), key)
			if err != nil {
				return err
			}
			t["place"] = place
		}
		t["by_hand"], err = b.byHand(r.Context(), tasks[0])
		if err != nil {
			return err
		}
		t["logs"] = logLinesOf(page.Entries)
		t["now_us"] = nowMicros()
		return answer(w, t)
	})
}

// byHand reports whether a person evaluates a task, who can tell what came out.
func (b *hub) byHand(ctx context.Context, t *rush.Task) (bool, error) {
	if t.State != rush.Running {
		return false, nil
	}
	workers, err := b.net.Workers(ctx)
	for i := range workers {
		if workers[i].ID == t.Worker {
			return workers[i].Client(), err
		}
	}
	return false, err
}

// taskOf is a task as JSON.
func taskOf(t *rush.Task) map[string]any {
	queue := t.Queue
	if queue == "" {
		queue = rush.DefaultQueue
	}
	attempts := []any{}
	for i := range t.Attempts {
		attempts = append(attempts, attemptOf(&t.Attempts[i], t.Attempts[i].State()))
	}
	if current, ok := t.AttemptNumber(t.Attempt); ok && t.Attempt > 0 {
		attempts = append(attempts, attemptOf(&current, t.State))
	}
	late := []any{}
	for _, l := range t.Late {
		late = append(late, map[string]any{
			"attempt": l.Attempt, "worker": l.Worker, "ys": plain(l.YS), "condition": conditionOf(l.Condition), "at": moment(l.At),
		})
	}
	return map[string]any{
		"number": t.Key, "state": t.State, "attempt": t.Attempt, "worker_id": t.Worker,
		"xs": plain(t.XS), "ys": plain(t.YS), "xs_extra": plain(t.XSExtra), "ys_extra": plain(t.YSExtra),
		"condition": conditionOf(t.Condition), "progress": plain(t.Progress), "reports": reportsOf(t.Reports),
		"attempts": attempts, "late": late, "depends_on": notNil(t.DependsOn),
		"queue": queue, "function": t.Function, "seed": t.Seed, "max_retries": t.MaxRetries, "memory": t.Memory, "isolate": t.Isolate,
		"timeout_us": t.Timeout.Microseconds(), "stall_us": t.Stall.Microseconds(),
		"created": moment(t.Created), "started": moment(t.Started), "finished": moment(t.Finished),
		"spent_us": map[string]any{
			"proposing": t.Spent.Proposing.Microseconds(), "waiting": t.Spent.Waiting.Microseconds(),
			"evaluating": t.Spent.Evaluating.Microseconds(), "storing": t.Spent.Storing.Microseconds(),
		},
	}
}

func attemptOf(a *rush.Attempt, state rush.State) map[string]any {
	return map[string]any{
		"attempt": a.Number, "state": state, "worker_id": a.Worker, "ys": plain(a.YS), "condition": conditionOf(a.Condition),
		"reports": reportsOf(a.Reports), "started": moment(a.Started), "finished": moment(a.Finished),
	}
}

func reportsOf(reports []rush.Report) []any {
	list := make([]any, len(reports))
	for i, r := range reports {
		list[i] = map[string]any{"step": plain(r.Step), "ys": plain(r.YS)}
	}
	return list
}

func conditionOf(c *rush.Condition) any {
	if c == nil {
		return nil
	}
	return map[string]any{
		"class": c.Class, "message": c.Message, "exit_code": c.ExitCode, "signal": c.Signal, "stderr": c.Stderr, "trace": c.Trace,
	}
}
