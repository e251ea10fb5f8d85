package frozenstore

import (
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/table"
)

// An archive is the rows of a file. It does not change.
type archive struct {
	records  []rush.Record // by ascending number
	at       map[rush.TaskKey]int
	log      []rush.Ending
	ended    []int // the index of each entry's record
	states   map[rush.State][]rush.TaskKey
	counts   rush.Counts
	budget   rush.Budget
	reserved int64
	whole    bool
}

func newArchive(tasks *table.FrozenTasks, about *table.About) *archive {
	a := &archive{
		records: tasks.Records, ended: tasks.Ended, whole: tasks.Whole,
		at: make(map[rush.TaskKey]int, len(tasks.Records)), states: map[rush.State][]rush.TaskKey{},
	}
	for i := range a.records {
		r := &a.records[i]
		a.at[r.Key] = i
		a.states[r.State] = append(a.states[r.State], r.Key)
		if taken(r) {
			a.budget.Taken++
		}
	}
	a.states[rush.Queued] = tasks.Queued
	for _, i := range a.ended {
		r := &a.records[i]
		a.log = append(a.log, rush.Ending{Key: r.Key, Attempt: r.Attempt, State: r.State})
	}
	count := func(s rush.State) int64 { return int64(len(a.states[s])) }
	a.counts = rush.Counts{
		Deferred: count(rush.Deferred), Queued: count(rush.Queued), Running: count(rush.Running),
		Finished: count(rush.Finished), Failed: count(rush.Failed), Created: int64(len(a.records)),
	}
	if about != nil {
		a.budget.Limit, a.reserved = about.Limit, about.Reserved
		a.counts.Created += about.Deleted
		a.counts.Deleted = about.Deleted
		a.budget.Taken = max(a.budget.Taken, min(about.Taken, a.budget.Taken+about.Deleted))
	}
	return a
}

// record returns the fields of a task that are asked for.
func (a *archive) record(key rush.TaskKey, fields rush.Fields) rush.Record {
	i, ok := a.at[key]
	if !ok {
		return rush.Record{Key: key}
	}
	return pick(&a.records[i], fields)
}

func pick(r *rush.Record, fields rush.Fields) rush.Record {
	if fields.Has(rush.AllFields) {
		return *r
	}
	p := rush.Record{Key: r.Key, State: r.State, Attempt: r.Attempt}
	for _, v := range []struct {
		field    rush.Fields
		to, from *[]byte
	}{
		{rush.FieldXS, &p.XS, &r.XS}, {rush.FieldYS, &p.YS, &r.YS}, {rush.FieldXSExtra, &p.XSExtra, &r.XSExtra},
		{rush.FieldYSExtra, &p.YSExtra, &r.YSExtra}, {rush.FieldCondition, &p.Condition, &r.Condition},
	} {
		if fields.Has(v.field) {
			*v.to = *v.from
		}
	}
	if fields.Has(rush.FieldWorker) {
		p.Worker = r.Worker
	}
	if fields.Has(rush.FieldTimes) {
		p.Created, p.Started, p.Finished, p.Spent = r.Created, r.Started, r.Finished, r.Spent
	}
	if fields.Has(rush.FieldOptions) {
		p.Options, p.DependsOn = r.Options, r.DependsOn
	}
	if fields.Has(rush.FieldHistory) {
		p.Attempts, p.Late, p.Progress = r.Attempts, r.Late, r.Progress
	}
	if fields.Has(rush.FieldReports) {
		p.Reports = r.Reports
	}
	return p
}

// audit is what the invariants speak of. The workers, which a file does not hold,
// are those that its running tasks name.
func (a *archive) audit() *store.Audit {
	out := &store.Audit{
		Indexed: a.states, Log: a.log, Counts: a.counts, Taken: a.budget.Taken, Reserved: a.reserved,
		Assigned: map[rush.WorkerID][]rush.TaskKey{}, Claims: map[rush.TaskKey]rush.WorkerID{}, Next: rush.TaskKey(a.reserved),
	}
	for i := range a.records {
		r := &a.records[i]
		out.Tasks = append(out.Tasks, store.AuditTask{
			Key: r.Key, State: r.State, Worker: r.Worker, Attempt: r.Attempt, Taken: taken(r),
			HasYS: len(r.YS) > 0, HasCondition: len(r.Condition) > 0,
		})
		out.Next = max(out.Next, r.Key+1)
		if r.State == rush.Running {
			out.Assigned[r.Worker] = append(out.Assigned[r.Worker], r.Key)
		}
	}
	for id := range out.Assigned {
		out.Workers = append(out.Workers, rush.Worker{ID: id, State: rush.WorkerRunning})
	}
	return out
}

// taken reports whether a task was taken from the budget, which it is when it starts
// for the first time.
func taken(r *rush.Record) bool {
	return r.Attempt > 0 && (r.Started != 0 || r.State == rush.Running ||
		slices.ContainsFunc(r.Attempts, func(a rush.AttemptRecord) bool { return a.Started != 0 }))
}
