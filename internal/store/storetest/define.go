package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func defineTests() []test {
	return []test{
		{"version 0 creates the network", testDefineCreates},
		{"the stored version may be replaced", testDefineReplaces},
		{"another version is refused", testDefineChanged},
		{"the same again returns its version", testDefineSame},
		{"one of many writers wins", testDefineRace},
		{"a network that was only registered to has version 0", testDefineRegistered},
		{"verbs on an absent network say so", testAbsent},
	}
}

func testDefineCreates(f *fixture) {
	def := store.Definition{Body: []byte("a\x00\xffb"), Limit: 7, Reserved: 3}
	version, err := f.net.Define(f.Context(), def)
	f.check(err)
	got, err := f.net.Definition(f.Context())
	f.check(err)
	def.Version = 1
	f.same("version", version, def.Version)
	f.same("definition", got, def)
	f.same("counts", f.counts(), rush.Counts{})
}

func testDefineReplaces(f *fixture) {
	f.define(7, 3)
	def := store.Definition{Version: 1, Body: []byte("other"), Limit: 9, Reserved: 4}
	version, err := f.net.Define(f.Context(), def)
	f.check(err)
	got, err := f.other().Definition(f.Context())
	f.check(err)
	def.Version = 2
	f.same("version", version, def.Version)
	f.same("definition", got, def)
}

func testDefineChanged(f *fixture) {
	f.define(7, 0)
	f.redefine(1, 8, 0)
	for _, version := range []int64{0, 1, 3} {
		for _, def := range []store.Definition{
			{Version: version, Body: []byte("other"), Limit: 8},
			{Version: version, Body: []byte("body"), Limit: 9},
		} {
			_, err := f.net.Define(f.Context(), def)
			f.wantErr(fmt.Sprintf("define %+v over version 2", def), err, rush.ErrChanged)
		}
	}
	got, err := f.net.Definition(f.Context())
	f.check(err)
	f.same("definition", got, store.Definition{Version: 2, Body: []byte("body"), Limit: 8})
}

func testDefineSame(f *fixture) {
	f.define(7, 0)
	f.redefine(1, 8, 0)
	for _, version := range []int64{0, 1, 2} {
		got, err := f.net.Define(f.Context(), store.Definition{Version: version, Body: []byte("body"), Limit: 8})
		f.check(err)
		f.same(fmt.Sprintf("version after storing the same with version %d", version), got, int64(2))
	}
}

func testDefineRace(f *fixture) {
	f.define(7, 0)
	var won atomic.Int64
	var g errgroup.Group
	for i := range 8 {
		g.Go(func() error {
			body := fmt.Appendf(nil, "body of writer %d", i)
			version, err := f.net.Define(f.Context(), store.Definition{Version: 1, Body: body})
			if err == nil && version == 2 {
				won.Add(1)
				return nil
			}
			if !errors.Is(err, rush.ErrChanged) {
				return fmt.Errorf("writer %d: got version %d and error %v, want ErrChanged", i, version, err)
			}
			return nil
		})
	}
	f.check(g.Wait())
	f.same("winners", won.Load(), int64(1))
}

func testDefineRegistered(f *fixture) {
	w := f.register("w1")
	got, err := f.net.Definition(f.Context())
	f.check(err)
	f.same("definition", got, store.Definition{})
	f.define(0, 0)
	if f.list()[w.id].State != rush.WorkerRunning {
		f.Error("defining the network lost its worker")
	}
}

// testAbsent calls every verb that does not create a network.
func testAbsent(f *fixture) {
	n := f.net
	for name, verb := range map[string]func(ctx context.Context) error{
		"Definition":  func(ctx context.Context) error { _, err := n.Definition(ctx); return err },
		"BeginRun":    func(ctx context.Context) error { _, err := n.BeginRun(ctx); return err },
		"Run":         func(ctx context.Context) error { _, err := n.Run(ctx); return err },
		"RequestStop": func(ctx context.Context) error { return n.RequestStop(ctx, rush.RunDone, "test") },
		"EndRun":      func(ctx context.Context) error { _, err := n.EndRun(ctx, rush.RunDone, "test"); return err },
		"Reset":       func(ctx context.Context) error { return n.Reset(ctx, true) },
		"Audit":       func(ctx context.Context) error { _, err := n.Audit(ctx); return err },
		"Create":      func(ctx context.Context) error { _, err := n.Create(ctx, queued(1), "nonce"); return err },
		"Next": func(ctx context.Context) error {
			_, err := n.Next(ctx, store.Step{Worker: "w1", Nonce: 1, Pop: true, Wait: long})
			return err
		},
		"End":    func(ctx context.Context) error { _, err := n.End(ctx, []store.Done{finished(0, 0)}); return err },
		"Retry":  func(ctx context.Context) error { return n.Retry(ctx, span(0, 1), store.RetryOptions{}) },
		"Delete": func(ctx context.Context) error { _, err := n.Delete(ctx, span(0, 1)); return err },
		"Counts": func(ctx context.Context) error { _, err := n.Counts(ctx); return err },
		"Budget": func(ctx context.Context) error { _, err := n.Budget(ctx); return err },
		"Records": func(ctx context.Context) error {
			_, err := n.Records(ctx, span(0, 1), rush.AllFields)
			return err
		},
		"Ended": func(ctx context.Context) error {
			_, err := n.Ended(ctx, rush.Cursor{}, 0, rush.NoFields, long)
			return err
		},
		"Snapshot": func(ctx context.Context) error { _, err := n.Snapshot(ctx); return err },
		"Keys":     func(ctx context.Context) error { _, err := n.Keys(ctx, rush.Queued); return err },
		"Beat":     func(ctx context.Context) error { _, err := n.Beat(ctx, "w1"); return err },
		"AwaitMail": func(ctx context.Context) error {
			_, err := n.AwaitMail(ctx, "w1", store.Seen{}, time.Hour)
			return err
		},
		"SetPaused": func(ctx context.Context) error { return n.SetPaused(ctx, "w1", true) },
		"Cancel": func(ctx context.Context) error {
			_, err := n.Cancel(ctx, span(0, 1), condition(rush.ClassCancelled, ""))
			return err
		},
		"Send": func(ctx context.Context) error {
			_, err := n.Send(ctx, store.NewMessage{Command: rush.CommandPing}, "nonce")
			return err
		},
		"Respond": func(ctx context.Context) error { return n.Respond(ctx, "w1", store.Answer{Message: 1}) },
		"Responses": func(ctx context.Context) error {
			_, err := n.Responses(ctx, 1, nil, time.Hour)
			return err
		},
		"DeleteResponses": func(ctx context.Context) error { return n.DeleteResponses(ctx, 1, nil) },
		"ResponseIDs":     func(ctx context.Context) error { _, err := n.ResponseIDs(ctx, "w1"); return err },
		"SignalWorkers": func(ctx context.Context) error {
			_, err := n.SignalWorkers(ctx, nil, rush.SignalKill)
			return err
		},
		"EndWorker": func(ctx context.Context) error {
			_, err := n.EndWorker(ctx, store.WorkerEnd{ID: "w1", State: rush.WorkerKilled})
			return err
		},
		"Sweep": func(ctx context.Context) error { _, err := n.Sweep(ctx, "", condition(rush.ClassLost, "")); return err },
		"DeleteWorkers": func(ctx context.Context) error {
			_, err := n.DeleteWorkers(ctx, nil)
			return err
		},
		"AwaitAlive": func(ctx context.Context) error { _, err := n.AwaitAlive(ctx, nil, 0); return err },
		"List":       func(ctx context.Context) error { _, err := n.List(ctx); return err },
	} {
		f.wantErr(name, verb(f.patient()), rush.ErrNoNetwork)
	}
	if _, ok := f.networks()[n.ID()]; ok {
		f.Error("a verb other than Define and Register created the network")
	}
}
