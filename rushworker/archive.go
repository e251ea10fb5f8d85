package rushworker

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/objects"
	"github.com/rushnet/rush/table"
)

// A Source is where an [Archive] reads: the stores' raw rows.
type Source interface {
	table.Source
	ID() rush.NetworkID
	Counts(ctx context.Context) (rush.Counts, error)
	Keys(ctx context.Context, state rush.State) ([]rush.TaskKey, error)
	Queue(ctx context.Context, name string, from, most int64) ([]rush.TaskKey, error)
	List(ctx context.Context) ([]rush.Worker, error)
	Run(ctx context.Context) (rush.Run, error)
	ReadLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, max int, wait time.Duration) (rush.LogPage, error)
	TailLog(ctx context.Context, n int, filter rush.LogFilter) (rush.LogPage, error)
	ReadDocuments(ctx context.Context, prefix string) (map[string][]byte, error)
	AwaitProgress(ctx context.Context, seen rush.Record, wait time.Duration) (rush.Record, error)
}

// An Archive is all that can be read of a network: its tasks in every state,
// as values or as tables, its workers and its run. It is safe for concurrent
// use.
type Archive struct {
	src     Source
	cache   *table.Cache
	objects *objects.Store // nil if the source has none
}

// NewArchive returns the archive that reads from src. The log is told of tasks
// that have ended and whose record is missing from the store though nobody
// deleted them: they have no row. Nil discards it.
func NewArchive(src Source, log *slog.Logger) *Archive {
	cache, err := table.NewCache(src, &table.Options{Log: log})
	if err != nil {
		panic(err) // only a schema can be wrong, and there is none
	}
	a := &Archive{src: src, cache: cache}
	if b, ok := src.(objects.Backend); ok {
		a.objects = objects.New(b)
	}
	return a
}

// Finished returns the table of all finished tasks. It reads only those that
// are new since the last call of Finished or New.
func (a *Archive) Finished(ctx context.Context) (table.Table, error) { return a.cache.Finished(ctx) }

// New returns the table of the tasks that have finished since the last call of
// New, waiting up to wait for the first one. It has no rows if none came.
func (a *Archive) New(ctx context.Context, wait time.Duration) (table.Table, error) {
	return a.cache.New(ctx, wait)
}

// Failed returns the table of all failed tasks, like [Archive.Finished].
func (a *Archive) Failed(ctx context.Context) (table.Table, error) { return a.cache.Failed(ctx) }

// AwaitFinished waits up to wait until a task has finished that is new since the
// last call of AwaitFinished or New, and returns the table of all finished tasks
// then. It has no rows if none came.
func (a *Archive) AwaitFinished(ctx context.Context, wait time.Duration) (table.Table, error) {
	fresh, err := a.New(ctx, wait)
	if err != nil || fresh.NumRows() == 0 {
		return fresh, err
	}
	fresh.Release()
	return a.Finished(ctx)
}

// ResetCache forgets what Finished, Failed and New have read: the next call
// reads all again, and New returns all again.
func (a *Archive) ResetCache() { a.cache.Reset() }

// Rows is [Archive.Table] as a list of tasks instead of a table.
func (a *Archive) Rows(ctx context.Context, states []rush.State, opts *table.Options) ([]*rush.Task, error) {
	return table.Rows(ctx, a.src, states, opts)
}

// Table returns the tasks that are in one of the states, by ascending number,
// in one consistent read; no states mean all.
func (a *Archive) Table(ctx context.Context, states []rush.State, opts *table.Options) (table.Table, error) {
	return table.States(ctx, a.src, states, opts)
}

// Source returns the raw rows of the network's tasks, for what package table
// offers beside the methods here. It is safe for concurrent use.
func (a *Archive) Source() table.Source { return a.src }

// Counts returns how many tasks are in which state, at one moment.
func (a *Archive) Counts(ctx context.Context) (rush.Counts, error) { return a.src.Counts(ctx) }

// Run returns the state of the network's run.
func (a *Archive) Run(ctx context.Context) (rush.Run, error) { return a.src.Run(ctx) }

// Workers returns the network's workers by the order of registration.
func (a *Archive) Workers(ctx context.Context) ([]rush.Worker, error) { return a.src.List(ctx) }

// Keys lists the numbers of the tasks in a state: queued ones in the order in
// which they will be taken, the others ascending.
func (a *Archive) Keys(ctx context.Context, state rush.State) ([]rush.TaskKey, error) {
	return a.src.Keys(ctx, state)
}

// PriorityKeys lists the numbers of the tasks that wait in the workers' own
// queues, each queue in the order in which its worker will take them; no
// workers mean all that are alive. With [table.Options].Keys they are R's
// fetch_priority_tasks.
func (a *Archive) PriorityKeys(ctx context.Context, workers ...rush.WorkerID) ([]rush.TaskKey, error) {
	if len(workers) == 0 {
		list, err := a.Workers(ctx)
		if err != nil {
			return nil, err
		}
		for _, w := range list {
			if w.State.Alive() {
				workers = append(workers, w.ID)
			}
		}
	}
	keys := []rush.TaskKey{}
	for _, id := range workers {
		some, err := a.src.Queue(ctx, string(id), 0, 0)
		if err != nil {
			return nil, fmt.Errorf("worker %s: %w", id, err)
		}
		keys = append(keys, some...)
	}
	return keys, nil
}

// WithWorkers returns a table of tasks with two more columns, worker_pid and
// worker_host, which say what is known of each row's worker now. The table
// must have the column worker_id, which it has unless other fields were asked
// for. The caller owns the new table, and still the old one.
func (a *Archive) WithWorkers(ctx context.Context, t table.Table) (table.Table, error) {
	workers, err := a.Workers(ctx)
	if err != nil {
		return nil, err
	}
	wide, err := table.WithWorkers(t, workers, nil)
	if err != nil {
		return nil, fmt.Errorf("network %s: %w", a.src.ID(), err)
	}
	return wide, nil
}

// Tasks reads tasks by number, in the order of the keys. One that does not
// exist is an error, rush.ErrNoTask, that names it.
func (a *Archive) Tasks(ctx context.Context, keys ...rush.TaskKey) ([]*rush.Task, error) {
	records, err := a.src.Records(ctx, keys, rush.AllFields)
	if err != nil {
		return nil, fmt.Errorf("network %s: read tasks: %w", a.src.ID(), err)
	}
	for i := range records {
		if records[i].State == "" {
			return nil, fmt.Errorf("network %s: %w", a.src.ID(), &rush.TaskError{Key: records[i].Key, Err: rush.ErrNoTask})
		}
	}
	tasks, err := a.decode(ctx, records)
	if err != nil {
		return nil, fmt.Errorf("network %s: %w", a.src.ID(), err)
	}
	return tasks, nil
}

// EachFinished calls f with every finished task, in the order in which they
// finished, until it returns false. Only the fields asked for are set, beside
// Key, State and Attempt.
func (a *Archive) EachFinished(ctx context.Context, fields rush.Fields, f func(*rush.Task) bool) error {
	var at rush.Cursor
	for {
		s, err := a.Follow(ctx, at, fields, 0)
		if err != nil {
			return err
		}
		for _, e := range s.Ended {
			if e.Task == nil || e.Task.State != rush.Finished || e.Task.Attempt != e.Attempt {
				continue
			}
			if !f(e.Task) {
				return nil
			}
		}
		if at = s.Next; !s.More {
			return nil
		}
	}
}

// An Ended task is an entry of the log of endings, with the task as it was
// when the log was read. Task is nil for an ending that was withdrawn.
type Ended struct {
	rush.Ending
	Task *rush.Task
}

// A Stretch is a part of the log of endings.
type Stretch struct {
	Ended []Ended
	Next  rush.Cursor // where the following stretch begins
	More  bool        // whether the log had more when it was read
	Reset bool        // the network was reset; this is the new log's beginning
}

// Follow reads the log of endings from the cursor on, waiting up to wait for
// the first entry. Only the fields asked for are set in the tasks, beside Key,
// State and Attempt.
func (a *Archive) Follow(ctx context.Context, from rush.Cursor, fields rush.Fields, wait time.Duration) (Stretch, error) {
	page, err := a.src.Ended(ctx, from, 0, fields, wait)
	if err != nil {
		return Stretch{Next: from}, fmt.Errorf("network %s: follow the endings: %w", a.src.ID(), err)
	}
	s := Stretch{Ended: make([]Ended, len(page.Endings)), Next: page.Next, More: page.More, Reset: page.Reset}
	for i, e := range page.Endings {
		s.Ended[i].Ending = e
		if e.Withdrawn() && i < len(page.Records) {
			page.Records[i].State = ""
		}
	}
	tasks, err := a.decode(ctx, page.Records)
	if err != nil {
		return Stretch{Next: from}, fmt.Errorf("network %s: %w", a.src.ID(), err)
	}
	for i, t := range tasks {
		s.Ended[i].Task = t
	}
	return s, nil
}

// Export writes tasks to w, as they all stood at one moment, and returns how
// many.
func (a *Archive) Export(ctx context.Context, w io.Writer, opts *table.ExportOptions) (int64, error) {
	n, err := table.Export(ctx, a.src, w, opts)
	if err != nil {
		return n, fmt.Errorf("network %s: %w", a.src.ID(), err)
	}
	return n, nil
}
