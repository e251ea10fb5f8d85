package webui

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// rateWindow is what the rate of a network is about.
const rateWindow = 10 * time.Second

// A beat says how many tasks had ended by then.
type beat struct {
	at    time.Time
	ended int64
}

// tellCounts tells how many tasks are in which state and where the run stands,
// and publishes the open tasks that have changed.
func (f *follower) tellCounts(ctx context.Context) error {
	began := time.Now()
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	counts, err := f.net.Counts(limit)
	if err != nil {
		return err
	}
	run, err := f.net.Run(limit)
	if err != nil {
		return err
	}
	if f.due(counts) {
		if err := f.look(ctx, counts); err != nil {
			return err
		}
	}
	if counts == f.counts { // endings were read before
		f.hub.seen.Store(&began)
	}
	f.glance = time.Now()
	f.pulse = append(f.pulse, beat{f.glance, counts.Ended()})
	for len(f.pulse) > 2 && f.glance.Sub(f.pulse[1].at) > rateWindow {
		f.pulse = f.pulse[1:]
	}
	f.hub.tellIfNew("run", map[string]any{"run": runOf(run)})
	f.hub.tell("counts", map[string]any{
		"counts": countsOf(counts), "rate": f.rate(), "now_us": f.glance.UnixMicro(), "elapsed_us": run.Elapsed.Microseconds(),
	}, true)
	return nil
}

// rate is how many tasks have ended in a second, of late.
func (f *follower) rate() float64 {
	first, last := f.pulse[0], f.pulse[len(f.pulse)-1]
	if since := last.at.Sub(first.at).Seconds(); since > 0 {
		return float64(max(0, last.ended-first.ended)) / since
	}
	return 0
}

// due reports whether the open tasks are to be looked at: when the counts have
// changed, and else once in a while, as a task can go from one worker to another
// between two looks; but for a tenth of the time at most.
func (f *follower) due(c rush.Counts) bool {
	since := time.Since(f.looked)
	if since < 9*f.cost {
		return false
	}
	return c != f.counts || c.Running > 0 && since > 2*idleWait || len(f.open) > 0 && since > 10*idleWait
}

// look publishes the open tasks that have changed since the last look.
func (f *follower) look(ctx context.Context, counts rush.Counts) error {
	began := time.Now()
	limit, cancel := context.WithTimeout(ctx, patience)
	snap, err := f.src.Snapshot(limit)
	cancel()
	if err != nil {
		return err
	}
	if snap.Cursor.Epoch != f.cursor.Epoch {
		return nil // the log says so, too
	}
	changed, err := f.changed(ctx, snap)
	if err != nil {
		return err
	}
	changed = append(changed, f.vanished(snap, counts)...)
	for len(changed) > 0 {
		some := changed[:min(frameRecords, len(changed))]
		recs, err := f.read(ctx, some)
		if err != nil {
			return err
		}
		if err := f.publish(ctx, recs); err != nil {
			return err
		}
		changed = changed[len(some):]
	}
	f.born = f.counts.Created
	f.counts, f.looked, f.cost = counts, time.Now(), time.Since(began)
	return nil
}

// vanished lists the tasks that may have come and gone between two looks, when any were
// deleted: a page's snapshot may have seen them. Counts are read before tasks, so
// that what is meant may have come before the last look.
func (f *follower) vanished(snap rush.Snapshot, counts rush.Counts) []rush.TaskKey {
	if counts.Deleted == f.counts.Deleted {
		return nil
	}
	now := map[rush.TaskKey]bool{}
	for _, keys := range openTasks(snap) {
		for _, key := range keys {
			now[key] = true
		}
	}
	var keys []rush.TaskKey
	for key := rush.TaskKey(f.born); key < rush.TaskKey(counts.Created+counts.Claimed); key++ {
		if _, known := f.open[key]; !known && !now[key] {
			keys = append(keys, key)
		}
	}
	return keys
}

// changed lists the tasks that are open and were not, or stand otherwise than
// before, and those that are not open any more without an ending that was seen.
func (f *follower) changed(ctx context.Context, snap rush.Snapshot) ([]rush.TaskKey, error) {
	var changed []rush.TaskKey
	now := make(map[rush.TaskKey]bool, len(f.open))
	for state, keys := range openTasks(snap) {
		for _, key := range keys {
			now[key] = true
			if f.open[key].state != state {
				changed = append(changed, key)
			}
		}
	}
	for key := range f.open {
		if !now[key] {
			changed = append(changed, key)
		}
	}
	moved, err := f.moved(ctx, snap.Running)
	return append(changed, moved...), err
}

// moved lists the running tasks that run again: by another attempt than before.
func (f *follower) moved(ctx context.Context, running []rush.TaskKey) ([]rush.TaskKey, error) {
	const most = 1000
	var same []rush.TaskKey
	for _, key := range running {
		if f.open[key].state == rush.Running && len(same) < most {
			same = append(same, key)
		}
	}
	if len(same) == 0 {
		return nil, nil
	}
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	recs, err := f.src.Records(limit, same, rush.NoFields)
	if err != nil {
		return nil, err
	}
	var moved []rush.TaskKey
	for _, rec := range recs {
		known := f.open[rec.Key]
		if known.attempt == 0 && rec.State == rush.Running { // from the beginning, when it was not read
			f.open[rec.Key] = standing{rec.State, rec.Attempt}
		} else if rec.State == rush.Running && rec.Attempt != known.attempt {
			moved = append(moved, rec.Key)
		}
	}
	return moved, nil
}

// tellWorkers tells about the workers, when something about them has changed.
func (f *follower) tellWorkers(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	workers, err := f.net.Workers(limit)
	if err != nil {
		return err
	}
	f.hub.tellIfNew("workers", map[string]any{"workers": workersOf(workers)})
	return nil
}

// tellName tells when the network was renamed, as "rush run --fresh" does with one
// that is in the way. It is followed on for those who are here; who asks for its old
// name from then on gets what has that name.
func (f *follower) tellName(ctx context.Context) {
	if time.Now().Before(f.named) || f.hub.renamed.Load() {
		return
	}
	began := time.Now()
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	is, err := f.net.Identity(limit)
	f.named = time.Now().Add(max(nameEvery, 20*time.Since(began)))
	if err != nil || is.Name == f.hub.id {
		return // that it is gone is found out elsewhere
	}
	f.hub.rename(is.Name)
}
