package storetest

import (
	"path/filepath"
	"slices"

	"github.com/rushnet/rush/internal/store"
)

func folderTests() []test {
	return []test{
		{"a destroyed network leaves the folder of its objects to be removed", func(f *fixture) {
			testFolder(f, func() { f.check(f.store.Destroy(f.Context(), f.net.ID())) })
		}},
		{"so does one whose time is over", func(f *fixture) { testFolder(f, f.expire) }},
		{"a network without a directory leaves none", testNoFolder},
		{"a reset and a rename leave none", testFolderKept},
	}
}

// limitObjects gives the network a directory, and returns the folder.
func (f *fixture) limitObjects() string {
	f.Helper()
	limits, err := f.net.LimitObjects(f.Context(), store.ObjectLimits{Inline: 1, Directory: filepath.FromSlash("/here"), Folder: string(f.net.ID())})
	f.check(err)
	return limits.Path()
}

// hasFolder reports whether a folder is to be removed.
func (f *fixture) hasFolder(path string) bool {
	f.Helper()
	paths, err := f.store.ObjectFolders(f.Context())
	f.check(err)
	return slices.Contains(paths, path)
}

func testFolder(f *fixture, destroy func()) {
	f.define(0, 0)
	folder := f.limitObjects()
	f.putObjects("a", inFile("one", filepath.Join(folder, "one"), store.Offloaded))
	f.same("while there is the network", f.hasFolder(folder), false)
	destroy()
	f.same("when it is gone", f.hasFolder(folder), true)
	f.define(0, 0) // another of that name
	f.check(f.store.ForgetObjectFolders(f.Context(), []string{folder, "/unknown"}))
	f.check(f.store.ForgetObjectFolders(f.Context(), []string{folder}))
	f.check(f.store.ForgetObjectFolders(f.Context(), nil))
	f.same("when it was removed", f.hasFolder(folder), false)
	f.check(f.store.Destroy(f.Context(), f.net.ID()))
	f.same("when the other is gone", f.hasFolder(folder), false)
}

func testNoFolder(f *fixture) {
	f.define(0, 0)
	_, err := f.net.LimitObjects(f.Context(), store.ObjectLimits{Inline: 1})
	f.check(err)
	f.check(f.store.Destroy(f.Context(), f.net.ID()))
	paths, err := f.store.ObjectFolders(f.Context())
	f.check(err)
	f.same("an empty path", slices.Contains(paths, "") || slices.Contains(paths, "."), false)
}

func testFolderKept(f *fixture) {
	f.define(0, 0)
	folder := f.limitObjects()
	f.reset(true)
	f.net = f.rename()
	f.same("after a reset and a rename", f.hasFolder(folder), false)
	f.check(f.store.Destroy(f.Context(), f.net.ID()))
	f.same("after a destroy", f.hasFolder(folder), true)
	f.check(f.store.ForgetObjectFolders(f.Context(), []string{folder}))
}
