package redisstore_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/storetest"
)

// A hand in the database, or a machine that crashed: each case damages a
// network in one way, which the repair mends, and says so.
func TestRepair(t *testing.T) {
	t.Parallel()
	s, c := open(t, redistest.URL(t)), sharedClient(t)
	do := func(words ...any) func(*testing.T, string) {
		return func(t *testing.T, prefix string) {
			args := append([]any{words[0], prefix + words[1].(string)}, words[2:]...)
			if err := c.Do(t.Context(), args...).Err(); err != nil && err != redis.Nil {
				t.Fatal(err)
			}
		}
	}
	// counter writes a 64-bit number where a counter is.
	counter := func(at, value int) func(*testing.T, string) {
		return do("SETRANGE", "counters", 8*at, string([]byte{byte(value), 0, 0, 0, 0, 0, 0, 0}))
	}
	for _, tc := range []struct {
		name   string
		damage func(t *testing.T, prefix string)
		says   []string
	}{
		{"the log is gone", do("DEL", "0:log"), []string{"the log of endings was torn"}},
		{"an entry of the log is gone", do("LPOP", "0:log"), []string{"the log of endings was torn"}},
		{"an entry of the log is garbage", do("LSET", "0:log", 1, "hello"), []string{"the log of endings was torn"}},
		{"the shared queue is gone", do("DEL", "0:q:"), []string{"task 0: it is queued and was in no queue", "task 3: it is queued"}},
		{"a queue has what does not exist", do("LPUSH", "0:q:", 99), []string{"queue (shared): it had task 99"}},
		{"a queue has a task twice", do("RPUSH", "0:q:", 1), []string{"queue (shared): it had task 1"}},
		{"a queue has another's task", do("RPUSH", "0:q:", 4), []string{"queue (shared): it had task 4"}},
		{"the list of queues is gone", do("DEL", "0:queues"), []string{"queue high: it was not in the list"}},
		{"the deferred ones are gone", do("DEL", "0:deferred"), []string{"task 5: it is deferred and was not in the index"}},
		{"a queued task is said to be deferred", do("SADD", "0:deferred", 1, 99), []string{"task 1: the index of deferred", "task 99: the index of deferred"}},
		{"who depends on whom is gone", do("DEL", "0:dependents"), []string{"task 5: it waits for task 1, which did not know"}},
		{"how many a task waits for is wrong", do("HSET", "0:5", "n", 3), []string{"task 5: it was said to wait for 3 others; it waits for 1"}},
		{"what a task waits for is gone", do("DEL", "0:1"), []string{"task 5: it waited for task 1, which failed or is gone", "queue (shared): it had task 1"}},
		{"a worker's hash is gone", do("DEL", "w:w1"), []string{"worker w1: nothing was known of it", "task 6: it ran on a worker", "task 7: it ran on a worker", "worker w1 held it"}},
		{"a worker's memory is gone", do("DEL", "m:w2"), []string{"worker w2: what it held was lost", "task 8: it ran on a worker"}},
		{"a worker's memory is torn", do("SET", "m:w2", "half"), []string{"worker w2: what it held was lost", "task 8: it ran on a worker"}},
		{"a worker is said to have ended", do("HSET", "w:w1", "s", "killed"), []string{"worker w1: its records disagreed", "task 6: it ran on a worker"}},
		{"the workers that are alive are gone", do("DEL", "alive"), []string{"worker w1: it was not among those that are alive", "worker w2: it was not"}},
		{"the list of workers is gone", do("DEL", "workers"), []string{"worker w1: it was not in the list", "worker w2: it was not"}},
		{"a ghost is alive", do("ZADD", "alive", 1e18, "ghost"), []string{"worker ghost: nothing was known"}},
		{"a task's state is gone", do("HDEL", "0:9", "h"), []string{"task 9: its record was torn", "task 9: the log of endings said"}},
		{"a task's state is garbage", do("HSET", "0:2", "h", "z1 what"), []string{"task 2: its record was torn", "it had task 2"}},
		{"a running task is gone", do("DEL", "0:8"), []string{"worker w2: task 8 was said to run there", "running tasks; it is 2"}},
		{"a finished task is gone", do("DEL", "0:10"), []string{"task 10: the log of endings said", "finished tasks; it is 1"}},
		{"outputs are gone", do("HDEL", "0:9", "y"), []string{"task 9: it was finished and had no ys"}},
		{"a condition is gone", do("HDEL", "0:11", "c"), []string{"task 11: it was failed and had no condition"}},
		{"a counter of queued tasks is wrong", counter(7, 50), []string{"they said 50 queued tasks; it is 5"}},
		{"a counter of requeued tasks is wrong", counter(8, 3), []string{"they said 3 queued tasks that ran before; it is 1"}},
		{"the next number was given before", counter(3, 4), []string{"they said 4 as the next number; it is 15"}},
		{"the length of the log is wrong", counter(14, 2), []string{"the log of endings was torn"}},
		{"the budget is wrong", counter(13, 0), []string{"they said 0 taken from the budget"}},
		{"the claims are gone", do("DEL", "0:claims"), []string{"numbers held by workers; it is 0"}},
		{"a claim of a task", do("HSET", "0:claims", 9, "w1"), []string{"number 9: worker w1 held it, but there is a task"}},
		{"a claim of nobody", do("HSET", "0:claims", 13, "nobody"), []string{"number 13: worker nobody held it, which is not alive"}},
		{"a task in the pool", do("ZADD", "0:pool", 9, 9), []string{"number 9: it was said to be free"}},
		{"what a tag holds is gone", do("DEL", "ot:a"), []string{"tag a: it holds object one, and did not know"}},
		{"who holds an object is gone", do("DEL", "oh:one"), []string{"object one: it did not know that tag a holds it"}},
		{"an object is gone", do("DEL", "o:two"), []string{"tag a: it held object two, which does not exist"}},
		{"the list of objects is gone", do("DEL", "objects"), []string{"object one: it was not in the list"}},
		{"the list of tags is gone", do("DEL", "otags"), []string{"tag a: it holds object"}},
		{"a tag of no task", do("SADD", "otags", "task:99"), []string{"tag task:99: there is no such task"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			n := s.Network(rush.NetworkID(fmt.Sprintf("repair-%s", newID())))
			t.Cleanup(func() { destroy(t, s, n) })
			storetest.FillForRepair(t, n)
			tc.damage(t, fmt.Sprintf("rush:{%s}:", n.ID()))
			storetest.WantRepaired(t, n, tc.says)
		})
	}
}

// After a log was written anew, readers begin anew, and tasks go on.
func TestRepairOfTheLogRaisesTheEpoch(t *testing.T) {
	t.Parallel()
	s, c := open(t, redistest.URL(t)), sharedClient(t)
	n := s.Network(rush.NetworkID("repair-" + newID()))
	t.Cleanup(func() { destroy(t, s, n) })
	storetest.FillForRepair(t, n)
	before, err := n.Ended(t.Context(), rush.Cursor{}, 0, rush.NoFields, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Del(t.Context(), fmt.Sprintf("rush:{%s}:0:log", n.ID())).Err(); err != nil {
		t.Fatal(err)
	}
	storetest.WantRepaired(t, n, []string{"with 3 entries, and readers begin anew"})
	page, err := n.Ended(t.Context(), before.Next, 0, rush.AllFields, 0)
	if err != nil || !page.Reset || len(page.Endings) != 3 || page.Records[0].XS == nil {
		t.Errorf("got %+v, %v, want a reset with three endings", page, err)
	}
	turn, err := n.Next(t.Context(), store.Step{Worker: "w2", Nonce: 1, Done: []store.Done{{Key: 8, YS: ys(t, 8)}}, Pop: true})
	if err != nil || turn.Outcomes[0] != store.Applied || turn.Task == nil {
		t.Errorf("got %+v, %v, want the worker to go on", turn, err)
	}
	storetest.Audit(t, n)
}

func newID() string { return uuid.NewString() }

func destroy(t *testing.T, s store.Store, n store.Network) {
	t.Helper()
	if err := s.Destroy(context.WithoutCancel(t.Context()), n.ID()); err != nil {
		t.Error(err)
	}
}
