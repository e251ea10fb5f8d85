package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
)

const (
	// topKept is how many of the newest results can be scrolled through.
	topKept = 200
	// topWait is one blocking wait for endings. That a worker has taken a
	// task wakes nobody; it is seen after this at the latest.
	topWait = 2 * time.Second
	// topPace is the shortest time between two screens.
	topPace = 150 * time.Millisecond
	// topWindow is what "now" is about.
	topWindow = 10 * time.Second
)

// A topData is what is known of a network at one moment.
type topData struct {
	network  rush.NetworkID
	address  string
	limit    int64
	codomain loops.Codomain

	at      time.Time // by this machine's clock
	run     rush.Run
	counts  rush.Counts
	workers []rush.Worker
	spent   rush.Spent // by all tasks that have ended
	best    *rush.Task
	front   string       // of several objectives
	recent  []*rush.Task // the newest first
	pulse   []beat       // of the last topWindow, and one before
}

// A beat says how many tasks had ended by then.
type beat struct {
	at    time.Time
	ended int64
}

// A topWatch follows a network.
//
//	run ─┬─ endings  wait for endings, look, show
//	     └─ events   wait for events in the lives of workers, look, show
type topWatch struct {
	net *network.Rush

	mu   sync.Mutex // guards what follows
	p    *progress  // knows the best tasks
	at   rush.Cursor
	data topData
}

// run shows what is new until ctx ends. While the store is away it says so
// and goes on.
func (w *topWatch) run(ctx context.Context, show func(topData), trouble func(error)) error {
	var both sync.WaitGroup
	both.Go(func() {
		for wait := time.Duration(0); ctx.Err() == nil; wait = topWait {
			w.turn(ctx, show, trouble, func() error { return w.endings(ctx, wait) })
		}
	})
	both.Go(func() {
		events := w.net.LogReader(rush.Cursor{}, rush.LogFilter{Kinds: []rush.LogKind{rush.LogEvent}})
		for ctx.Err() == nil {
			w.turn(ctx, show, trouble, func() error {
				_, _, err := events.New(ctx, followWait)
				return err
			})
		}
	})
	both.Wait()
	return ctx.Err()
}

// turn waits for something, looks, shows, and lets a moment pass.
func (w *topWatch) turn(ctx context.Context, show func(topData), trouble func(error), wait func() error) {
	err := wait()
	if err == nil {
		var data topData
		if data, err = w.glance(ctx); err == nil {
			show(data)
		}
	}
	pause := topPace
	if err != nil && ctx.Err() == nil {
		trouble(err)
		pause = topWait
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// look reads all endings that there are, waiting for the first, and glances.
func (w *topWatch) look(ctx context.Context, wait time.Duration) (topData, error) {
	if err := w.endings(ctx, wait); err != nil {
		return topData{}, err
	}
	return w.glance(ctx)
}

// endings reads the endings that are new, waiting up to wait for the first.
func (w *topWatch) endings(ctx context.Context, wait time.Duration) error {
	for more := true; more; wait = 0 {
		w.mu.Lock()
		at := w.at
		w.mu.Unlock()
		s, err := w.net.Follow(ctx, at, taskShown, wait)
		if err != nil {
			return err
		}
		w.mu.Lock()
		if s.Reset {
			w.p.forget()
			w.data.recent, w.data.spent, w.data.pulse = nil, rush.Spent{}, nil
		}
		for _, e := range s.Ended {
			if e.Task != nil && e.Task.State.Ended() && e.Task.Attempt == e.Attempt {
				w.noteLocked(e.Task)
				w.p.note(e)
			}
		}
		w.data.best, w.data.front = w.p.best, w.p.front.full(w.p.codomain)
		w.at, more = s.Next, s.More
		w.mu.Unlock()
	}
	return nil
}

// noteLocked adds a task that has ended.
func (w *topWatch) noteLocked(t *rush.Task) {
	w.data.spent.Proposing += t.Spent.Proposing
	w.data.spent.Waiting += t.Spent.Waiting
	w.data.spent.Evaluating += t.Spent.Evaluating
	w.data.spent.Storing += t.Spent.Storing
	w.data.recent = append(w.data.recent, t)
	if len(w.data.recent) > 2*topKept {
		w.data.recent = slices.Clone(w.data.recent[topKept:])
	}
}

// glance reads the counts, the workers and the run.
func (w *topWatch) glance(ctx context.Context) (topData, error) {
	counts, err := w.net.Counts(ctx)
	if err != nil {
		return topData{}, err
	}
	workers, err := w.net.Workers(ctx)
	if err != nil {
		return topData{}, err
	}
	run, err := w.net.Run(ctx)
	if err != nil {
		return topData{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	d := &w.data
	d.at, d.counts, d.workers, d.run = time.Now(), counts, workers, run
	d.pulse = append(d.pulse, beat{d.at, counts.Ended()})
	for len(d.pulse) > 2 && d.at.Sub(d.pulse[1].at) > topWindow {
		d.pulse = d.pulse[1:]
	}
	shown := *d
	shown.pulse = slices.Clone(d.pulse)
	shown.recent = slices.Clone(d.recent[max(0, len(d.recent)-topKept):])
	slices.Reverse(shown.recent)
	return shown, nil
}

// rates are how many tasks end in a second: of late, and over the run.
func (d *topData) rates(now time.Time) (late, all float64) {
	if elapsed := d.elapsed(now).Seconds(); elapsed > 0 {
		all = float64(d.counts.Ended()) / elapsed
	}
	if len(d.pulse) > 1 {
		first, last := d.pulse[0], d.pulse[len(d.pulse)-1]
		if since := max(now.Sub(first.at), last.at.Sub(first.at)).Seconds(); since > 0 {
			late = float64(max(0, last.ended-first.ended)) / since
		}
	}
	return late, all
}

// elapsed is how long the run has been going on.
func (d *topData) elapsed(now time.Time) time.Duration {
	if d.run.Status != rush.RunRunning || now.Before(d.at) {
		return d.run.Elapsed
	}
	return d.run.Elapsed + now.Sub(d.at)
}
