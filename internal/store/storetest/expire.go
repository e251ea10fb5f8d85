package storetest

import (
	"errors"
	"time"

	"github.com/rushnet/rush"
)

func expireTests() []test {
	return []test{
		{"an expired network is gone, and another of its name is new", testExpire},
		{"an expiry is listed, and can be taken back", testExpireBack},
		{"an expired network's name is free for a rename", testExpireRename},
		{"an expiry survives a reset and a rename", testExpireKept},
		{"what does not exist does not expire", func(f *fixture) {
			f.wantErr("expire", f.store.Expire(f.Context(), f.net.ID(), time.Hour), rush.ErrNoNetwork)
		}},
	}
}

// expire has the network expire, and waits for it.
func (f *fixture) expire() {
	f.Helper()
	f.check(f.store.Expire(f.Context(), f.net.ID(), time.Millisecond))
	f.eventually("the network expires", func() bool {
		_, err := f.net.Counts(f.Context())
		return errors.Is(err, rush.ErrNoNetwork)
	})
}

func testExpire(f *fixture) {
	f.define(5, 2)
	f.put("a", "1")
	w := f.register("w1")
	f.create(queued(3)...)
	w.pop()
	f.expire()
	_, err := f.other().Definition(f.Context())
	f.wantErr("definition", err, rush.ErrNoNetwork)
	_, err = f.net.Beat(f.Context(), "w1")
	f.wantErr("beat", err, rush.ErrNoNetwork)
	f.wantErr("expire", f.store.Expire(f.Context(), f.net.ID(), time.Hour), rush.ErrNoNetwork)
	if _, ok := f.networks()[f.net.ID()]; ok {
		f.Error("it is still listed")
	}
	f.define(0, 0)
	f.same("counts", f.counts(), rush.Counts{})
	f.same("document", f.document(f.net, "a"), "none")
	f.same("workers", len(f.list()), 0)
	f.same("first number", f.create(queued(1)...), []rush.TaskKey{0})
	f.same("expires", f.networks()[f.net.ID()].Expires, time.Time{})
}

func testExpireBack(f *fixture) {
	f.define(0, 0)
	f.same("before", f.networks()[f.net.ID()].Expires, time.Time{})
	f.check(f.store.Expire(f.Context(), f.net.ID(), time.Hour))
	got := f.networks()[f.net.ID()]
	if !got.Expires.After(got.Created) {
		f.Errorf("it expires at %v, but was created at %v", got.Expires, got.Created)
	}
	f.create(queued(1)...) // does not change it
	f.same("expires", f.networks()[f.net.ID()].Expires, got.Expires)
	f.check(f.store.Expire(f.Context(), f.net.ID(), 0))
	f.same("after", f.networks()[f.net.ID()].Expires, time.Time{})
}

func testExpireRename(f *fixture) {
	f.define(0, 0)
	f.create(queued(2)...)
	other := f.open(f.T).Network(uniqueID())
	f.Cleanup(func() { f.close(other) })
	f.check(other.PutDocument(f.Context(), "a", []byte("1"), true))
	f.expire()
	f.wantErr("rename", f.store.Rename(f.Context(), f.net.ID(), uniqueID()), rush.ErrNoNetwork)
	f.check(f.store.Rename(f.Context(), other.ID(), f.net.ID()))
	f.same("document", f.document(f.net, "a"), "1")
	f.same("counts", f.counts(), rush.Counts{})
}

func testExpireKept(f *fixture) {
	f.define(0, 0)
	f.check(f.store.Expire(f.Context(), f.net.ID(), time.Hour))
	want := f.networks()[f.net.ID()].Expires
	f.reset(true)
	f.same("after a reset", f.networks()[f.net.ID()].Expires, want)
	renamed := f.rename()
	f.same("after a rename", f.networks()[renamed.ID()].Expires, want)
}
