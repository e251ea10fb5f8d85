package store

import (
	"strings"
	"testing"

	"github.com/rushnet/rush"
)

// goodAudit returns an audit in which every invariant holds and everything
// that they speak of occurs.
func goodAudit() *Audit {
	return &Audit{
		Tasks: []AuditTask{
			{Key: 0, State: rush.Finished, Worker: "w1", Attempt: 2, Taken: true, HasYS: true},
			{Key: 1, State: rush.Queued},
			{Key: 3, State: rush.Running, Worker: "w1", Attempt: 1, Taken: true},
			{Key: 4, State: rush.Failed, Attempt: 0, HasCondition: true},
			{Key: 5, State: rush.Running, Worker: "w2", Attempt: 1, Taken: true},
			{Key: 8, State: rush.Deferred},
		},
		Indexed: map[rush.State][]rush.TaskKey{
			rush.Deferred: {8}, rush.Queued: {1}, rush.Running: {3, 5}, rush.Finished: {0}, rush.Failed: {4},
		},
		Log: []rush.Ending{
			{Key: 0, Attempt: 1, State: rush.Failed}, {Key: 9, Attempt: 1, State: rush.Finished}, {Key: 0, Attempt: 1},
			{Key: 4, State: rush.Failed}, {Key: 9, Attempt: 1}, {Key: 0, Attempt: 2, State: rush.Finished},
		},
		Counts: rush.Counts{
			Deferred: 1, Queued: 1, Running: 2, Finished: 1, Failed: 1, Created: 8, Deleted: 2, Claimed: 1,
		},
		Workers: []rush.Worker{
			{ID: "w1", State: rush.WorkerRunning}, {ID: "w2", State: rush.WorkerPaused}, {ID: "w3", State: rush.WorkerLost},
		},
		Assigned: map[rush.WorkerID][]rush.TaskKey{"w1": {3}, "w2": {5}},
		Claims:   map[rush.TaskKey]rush.WorkerID{6: "w2", 10: ""},
		Taken:    6, // 3 tasks, 2 numbers, 1 of the 2 deleted tasks
		Next:     11,
		Reserved: 2,
	}
}

func TestCheckFindsNothingInAGoodAudit(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]*Audit{"good": goodAudit(), "empty": {}, "new": {Next: 5, Reserved: 5}} {
		for _, v := range Check(a) {
			t.Errorf("%s: %v", name, v)
		}
	}
}

// Each case breaks a good audit in one way and says what is to be found.
func TestCheckFindsWhatIsBroken(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		spoil func(a *Audit)
		want  []string
	}{
		{"a task in no index", func(a *Audit) { a.Indexed[rush.Queued] = nil }, []string{
			"task 1: it is queued, but in no index (invariant 1"}},
		{"a task in another index", func(a *Audit) { a.Indexed[rush.Queued], a.Indexed[rush.Failed] = nil, []rush.TaskKey{4, 1} }, []string{
			"task 1: it is queued, but in the index of failed tasks (invariant 1"}},
		{"a task in two indexes", func(a *Audit) { a.Indexed[rush.Queued] = []rush.TaskKey{1, 8} }, []string{
			"task 8: it is in the index of deferred tasks and in that of queued ones (invariant 1"}},
		{"a task twice in an index", func(a *Audit) { a.Indexed[rush.Queued] = []rush.TaskKey{1, 1} }, []string{
			"task 1: it is in the index of queued tasks and in that of queued ones (invariant 1"}},
		{"an index of what does not exist", func(a *Audit) { a.Indexed[rush.Queued] = []rush.TaskKey{1, 7} }, []string{
			"task 7: the index of queued tasks has it, but there is no such task (invariant 1"}},
		{"an unknown state", func(a *Audit) {
			a.Tasks[1].State = "waiting"
			a.Counts.Queued = 0
			a.Indexed[rush.Queued] = nil
			a.Indexed["waiting"] = []rush.TaskKey{1}
		}, []string{
			`task 1: its state is "waiting"; expected one of`}},
		{"a task twice", func(a *Audit) { a.Tasks = append(a.Tasks, a.Tasks[5]); a.Counts.Deferred++; a.Counts.Created++ }, []string{
			"task 8: it comes after task 8; expected ascending numbers, each once (invariant 1"}},

		{"finished without ys", func(a *Audit) { a.Tasks[0].HasYS = false }, []string{
			"task 0: it is finished and has no ys (invariant 2"}},
		{"failed without a condition", func(a *Audit) { a.Tasks[3].HasCondition = false }, []string{
			"task 4: it is failed and has no condition (invariant 2"}},

		{"a dead worker runs a task", func(a *Audit) {
			a.Workers[1].State = rush.WorkerKilled
			delete(a.Claims, 6)
			a.Counts.Claimed--
			a.Taken--
		}, []string{
			`task 5: it runs on worker "w2", which is not alive (invariant 3`}},
		{"an unknown worker runs a task", func(a *Audit) {
			a.Tasks[4].Worker = "w9"
			a.Assigned = map[rush.WorkerID][]rush.TaskKey{"w1": {3}, "w9": {5}}
		}, []string{
			`task 5: it runs on worker "w9", which is not alive (invariant 3`}},
		{"a worker without its task", func(a *Audit) { a.Assigned["w1"] = nil }, []string{
			`task 3: it runs, but worker "w1" does not have it in its index (invariant 3`}},
		{"a worker with another's task", func(a *Audit) { a.Tasks[2].Worker = "w2" }, []string{
			`worker w1: its index has task 3, which worker "w2" runs (invariant 3`}},
		{"two workers with one task", func(a *Audit) { a.Assigned["w2"] = []rush.TaskKey{5, 3} }, []string{
			"worker w2: its index has task 3, which is in that of worker w1 too (invariant 3",
			`worker w2: its index has task 3, which worker "w1" runs (invariant 3`}},
		{"a worker with a task that does not run", func(a *Audit) { a.Assigned["w1"] = []rush.TaskKey{3, 1} }, []string{
			"worker w1: its index has task 1, which is queued (invariant 3"}},
		{"a worker with a task that does not exist", func(a *Audit) { a.Assigned["w3"] = []rush.TaskKey{77} }, []string{
			"worker w3: its index has task 77, which does not exist (invariant 3"}},

		{"a counter is off", func(a *Audit) { a.Counts.Running = 3 }, []string{
			"the counters: they say 3 running tasks; found 2 (invariant 4"}},
		{"a task was dropped", func(a *Audit) { a.Counts.Created++ }, []string{
			"the counters: 9 created and 2 deleted leave 7 tasks; found 6 (invariant 4"}},
		{"the claims are miscounted", func(a *Audit) { a.Counts.Claimed = 2 }, []string{
			"the counters: they say that workers hold 2 numbers; found 1 (invariant 4"}},
		{"too few are taken", func(a *Audit) { a.Taken = 4 }, []string{
			"the budget: 4 are said to be taken; found 3 tasks and 2 numbers, with 2 tasks deleted (invariant 4"}},
		{"too many are taken", func(a *Audit) { a.Taken = 8 }, []string{
			"the budget: 8 are said to be taken; found 3 tasks and 2 numbers, with 2 tasks deleted (invariant 4"}},
		{"a task runs for nothing", func(a *Audit) { a.Tasks[2].Taken = false; a.Taken-- }, []string{
			"task 3: it runs, but was not taken from the budget (invariant 4"}},
		{"a number would be handed out again", func(a *Audit) { a.Next = 8; delete(a.Claims, 10); a.Taken-- }, []string{
			"task 8: the next number is 8 and 2 are reserved: its own would be handed out again (invariant 4"}},

		{"the log misses an ending", func(a *Audit) { a.Log = a.Log[:5] }, []string{
			"task 0: it is finished; the log does not say so (invariant 5"}},
		{"the log has an ending of a queued task", func(a *Audit) { a.Log = append(a.Log, rush.Ending{Key: 1, State: rush.Failed}) }, []string{
			"task 1: it is queued; the log says failed (invariant 5"}},
		{"the log has another state", func(a *Audit) { a.Log[5].State = rush.Failed }, []string{
			"task 0: it is finished in attempt 2; the log says failed in attempt 2 (invariant 5"}},
		{"the log has another attempt", func(a *Audit) { a.Log[5].Attempt = 3 }, []string{
			"task 0: it is finished in attempt 2; the log says finished in attempt 3 (invariant 5"}},
		{"the log misses a withdrawal", func(a *Audit) { a.Log = append(a.Log[:2:2], a.Log[3:]...) }, []string{
			"task 0: entry 4 of the log has it end again (invariant 5"}},
		{"the log misses the withdrawal of a deleted task", func(a *Audit) { a.Log = append(a.Log[:4:4], a.Log[5]) }, []string{
			"task 9: the log says finished, but there is no such task (invariant 5"}},
		{"the log withdraws twice", func(a *Audit) { a.Log = append(a.Log, rush.Ending{Key: 9, Attempt: 1}) }, []string{
			"task 9: entry 6 of the log withdraws an ending that it does not have (invariant 5"}},
		{"the log withdraws another attempt", func(a *Audit) { a.Log[2].Attempt = 7 }, []string{
			"task 0: entry 2 of the log withdraws attempt 7; expected 1 (invariant 5"}},
		{"the log has a state that is no ending", func(a *Audit) { a.Log = append(a.Log, rush.Ending{Key: 3, State: rush.Running}, rush.Ending{Key: 3}) }, []string{
			`task 3: entry 6 of the log says that it is "running"; expected finished, failed or withdrawn (invariant 5`}},

		{"a reserved number has a task", func(a *Audit) { a.Claims[8] = ""; a.Taken++ }, []string{
			"number 8: it is reserved, but there is a deferred task of that number (invariant 6"}},
		{"a reserved number was not handed out", func(a *Audit) { a.Claims[11] = ""; a.Taken++ }, []string{
			"number 11: it is reserved, but was not handed out yet: the next is 11 (invariant 6"}},
		{"a dead worker holds a number", func(a *Audit) { a.Claims[10] = "w3"; a.Counts.Claimed++ }, []string{
			"number 10: worker w3 holds it, which is not alive (invariant 6"}},
		{"an unknown worker holds a number", func(a *Audit) { a.Claims[10] = "w9"; a.Counts.Claimed++ }, []string{
			"number 10: worker w9 holds it, which is not alive (invariant 6"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := goodAudit()
			tc.spoil(a)
			got := Check(a)
			if len(got) != len(tc.want) {
				t.Fatalf("got %v, want %q", got, tc.want)
			}
			for i, v := range got {
				if !strings.HasPrefix(v.String(), tc.want[i]) {
					t.Errorf("got %q, want it to begin with %q", v, tc.want[i])
				}
			}
		})
	}
}

// A deleted task's share of the budget is not known: any is possible.
func TestCheckAllowsDeletedTasksToBeTakenOrNot(t *testing.T) {
	t.Parallel()
	for taken := int64(5); taken <= 7; taken++ {
		a := goodAudit()
		a.Taken = taken
		for _, v := range Check(a) {
			t.Errorf("%d taken: %v", taken, v)
		}
	}
}
