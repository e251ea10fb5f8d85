package storetest

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func renameTests() []test {
	return []test{
		{"the network is found under its new name", testRenameFound},
		{"handles in use go on", testRenameHandles},
		{"an absent network cannot be renamed", testRenameAbsent},
		{"a name that is taken is refused", testRenameTaken},
		{"a renamed network can be destroyed", testRenameDestroy},
	}
}

// rename gives the network another name and returns a new handle on it.
func (f *fixture) rename() store.Network {
	f.Helper()
	renamed := f.open(f.T).Network(uniqueID())
	f.Cleanup(func() { f.close(renamed) })
	if err := f.store.Rename(f.Context(), f.net.ID(), renamed.ID()); err != nil {
		f.Fatalf("rename: %v", err)
	}
	return renamed
}

func testRenameFound(f *fixture) {
	f.define(0, 0)
	f.create(queued(2)...)
	renamed := f.rename()
	counts, err := renamed.Counts(f.Context())
	f.check(err)
	f.same("counts", counts, rush.Counts{Queued: 2, Created: 2})

	networks := f.networks()
	if _, ok := networks[f.net.ID()]; ok {
		f.Error("the old name is still listed")
	}
	if _, ok := networks[renamed.ID()]; !ok {
		f.Error("the new name is not listed")
	}
	_, err = f.other().Counts(f.Context())
	f.wantErr("counts under the old name", err, rush.ErrNoNetwork)
}

func testRenameHandles(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	renamed := f.rename()
	f.create(queued(1)...)
	w.finish(w.pop().Key)

	// A new network of the old name is another one.
	namesake := f.other()
	f.Cleanup(func() { f.close(namesake) })
	_, err := namesake.Define(f.Context(), store.Definition{Body: []byte("namesake")})
	f.check(err)

	for name, n := range map[string]store.Network{"old": f.net, "new": renamed} {
		counts, err := n.Counts(f.Context())
		f.check(err)
		f.same("counts by the "+name+" handle", counts, rush.Counts{Finished: 1, Created: 1})
	}
	counts, err := namesake.Counts(f.Context())
	f.check(err)
	f.same("counts of the namesake", counts, rush.Counts{})
}

func testRenameAbsent(f *fixture) {
	f.wantErr("rename", f.store.Rename(f.Context(), f.net.ID(), uniqueID()), rush.ErrNoNetwork)
}

func testRenameTaken(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	taken := f.store.Network(uniqueID())
	f.Cleanup(func() { f.close(taken) })
	_, err := taken.Define(f.Context(), store.Definition{Body: []byte("taken")})
	f.check(err)
	err = f.store.Rename(f.Context(), f.net.ID(), taken.ID())
	f.wantErr("rename", err, rush.ErrExists)
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Created: 1})
}

func testRenameDestroy(f *fixture) {
	f.define(0, 0)
	renamed := f.rename()
	f.check(f.store.Destroy(f.Context(), renamed.ID()))
	_, err := renamed.Counts(f.Context())
	f.wantErrNaming(renamed.ID(), "counts", err, rush.ErrNoNetwork)
}
