package storetest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// What follows brings the answers of stores into a form in which those of
// stores that keep the contract are equal: of times it is only left whether
// they are known, and what the contract leaves open is taken away.

// kind names the error of package rush that an error wraps.
func kind(err error) string {
	for _, known := range []error{
		rush.ErrNoNetwork, rush.ErrNoTask, rush.ErrNoWorker, rush.ErrExists, rush.ErrState, rush.ErrLost,
		rush.ErrExhausted, rush.ErrChanged, rush.ErrSchema, rush.ErrTimeout, rush.ErrNoResponse,
	} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if err != nil {
		return "an error"
	}
	return "no error"
}

// known is 1 for a time in microseconds that is known.
func known(micros int64) int64 { return min(micros, 1) }

// knownTime is the zero time for one that is not known.
func knownTime(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.UnixMicro(1)
}

func exact[T any](answer T) T { return answer }

func normalRecord(r rush.Record) rush.Record {
	r.Created, r.Started, r.Finished, r.Spent = known(r.Created), known(r.Started), known(r.Finished), rush.Spent{}
	r.Condition = normalCondition(r.Condition)
	r.Attempts = slices.Clone(r.Attempts)
	for i := range r.Attempts {
		a := &r.Attempts[i]
		a.Started, a.Finished, a.Condition = known(a.Started), known(a.Finished), normalCondition(a.Condition)
	}
	r.Late = slices.Clone(r.Late)
	for i := range r.Late {
		r.Late[i].At, r.Late[i].Worker = known(r.Late[i].At), ""
	}
	return r
}

// normalCondition takes away the words for an impossible task.
func normalCondition(b []byte) []byte {
	if c, err := wire.DecodeCondition(b); len(b) > 0 && err == nil && c.Class == rush.ClassImpossible {
		return condition(rush.ClassImpossible, "")
	}
	return b
}

func normalRecords(records []rush.Record) []rush.Record {
	records = slices.Clone(records)
	for i := range records {
		records[i] = normalRecord(records[i])
	}
	return records
}

func normalTurn(turn store.Turn) store.Turn {
	turn.Started = known(turn.Started)
	if turn.Task != nil {
		task := normalRecord(*turn.Task)
		task.Late, task.Progress, task.Reports = nil, nil, nil // a repeated answer may show what came since
		turn.Task = &task
	}
	if turn.Stop != "" {
		turn.Exhausted, turn.Drained, turn.Paused = false, false, false
	}
	return turn
}

func normalRun(run rush.Run) rush.Run {
	run.Elapsed, run.Started, run.Ended = 0, knownTime(run.Started), knownTime(run.Ended)
	if run.Status == rush.RunNew {
		run.Reason = ""
	}
	return run
}

// byKey groups the log: the order of the entries of one step is open.
func byKey(log []rush.Ending) map[rush.TaskKey][]rush.Ending {
	grouped := map[rush.TaskKey][]rush.Ending{}
	for _, e := range log {
		grouped[e.Key] = append(grouped[e.Key], e)
	}
	return grouped
}

// normalWorkers sorts by id, and takes away what a store may word and count
// as it likes.
func normalWorkers(workers []rush.Worker) []rush.Worker {
	workers = slices.Clone(workers)
	slices.SortFunc(workers, func(a, b rush.Worker) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for i := range workers {
		w := &workers[i]
		w.Registered, w.Beat, w.Ended = knownTime(w.Registered), knownTime(w.Beat), knownTime(w.Ended)
		w.Running, w.Tasks, w.Busy = ascending(w.Running), 0, 0
		if w.State == rush.WorkerLost {
			w.Reason = ""
		}
	}
	return workers
}
