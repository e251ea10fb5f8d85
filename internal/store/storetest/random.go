package storetest

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// RunRandom drives random sequences of verbs against a store and the model,
// and reports the shortest one on which their answers differ. A failing
// sequence is drawn again with the seed that rapid prints.
func RunRandom(t *testing.T, open Opener) {
	t.Helper()
	play(t, map[string]store.Store{"the store": open(t)})
}

// Compare drives the same random sequences on two stores, which must give the
// same answers: those of the model, times aside.
func Compare(t *testing.T, openA, openB Opener) {
	t.Helper()
	play(t, map[string]store.Store{"the first store": openA(t), "the second store": openB(t)})
}

// play checks many sequences; with RUSH_SOAK=1 a hundred times as many.
func play(t *testing.T, stores map[string]store.Store) {
	t.Helper()
	rounds := 1
	if os.Getenv("RUSH_SOAK") == "1" {
		rounds = 100
	}
	for range rounds {
		rapid.Check(t, func(rt *rapid.T) { playOnce(rt, stores) })
		if t.Failed() {
			return
		}
	}
}

func playOnce(t *rapid.T, stores map[string]store.Store) {
	ctx := t.Context()
	id := uniqueID()
	p := &player{ctx: ctx, model: newModel(id, time.Now), subjects: map[string]store.Network{}}
	for name, s := range stores {
		p.subjects[name] = s.Network(id)
		defer func() {
			if err := s.Destroy(context.WithoutCancel(ctx), id); err != nil {
				t.Errorf("%s: destroy: %v", name, err)
			}
		}()
	}
	p.begin(t)
	for range 2 { // twice as many as rapid takes
		t.Repeat(p.actions())
	}
	p.compareAll(t)
}

// A player takes random actions on a model and on the networks of all stores
// under test, and compares the answers.
type player struct {
	ctx      context.Context
	model    *model
	subjects map[string]store.Network

	count   int          // numbers the inputs
	creates []createCall // of this epoch
	appends []appendCall // of this epoch
	sends   []sendCall
	nonces  map[rush.WorkerID]int64        // of each worker's last step
	steps   map[rush.WorkerID]store.Step   // the last, if it can be repeated
	done    map[rush.WorkerID][]store.Done // what each worker has delivered
}

// A createCall is a call of Create that can be repeated.
type createCall struct {
	tasks []store.NewTask
	nonce string
}

// ask calls a verb on the model and on each network, and reports an answer
// that is not the model's. It returns the model's answer.
func ask[T, N any](p *player, t *rapid.T, what string, normal func(T) N, verb func(n store.Network) (T, error)) (T, error) {
	t.Helper()
	want, wantErr := verb(p.model)
	for name, n := range p.subjects {
		got, err := verb(n)
		if kind(err) != kind(wantErr) {
			t.Fatalf("%s: %s: got error %v, want %v", name, what, err, wantErr)
		}
		if wantErr != nil {
			continue
		}
		if diff := cmp.Diff(normal(want), normal(got), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s: %s (-want +got):\n%s", name, what, diff)
		}
	}
	return want, wantErr
}

// tell is ask for a verb that has only an error.
func tell(p *player, t *rapid.T, what string, verb func(n store.Network) error) error {
	t.Helper()
	_, err := ask(p, t, what, exact[bool], func(n store.Network) (bool, error) { return true, verb(n) })
	return err
}

// byQueue groups queued tasks, as the order of tasks of different queues is
// open.
func (p *player) byQueue(keys []rush.TaskKey) map[string][]rush.TaskKey {
	grouped := map[string][]rush.TaskKey{}
	for _, key := range keys {
		queue := "no queue: there is no such task"
		if t := p.model.tasks[key]; t != nil {
			queue = "queue " + t.Queue
		}
		grouped[queue] = append(grouped[queue], key)
	}
	return grouped
}

// compareSoon compares what is cheap to read, after every action.
func (p *player) compareSoon(t *rapid.T) {
	ask(p, t, "counts", exact[rush.Counts], func(n store.Network) (rush.Counts, error) { return n.Counts(p.ctx) })
	ask(p, t, "the queue", p.byQueue, func(n store.Network) ([]rush.TaskKey, error) { return n.Keys(p.ctx, rush.Queued) })
}

// compareAll compares all that can be read.
func (p *player) compareAll(t *rapid.T) {
	p.compareSoon(t)
	p.beat(t)
	p.beat(t) // a signal stays
	p.compareRecords(t, rush.AllFields)
	p.compareLog(t)
	p.compareSnapshot(t)
	p.compareWorkers(t)
	p.compareMessages(t)
	for _, state := range rush.States() {
		if state != rush.Queued {
			ask(p, t, "the tasks that are "+string(state), exact[[]rush.TaskKey], func(n store.Network) ([]rush.TaskKey, error) {
				return n.Keys(p.ctx, state)
			})
		}
	}
	p.compareWhatHappened(t, rush.LogFilter{})
	ask(p, t, "run", normalRun, func(n store.Network) (rush.Run, error) { return n.Run(p.ctx) })
	ask(p, t, "budget", exact[rush.Budget], func(n store.Network) (rush.Budget, error) { return n.Budget(p.ctx) })
	ask(p, t, "definition", exact[store.Definition], func(n store.Network) (store.Definition, error) { return n.Definition(p.ctx) })
	p.compareObjects(t)
	ask(p, t, "repair", exact[[]string], func(n store.Network) ([]string, error) { return n.Repair(p.ctx) })
	p.compareAudit(t)
}

// compareRecords reads all tasks, and some that do not exist.
func (p *player) compareRecords(t *rapid.T, fields rush.Fields) {
	keys := span(0, int(p.model.next)+2)
	ask(p, t, "records", normalRecords, func(n store.Network) ([]rush.Record, error) { return n.Records(p.ctx, keys, fields) })
}

func (p *player) compareLog(t *rapid.T) {
	ask(p, t, "log", byKey, func(n store.Network) ([]rush.Ending, error) {
		page, err := n.Ended(p.ctx, rush.Cursor{Epoch: p.model.epoch}, len(p.model.log)+10, rush.NoFields, 0)
		return page.Endings, err
	})
}

func (p *player) compareSnapshot(t *rapid.T) {
	normal := func(s rush.Snapshot) []any {
		return []any{s.Cursor.Offset, s.Deferred, p.byQueue(s.Queued), s.Running}
	}
	ask(p, t, "snapshot", normal, func(n store.Network) (rush.Snapshot, error) { return n.Snapshot(p.ctx) })
}

func (p *player) compareWorkers(t *rapid.T) {
	ask(p, t, "workers", normalWorkers, func(n store.Network) ([]rush.Worker, error) { return n.List(p.ctx) })
}

// compareAudit compares what the invariants speak of and nothing else shows.
func (p *player) compareAudit(t *rapid.T) {
	normal := func(a *store.Audit) []any {
		tasks := slices.Clone(a.Tasks)
		for i := range tasks {
			tasks[i].Worker = "" // compared with the records
		}
		return []any{tasks, a.Claims, a.Taken, a.Next, a.Reserved, store.Check(a)}
	}
	if a, err := p.model.Audit(p.ctx); err != nil || store.Check(a) != nil {
		t.Fatalf("the model itself is broken: %v, %v", store.Check(a), err)
	}
	ask(p, t, "audit", normal, func(n store.Network) (*store.Audit, error) { return n.Audit(p.ctx) })
}
