package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func storeTests() []test {
	return []test{
		{"networks are listed by name", testNetworks},
		{"a network knows its id", func(f *fixture) { f.same("id", f.store.Network("a-b").ID(), rush.NetworkID("a-b")) }},
		{"destroy deletes everything", testDestroy},
		{"destroying what does not exist does nothing", func(f *fixture) { f.check(f.store.Destroy(f.Context(), f.net.ID())) }},
		{"networks do not touch each other", testNeighbors},
		{"the store describes itself", testInfo},
		{"a canceled caller gets its error", testCanceled},
	}
}

// networks lists the store's networks by id; other tests have some, too.
func (f *fixture) networks() map[rush.NetworkID]store.NetworkInfo {
	f.Helper()
	infos, err := f.store.Networks(f.Context())
	if err != nil {
		f.Fatalf("networks: %v", err)
	}
	if !slices.IsSortedFunc(infos, func(a, b store.NetworkInfo) int { return strings.Compare(string(a.ID), string(b.ID)) }) {
		f.Errorf("the networks are not in the order of their names")
	}
	byID := map[rush.NetworkID]store.NetworkInfo{}
	for _, info := range infos {
		byID[info.ID] = info
	}
	return byID
}

func testNetworks(f *fixture) {
	f.define(0, 0)
	f.create(queued(3)...)
	f.register("w1").pop()
	f.register("w2").terminate(false)
	_, err := f.net.BeginRun(f.Context())
	f.check(err)
	got := f.networks()[f.net.ID()]
	if got.Created.IsZero() {
		f.Error("the time of creation is not known")
	}
	f.same("counts", got.Counts, rush.Counts{Queued: 2, Running: 1, Created: 3})
	f.same("workers alive", got.Workers, 1)
	f.same("status", got.Run.Status, rush.RunRunning)
}

func testDestroy(f *fixture) {
	f.define(5, 2)
	f.register("w1")
	f.create(queued(3)...)
	n := f.other()
	f.check(f.store.Destroy(f.Context(), f.net.ID()))
	_, err := n.Counts(f.Context())
	f.wantErr("counts of a destroyed network", err, rush.ErrNoNetwork)
	if _, ok := f.networks()[n.ID()]; ok {
		f.Error("the destroyed network is still listed")
	}

	f.net = f.other()
	f.define(0, 0)
	f.same("counts of a new network of that name", f.counts(), rush.Counts{})
	f.same("workers of a new network of that name", len(f.list()), 0)
	f.same("first number", f.create(queued(1)...), span(0, 1))
}

func testNeighbors(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	// The names differ by what a pattern or a prefix would take for the same.
	for _, suffix := range []string{"-x", "~", ".", "_"} {
		n := f.store.Network(f.net.ID() + rush.NetworkID(suffix))
		f.Cleanup(func() { f.close(n) })
		_, err := n.Define(f.Context(), store.Definition{Body: []byte("neighbor")})
		f.check(err)
		f.check(f.store.Destroy(f.Context(), n.ID()))
	}
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Created: 1})
}

func testInfo(f *fixture) {
	f.check(f.store.Ping(f.Context()))
	first, err := f.store.Info(f.Context())
	f.check(err)
	second, err := f.store.Info(f.Context())
	f.check(err)
	names := func(info [][2]string) (names []string) {
		for _, line := range info {
			names = append(names, line[0])
		}
		return names
	}
	if len(first) == 0 || !slices.Equal(names(first), names(second)) {
		f.Errorf("info: got %v and then %v, want the same names in the same order", first, second)
	}
	if f.store.Address() == "" {
		f.Error("the address is empty")
	}
}

func testCanceled(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	ctx, cancel := context.WithCancel(f.Context())
	cancel()
	if _, err := f.net.Counts(ctx); !errors.Is(err, context.Canceled) {
		f.Errorf("counts: got error %v, want context.Canceled", err)
	}
	if _, err := f.net.Next(ctx, store.Step{Worker: "w1", Nonce: 1, Pop: true, Wait: long}); !errors.Is(err, context.Canceled) {
		f.Errorf("next: got error %v, want context.Canceled", err)
	}
}
