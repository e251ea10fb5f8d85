package sqlitestore

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store/storetest"
)

// A hand in the database, or a machine that crashed: each case damages a
// network in one way, which the repair mends, and says so. The network has the
// id 1.
func TestRepair(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		damage string
		says   []string
	}{
		{"the log is gone", "DELETE FROM endings", []string{"the log of endings was torn"}},
		{"an entry of the log is gone", "DELETE FROM endings WHERE id = 1 << 40", []string{"the log of endings was torn"}},
		{"an entry of the log is garbage", "UPDATE endings SET state = 9 WHERE id = 1 << 40", []string{"the log of endings was torn"}},
		{"the length of the log is wrong", "UPDATE networks SET log_end = 1", []string{"the log of endings was torn"}},
		{"a queue is gone", "DELETE FROM queues WHERE name = 'high'", []string{"task 4: its queue was gone"}},
		{"all queues are gone", "DELETE FROM queues", []string{"the shared queue was gone", "task 1: its queue was gone"}},
		{"queued tasks are in no queue", "UPDATE tasks SET holder = NULL WHERE state = 2", []string{"task 0: the index", "task 4: the index"}},
		{"a finished task is in a queue", "UPDATE tasks SET holder = 1 WHERE id = (1 << 40) + 9", []string{"task 9: the index"}},
		{"a running task is not its worker's", "UPDATE tasks SET holder = NULL WHERE id = (1 << 40) + 6", []string{"task 6: the index"}},
		{"positions are wrong", "UPDATE tasks SET position = 1000 WHERE id = (1 << 40) + 2", []string{"the back of the queues"}},
		{"a worker is gone", "DELETE FROM workers WHERE name = 'w1'", []string{"task 6: it ran on a worker", "task 7: it ran on a worker", "a worker held it that is not alive"}},
		{"a worker has ended", "UPDATE workers SET state = 3 WHERE name = 'w2'", []string{"task 8: it ran on a worker"}},
		{"a worker's state is garbage", "UPDATE workers SET state = 77 WHERE name = 'w2'", []string{"worker w2: its state could not be read", "task 8: it ran on a worker"}},
		{"a running task has no worker", "UPDATE tasks SET worker = NULL WHERE id = (1 << 40) + 8", []string{"task 8: the index", "task 8: it ran on a worker"}},
		{"a task's state is garbage", "UPDATE tasks SET state = 0 WHERE id = (1 << 40) + 9", []string{"task 9: its record was torn", "task 9: the log of endings said"}},
		{"a finished task is gone", "DELETE FROM tasks WHERE id = (1 << 40) + 10", []string{"task 10: the log of endings said", "finished tasks; it is 1"}},
		{"a queued task is gone", "DELETE FROM tasks WHERE id = (1 << 40) + 2", []string{"queued tasks; it is 4", "deleted tasks; it is 2"}},
		{"what a task waits for is gone", "DELETE FROM tasks WHERE id = (1 << 40) + 1", []string{"task 5: it waited for task 1, which failed or is gone"}},
		{"who depends on whom is gone", "DELETE FROM dependencies", []string{"task 5: some that it waits for did not know"}},
		{"how many a task waits for is wrong", "UPDATE tasks SET unfinished = 7 WHERE state = 1", []string{"task 5: it was said to wait for another number"}},
		{"a task waits for nothing", "UPDATE tasks SET depends_on = NULL WHERE state = 1", []string{"task 5: it waited for nothing any more"}},
		{"a dependency of no task", "INSERT INTO dependencies VALUES (1 << 40, (1 << 40) + 99)", []string{"task 99: it was said to depend on others"}},
		{"an ended task is queued again", "UPDATE tasks SET state = 2, holder = queue WHERE id = (1 << 40) + 9", []string{"task 9: the log of endings said", "queued tasks; it is 6"}},
		{"outputs are gone", "UPDATE tasks SET ys = NULL WHERE id = (1 << 40) + 9", []string{"task 9: it was finished and had no ys"}},
		{"a condition is gone", "UPDATE tasks SET condition = NULL WHERE id = (1 << 40) + 11", []string{"task 11: it was failed and had no condition"}},
		{"attempts are gone", "DELETE FROM attempts", []string{"task 0: it was said to have other attempts"}},
		{"an attempt of no task", "UPDATE attempts SET task = (1 << 40) + 99", []string{"task 99: there was an attempt", "task 0: it was said to have other attempts"}},
		{"a running task was not taken", "UPDATE tasks SET taken = 0 WHERE state = 3", []string{"task 6: it runs and was not counted"}},
		{"counters are wrong", "UPDATE networks SET queued = 50, requeued = 7, failed = 0, queues = 9", []string{"50 queued tasks; it is 5", "7 queued tasks that ran before; it is 1", "0 failed tasks; it is 1", "9 queues"}},
		{"nothing was ever created", "UPDATE networks SET tasks = 0", []string{"0 tasks ever created"}},
		{"the next number was given before", "UPDATE networks SET next_number = 4", []string{"4 as the next number; it is 15"}},
		{"the budget is wrong", "UPDATE networks SET taken = 0", []string{"0 taken from the budget"}},
		{"the claims are gone", "DELETE FROM claims", []string{"numbers held by workers; it is 0", "numbers that went back; it is 0"}},
		{"a claim of a task", "INSERT INTO claims VALUES ((1 << 40) + 9, NULL)", []string{"number 9: it was reserved, but there is a task"}},
		{"an object is gone", "DELETE FROM objects WHERE hash = 'two'", []string{"object two: a tag held it, but it does not exist"}},
		{"a tag of no task", "INSERT INTO object_tags VALUES (1, 'task:99', 'one')", []string{"tag task:99: there is no such task"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
			n := s.Network("test")
			storetest.FillForRepair(t, n)
			c, err := openConn(s.path, tc.damage)
			if err != nil {
				t.Fatal(err)
			}
			c.close()
			storetest.WantRepaired(t, n, tc.says)
			audit(t, s, n)
		})
	}
}

// After a log was written anew, readers begin anew.
func TestRepairOfTheLogRaisesTheEpoch(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := s.Network("test")
	storetest.FillForRepair(t, n)
	before, err := n.Ended(t.Context(), rush.Cursor{}, 0, rush.NoFields, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := openConn(s.path, "DELETE FROM endings")
	if err != nil {
		t.Fatal(err)
	}
	c.close()
	storetest.WantRepaired(t, n, []string{"with 3 entries, and readers begin anew"})
	page, err := n.Ended(t.Context(), before.Next, 0, rush.AllFields, 0)
	if err != nil || !page.Reset || len(page.Endings) != 3 || page.Records[0].XS == nil {
		t.Errorf("got %+v, %v, want a reset with three endings", page, err)
	}
}

// Rows of networks that do not exist are removed.
func TestRepairNetworks(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	for _, name := range []rush.NetworkID{"test", "gone"} {
		storetest.FillForRepair(t, s.Network(name))
	}
	if said, err := s.RepairNetworks(t.Context()); err != nil || len(said) > 0 {
		t.Fatalf("repairing a sound file said %q, %v", said, err)
	}
	c, err := openConn(s.path, "DELETE FROM networks WHERE name = 'gone'")
	if err != nil {
		t.Fatal(err)
	}
	c.close()
	said, err := s.RepairNetworks(t.Context())
	if err != nil || len(said) < 8 || !slices.Contains(said, "the table tasks had 12 rows of networks that do not exist; they were removed") {
		t.Errorf("the repair said %q, %v", said, err)
	}
	if again, err := s.RepairNetworks(t.Context()); err != nil || len(again) > 0 {
		t.Errorf("repairing it again said %q, %v", again, err)
	}
	storetest.WantRepaired(t, s.Network("test"), nil)
}
