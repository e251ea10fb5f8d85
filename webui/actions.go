package webui

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/rushnet/rush"
)

const (
	// mostRefused is how many refused tasks an answer names; it counts them all.
	mostRefused = 1000
	// shownText is how much of what somebody sent is said in an error or in the log.
	shownText = 2 << 10
)

// A result says exactly what was done.
type result struct {
	Done    int              `json:"done"`
	Refused []refusal        `json:"refused"`
	Others  int              `json:"refused_others"` // how many refused are not named
	Numbers []rush.TaskKey   `json:"numbers,omitempty"`
	Workers []rush.WorkerID  `json:"workers,omitempty"`
	Pending bool             `json:"pending,omitempty"`  // it is asked for, and takes a while
	Rows    []map[string]any `json:"rows,omitempty"`     // of a preview
	Left    []string         `json:"left_out,omitempty"` // columns of what is pushed that are no inputs
	Answers []answered       `json:"answers,omitempty"`  // to a message
	Message string           `json:"message,omitempty"`
}

// A refusal says why something was not done to a task or a worker.
type refusal struct {
	Number any           `json:"number"` // null for a worker
	Worker rush.WorkerID `json:"worker,omitempty"`
	Why    string        `json:"message"`
}

func (r *result) refuse(key rush.TaskKey, why string) {
	if len(r.Refused) == mostRefused {
		r.Others++
		return
	}
	r.Refused = append(r.Refused, refusal{Number: key, Why: why})
}

// short says what was done before an error ended it; nil is nothing.
func (r *result) short(err error) error {
	if r == nil || r.Done == 0 {
		return err
	}
	return fmt.Errorf("%d were done, and the rest were not: %w", r.Done, err)
}

// A verb does what an action is about.
type verb func(ctx context.Context, b *hub, o *order) (*result, error)

// verbs are the actions by name.
func verbs() map[string]verb {
	return map[string]verb{
		"retry": retryTasks, "cancel": cancelTasks, "delete": deleteTasks, "push": pushTasks,
		"unqueue": unqueueTasks, "empty": emptyQueues, "ask": askTask, "tell": tellTask, "progress": tellProgress,
		"pause": pauseWorkers, "resume": resumeWorkers, "stop": stopWorkers, "kill": killWorkers,
		"message": messageWorkers, "forget": forgetWorkers, "start": startWorkers, "environment": changeEnvironment,
		"reset": resetNetwork, "destroy": destroyNetwork, "keep": keepNetwork,
	}
}

// act does something to a network, and has a line of it in the log.
func (h *Handler) act(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("verb")
	do, ok := verbs()[name]
	if !ok {
		return notFound("there is no action %s; expected count, %s", quoted(name), strings.Join(slices.Sorted(maps.Keys(verbs())), ", "))
	}
	return h.withMeant(r, func(b *hub) error {
		o, err := readOrder(w, r)
		if b.definition().Frozen {
			err = &httpError{status: http.StatusForbidden, message: "this network is a file: nothing can be changed in it"}
		}
		if err == nil {
			err = o.check(b.id, name)
		}
		var res *result
		if err == nil {
			res, err = do(r.Context(), b, o)
			b.snapshots.drop() // what it did is to be part of the next one, also if it was not all
			b.hurry()
		}
		h.audit(r, name, o, res, err)
		if err != nil {
			return res.short(err)
		}
		res.Refused = notNil(res.Refused)
		return answer(w, res)
	})
}

// count tells how many tasks a filter means, without doing anything to them.
func (h *Handler) count(w http.ResponseWriter, r *http.Request) error {
	return h.withMeant(r, func(b *hub) error {
		o, err := readOrder(w, r)
		if err != nil {
			return err
		}
		if o.Filter == nil {
			o.Filter = new(Filter)
		}
		matches, err := b.match(r.Context(), o.Filter)
		if err != nil {
			return err
		}
		states := map[rush.State]int{}
		for _, m := range matches {
			states[m.state]++
		}
		return answer(w, map[string]any{"count": len(matches), "state": states})
	})
}

// audit has a line in the log for every action, done or refused. What is pushed is
// not part of it.
func (h *Handler) audit(r *http.Request, name string, o *order, res *result, err error) {
	args := []any{"action", bare(name), "network", bare(r.PathValue("id")), "from", r.RemoteAddr}
	if o.Filter != nil {
		shown := *o.Filter
		if len(shown.Numbers) > 10 {
			args = append(args, "numbers", len(shown.Numbers))
			shown.Numbers = nil
		}
		var filter strings.Builder
		enc := json.NewEncoder(&filter)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(shown) // texts and numbers
		text, _ := shortened(strings.TrimSpace(filter.String()), shownText)
		args = append(args, "filter", text)
	}
	args = append(args, o.about()...)
	if res != nil {
		args = append(args, "done", res.Done, "refused", len(res.Refused)+res.Others)
	}
	if err != nil {
		h.cfg.Log.Warn("action refused", append(args, "error", shortErr(err))...)
		return
	}
	h.cfg.Log.Info("action", args...)
}

// meant lists the tasks that an order is about, if they are as many as expected.
func (b *hub) meant(ctx context.Context, o *order) ([]match, error) {
	matches, err := b.match(ctx, o.Filter)
	if err != nil {
		return nil, err
	}
	if n := int64(len(matches)); o.Expect != nil && n != *o.Expect {
		return nil, &httpError{status: http.StatusConflict,
			message: fmt.Sprintf("the filter meets %d tasks by now, not %d: look again; nothing was done", n, *o.Expect)}
	}
	return matches, nil
}
