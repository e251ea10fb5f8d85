package storetest

import (
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// actions are what a player can do next. Those that change much are there
// more often than those that end everything.
func (p *player) actions() map[string]func(t *rapid.T) {
	return map[string]func(t *rapid.T){
		"":                p.compareSoon,
		"define":          p.define,
		"create":          p.create,
		"create more":     p.create,
		"create wrong":    p.createWrong,
		"create again":    p.createAgain,
		"next":            p.next,
		"next of another": p.next,
		"next of a third": p.next,
		"next again":      p.nextAgain,
		"end":             p.end,
		"end more":        p.end,
		"retry":           p.retry,
		"retry one":       p.retryOne,
		"remove":          p.unqueue,
		"queues":          p.queueList,
		"delete":          p.remove,
		"delete one":      p.removeOne,
		"register":        p.register,
		"rejoin":          p.rejoin,
		"end worker":      p.endWorker,
		"delete workers":  p.deleteWorkers,
		"sweep":           p.sweep,
		"signal":          p.signal,
		"beat":            func(t *rapid.T) { p.beat(t); p.tellSome(t); p.reportSome(t) },
		"message":         p.message,
		"pause":           p.pause,
		"cancel":          p.cancel,
		"run":             p.run,
		"log":             p.appendLog,
		"log again":       p.appendAgain,
		"read log":        p.readLog,
		"reset":           p.reset,
		"claim a point":   p.claimPoint,
		"put objects":     p.putObjects,
		"drop tags":       p.dropTags,
		"read":            p.read,
	}
}

// begin gives the network a definition and workers.
func (p *player) begin(t *rapid.T) {
	p.forget()
	p.nonces = map[rush.WorkerID]int64{}
	p.define(t)
	for _, id := range workerIDs()[:2] {
		p.registerAs(t, describe(id))
	}
}

func (p *player) claimPoint(t *rapid.T) {
	point, key := oneOf(t, "point", "x", "y", "z"), rush.TaskKey(rapid.IntRange(0, 9).Draw(t, "number"))
	ask(p, t, fmt.Sprintf("claim %s for task %d", point, key), exact[rush.TaskKey], func(n store.Network) (rush.TaskKey, error) {
		return n.ClaimPoint(p.ctx, point, key)
	})
}

// forget drops what a reset makes impossible to repeat.
func (p *player) forget() {
	p.creates, p.appends, p.sends = nil, nil, nil
	p.steps, p.done = map[rush.WorkerID]store.Step{}, map[rush.WorkerID][]store.Done{}
}

func (p *player) define(t *rapid.T) {
	def := p.model.def
	def.Body = []byte(oneOf(t, "body", "a", "b"))
	def.Limit = oneOf[int64](t, "limit", 0, 0, 4, 8, 16)
	if reserved := oneOf[int64](t, "reserved", 0, 2, 5); reserved < def.Reserved || p.model.next <= rush.TaskKey(def.Reserved) {
		def.Reserved = reserved
	}
	if sometimes(t, "another version", 5) {
		def.Version = rapid.Int64Range(0, def.Version+1).Draw(t, "version")
		if !p.model.exists {
			def.Version = 0
		}
	}
	ask(p, t, fmt.Sprintf("define %+v", def), exact[int64], func(n store.Network) (int64, error) { return n.Define(p.ctx, def) })
}

func (p *player) create(t *rapid.T) {
	p.createAs(t, createCall{tasks: p.newTasks(t), nonce: uuid.NewString()})
}

func (p *player) createAs(t *rapid.T, call createCall) {
	_, err := ask(p, t, fmt.Sprintf("create %d tasks", len(call.tasks)), exact[[]rush.TaskKey], func(n store.Network) ([]rush.TaskKey, error) {
		return n.Create(p.ctx, call.tasks, call.nonce)
	})
	if err == nil {
		p.creates = append(p.creates, call)
	}
}

func (p *player) createWrong(t *rapid.T) {
	wrong := p.wrongTask(t)
	normal := func(err error) bool { return err != nil }
	ask(p, t, "create a task that cannot be", normal, func(n store.Network) (error, error) {
		_, err := n.Create(p.ctx, []store.NewTask{{XS: p.inputs()}, wrong}, uuid.NewString())
		return err, nil
	})
}

func (p *player) createAgain(t *rapid.T) {
	if len(p.creates) == 0 {
		t.Skip("nothing was created")
	}
	p.createAs(t, oneOf(t, "call", p.creates...))
}

func (p *player) next(t *rapid.T) {
	ids := append(p.aliveIDs(), oneOf(t, "any", workerIDs()...))
	step := p.step(t, oneOf(t, "worker", ids...))
	if p.takeStep(t, step) == nil {
		p.nonces[step.Worker] = step.Nonce
		p.steps[step.Worker] = step
	}
	p.done[step.Worker] = append(p.done[step.Worker], step.Done...)
}

func (p *player) takeStep(t *rapid.T, step store.Step) error {
	_, err := ask(p, t, fmt.Sprintf("next %+v", step), normalTurn, func(n store.Network) (store.Turn, error) { return n.Next(p.ctx, step) })
	return err
}

func (p *player) nextAgain(t *rapid.T) {
	for _, id := range p.aliveIDs() {
		if step, ok := p.steps[id]; ok {
			_ = p.takeStep(t, step) // what it answers was compared
		}
	}
}

func (p *player) end(t *rapid.T) {
	var done []store.Done
	for range rapid.IntRange(1, 3).Draw(t, "endings") {
		d := p.anyEnding(t)
		if !slices.ContainsFunc(done, func(other store.Done) bool { return other.Key == d.Key }) {
			done = append(done, d)
		}
	}
	if last := done[len(done)-1]; last.Attempt != 0 {
		done = append(done, last) // the same again
	}
	ask(p, t, fmt.Sprintf("end %+v", done), exact[[]store.Outcome], func(n store.Network) ([]store.Outcome, error) { return n.End(p.ctx, done) })
}

func (p *player) retry(t *rapid.T) {
	p.retryAll(t, some(t, "ended", append(p.model.in(rush.Finished), p.model.in(rush.Failed)...)))
}

func (p *player) retryOne(t *rapid.T) { p.retryAll(t, []rush.TaskKey{p.anyKey(t)}) }

func (p *player) retryAll(t *rapid.T, keys []rush.TaskKey) {
	opts := store.RetryOptions{IgnoreLimit: rapid.Bool().Draw(t, "ignore limit")}
	if rapid.Bool().Draw(t, "new seeds") {
		for i := range keys {
			opts.Seeds = append(opts.Seeds, []int32{10407, int32(i), 2, 3, 4, 5, 6})
		}
	}
	tell(p, t, fmt.Sprintf("retry %v with %+v", keys, opts), func(n store.Network) error { return n.Retry(p.ctx, keys, opts) })
}

// remove deletes tasks that no deferred one waits for, so that what is deleted
// does not depend on the order.
func (p *player) remove(t *rapid.T) {
	keys := slices.DeleteFunc(p.model.numbers(), func(key rush.TaskKey) bool {
		return p.model.tasks[key].State == rush.Running || slices.ContainsFunc(p.model.in(rush.Deferred), func(d rush.TaskKey) bool {
			return slices.Contains(p.model.tasks[d].DependsOn, key)
		})
	})
	p.removeAll(t, some(t, "deleted", keys))
}

func (p *player) removeOne(t *rapid.T) { p.removeAll(t, []rush.TaskKey{p.anyKey(t)}) }

func (p *player) removeAll(t *rapid.T, keys []rush.TaskKey) {
	ask(p, t, fmt.Sprintf("delete %v", keys), exact[int], func(n store.Network) (int, error) { return n.Delete(p.ctx, keys) })
}

// unqueue removes queued tasks, and tries to remove others.
func (p *player) unqueue(t *rapid.T) {
	keys := append(some(t, "removed", p.model.in(rush.Queued)), p.anyKey(t))
	conditions := make([][]byte, len(keys))
	for i := range conditions {
		conditions[i] = condition(rush.ClassRemoved, "removed")
	}
	ask(p, t, fmt.Sprintf("remove %v", keys), exact[[]bool], func(n store.Network) ([]bool, error) { return n.Remove(p.ctx, keys, conditions) })
}

func (p *player) queueList(t *rapid.T) {
	ask(p, t, "queues", exact[[]store.QueueLength], func(n store.Network) ([]store.QueueLength, error) { return n.Queues(p.ctx) })
	name := oneOf(t, "queue", queueNames()...)
	ask(p, t, "queue "+name, exact[[]rush.TaskKey], func(n store.Network) ([]rush.TaskKey, error) { return n.Queue(p.ctx, name, 0, 0) })
	from, most := rapid.Int64Range(0, 3).Draw(t, "from"), rapid.Int64Range(0, 3).Draw(t, "most")
	ask(p, t, fmt.Sprintf("%d of queue %s from %d", most, name, from), exact[[]rush.TaskKey],
		func(n store.Network) ([]rush.TaskKey, error) { return n.Queue(p.ctx, name, from, most) })
}

func (p *player) register(t *rapid.T) {
	p.registerAs(t, p.describe(t, oneOf(t, "worker", workerIDs()...)))
}

func (p *player) registerAs(t *rapid.T, w rush.Worker) {
	anew := p.model.alive(w.ID) == nil
	err := tell(p, t, fmt.Sprintf("register %s", w.ID), func(n store.Network) error { return n.Register(p.ctx, w) })
	if err == nil && anew {
		p.nonces[w.ID] = 0
		delete(p.steps, w.ID)
	}
}

func (p *player) rejoin(t *rapid.T) {
	id := oneOf(t, "worker", append(workerIDs(), "nobody")...)
	back := p.model.worker(id) != nil && p.model.worker(id).State == rush.WorkerLost
	err := tell(p, t, "rejoin "+string(id), func(n store.Network) error { return n.Rejoin(p.ctx, id) })
	if err == nil && back {
		p.nonces[id] = 0
		delete(p.steps, id)
	}
}

func (p *player) endWorker(t *rapid.T) {
	end := store.WorkerEnd{
		ID:     oneOf(t, "worker", append(p.aliveIDs(), "nobody")...),
		State:  oneOf(t, "state", rush.WorkerTerminated, rush.WorkerKilled, rush.WorkerLost),
		Reason: "ended", Condition: condition(rush.ClassKilled, "ended"), Retry: rapid.Bool().Draw(t, "retry"),
		Requeue: rapid.IntRange(0, 3).Draw(t, "requeue") == 3,
	}
	ask(p, t, fmt.Sprintf("end worker %+v", end), ascending, func(n store.Network) ([]rush.TaskKey, error) { return n.EndWorker(p.ctx, end) })
}

func (p *player) deleteWorkers(t *rapid.T) {
	ids := oneOf(t, "workers", nil, []rush.WorkerID{"w0"}, []rush.WorkerID{"w2", "mortal", "nobody", "w2"}, []rush.WorkerID{})
	normal := func(got []rush.WorkerID) []rush.WorkerID { return append([]rush.WorkerID{}, got...) }
	ask(p, t, fmt.Sprintf("delete workers %v", ids), normal, func(n store.Network) ([]rush.WorkerID, error) { return n.DeleteWorkers(p.ctx, ids) })
}

// sweep sweeps until the mortal worker, if it is alive, has been found.
func (p *player) sweep(t *rapid.T) {
	mortal := p.model.alive("mortal") != nil
	ask(p, t, "sweep", exact[map[rush.WorkerID][]rush.TaskKey], func(n store.Network) (map[rush.WorkerID][]rush.TaskKey, error) {
		found := map[rush.WorkerID][]rush.TaskKey{}
		for p.ctx.Err() == nil {
			lost, err := n.Sweep(p.ctx, "", condition(rush.ClassLost, "lapsed"))
			if err != nil {
				return nil, err
			}
			for _, l := range lost {
				found[l.ID] = ascending(l.Tasks)
			}
			if _, ok := found["mortal"]; ok || !mortal {
				break
			}
		}
		return found, p.ctx.Err()
	})
}

func (p *player) signal(t *rapid.T) {
	ids := oneOf(t, "workers", []rush.WorkerID{"w2"}, []rush.WorkerID{"mortal", "w2", "nobody"}, []rush.WorkerID{"w0"}, []rush.WorkerID{}, nil)
	s := oneOf(t, "signal", rush.SignalTerminate, rush.SignalKill)
	var killed []rush.WorkerID // do not get a terminate; whether they are named is open
	for _, w := range p.model.workers {
		if w.signal == rush.SignalKill {
			killed = append(killed, w.ID)
		}
	}
	normal := func(got []rush.WorkerID) []rush.WorkerID {
		got = slices.DeleteFunc(slices.Clone(got), func(id rush.WorkerID) bool { return slices.Contains(killed, id) })
		slices.Sort(got)
		return got
	}
	ask(p, t, fmt.Sprintf("signal %s to %v", s, ids), normal, func(n store.Network) ([]rush.WorkerID, error) { return n.SignalWorkers(p.ctx, ids, s) })
}

// beat has every worker beat, which says what signal it has.
func (p *player) beat(t *rapid.T) {
	for _, id := range workerIDs() {
		ask(p, t, "beat of "+string(id), exact[rush.Signal], func(n store.Network) (rush.Signal, error) { return n.Beat(p.ctx, id) })
	}
}

func (p *player) run(t *rapid.T) {
	reason := fmt.Sprintf("stop %d", rapid.IntRange(0, 9).Draw(t, "reason"))
	verbs := map[string]func(n store.Network) (rush.Run, error){
		"begin": func(n store.Network) (rush.Run, error) { return n.BeginRun(p.ctx) },
		"end":   func(n store.Network) (rush.Run, error) { return n.EndRun(p.ctx, rush.RunDone, "done") },
		"stop": func(n store.Network) (rush.Run, error) {
			err := n.RequestStop(p.ctx, rush.RunInterrupted, reason)
			return rush.Run{}, err
		},
		"read": func(n store.Network) (rush.Run, error) { return n.Run(p.ctx) },
	}
	verb := oneOf(t, "verb", "begin", "begin", "end", "stop", "stop", "read")
	ask(p, t, verb+" the run", normalRun, verbs[verb])
}

func (p *player) reset(t *rapid.T) {
	if !sometimes(t, "really", 5) {
		t.Skip("a reset ends everything")
	}
	workers := rapid.Bool().Draw(t, "workers too")
	tell(p, t, "reset", func(n store.Network) error { return n.Reset(p.ctx, workers) })
	p.forget()
}

func (p *player) read(t *rapid.T) {
	switch oneOf(t, "what", "records", "page", "snapshot", "workers") {
	case "records":
		p.compareRecords(t, rush.Fields(rapid.Uint16Range(0, uint16(rush.AllFields)).Draw(t, "fields")))
	case "page":
		p.readPage(t)
	case "snapshot":
		p.compareSnapshot(t)
	case "workers":
		p.compareWorkers(t)
	}
}

// readPage reads a page of the log from somewhere on, and compares its records
// with those that Records reads.
func (p *player) readPage(t *rapid.T) {
	offset := rapid.IntRange(0, len(p.model.log)).Draw(t, "offset")
	size := rapid.IntRange(1, 5).Draw(t, "size")
	type length struct {
		Entries, Records int
		Next             int64
		More             bool
	}
	ask(p, t, fmt.Sprintf("%d entries of the log from %d on", size, offset), exact[length], func(n store.Network) (length, error) {
		end, err := n.Snapshot(p.ctx)
		if err != nil {
			return length{}, err
		}
		from := rush.Cursor{Epoch: end.Cursor.Epoch, Offset: int64(offset)}
		page, err := n.Ended(p.ctx, from, size, rush.AllFields, 0)
		if err == nil {
			err = p.checkPage(n, page)
		}
		return length{len(page.Endings), len(page.Records), page.Next.Offset, page.More}, err
	})
}

func (p *player) checkPage(n store.Network, page rush.Page) error {
	for i, e := range page.Endings {
		want := []rush.Record{{Key: e.Key}}
		var err error
		if !e.Withdrawn() {
			want, err = n.Records(p.ctx, []rush.TaskKey{e.Key}, rush.AllFields)
		}
		if err != nil {
			return err
		}
		if diff := cmp.Diff(want[0], page.Records[i], cmpopts.EquateEmpty()); diff != "" {
			return fmt.Errorf("the record of entry %d (-want +got):\n%s", i, diff)
		}
	}
	return nil
}
