package storetest

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func objectTests() []test {
	return []test{
		{"what was put is read", testObjectsRead},
		{"a value is stored once", testObjectsOnce},
		{"what replaces a reference stays", testObjectsReplace},
		{"an object stays while a tag holds it", testObjectsHeld},
		{"files of deleted objects are in the trash", testObjectsTrash},
		{"what no tag holds is collected when it is old", testObjectsCollected},
		{"the limits are set once", testObjectLimits},
		{"a task holds its objects until it is deleted", testObjectsOfTask},
		{"a task without its object is not created", testObjectsMissing},
		{"the tag of no task is refused", testObjectsOfNoTask},
		{"a reset drops the tags of tasks", testObjectsReset},
		{"destroying leaves nothing", testObjectsDestroyed},
		{"a rename keeps them", testObjectsRenamed},
		{"verbs on no network are refused", testObjectsNoNetwork},
	}
}

// inline returns an object with data of its own; its hash is any.
func inline(name string) store.Object {
	return store.Object{Hash: name, Size: int64(len(name)), Place: store.Inline, Data: []byte(name)}
}

// inFile returns an object in a file.
func inFile(name, path string, place store.Place) store.Object {
	return store.Object{Hash: name, Size: 1 << 40, Place: place, Path: path}
}

// putObjects stores objects under a tag.
func (f *fixture) putObjects(tag string, objects ...store.Object) []store.Object {
	f.Helper()
	stored, err := f.net.PutObjects(f.Context(), tag, objects)
	f.check(err)
	return normalObjects(stored)
}

// object reads an object with its data.
func (f *fixture) object(hash string) store.Object {
	f.Helper()
	objects, err := f.net.Objects(f.Context(), []string{hash}, true)
	f.check(err)
	return normalObjects(objects)[0]
}

// hashes lists which objects there are.
func (f *fixture) hashes() (hashes []string) {
	f.Helper()
	objects, err := f.net.ListObjects(f.Context())
	f.check(err)
	for _, o := range objects {
		hashes = append(hashes, o.Hash)
	}
	return hashes
}

func (f *fixture) dropTags(tags ...string) []string {
	f.Helper()
	deleted, err := f.net.DropObjectTags(f.Context(), tags)
	f.check(err)
	return deleted
}

func (f *fixture) trash() []string {
	f.Helper()
	paths, err := f.net.ObjectTrash(f.Context())
	f.check(err)
	return paths
}

func (f *fixture) tags() []string {
	f.Helper()
	tags, err := f.net.ObjectTags(f.Context())
	f.check(err)
	return tags
}

func testObjectsRead(f *fixture) {
	f.define(0, 0)
	large := inline(strings.Repeat("large", 100_000))
	large.Hash = "large"
	before := time.Now().Add(-time.Minute).UnixMicro()
	stored, err := f.net.PutObjects(f.Context(), "a", []store.Object{inline("one"), inFile("two", "/two", store.Offloaded), large})
	f.check(err)
	if stored[0].Put < before {
		f.Errorf("put at %d, want the store's clock", stored[0].Put)
	}
	want := inline("one")
	want.Put = known(1)
	f.same("the object", f.object("one"), want)
	f.same("a large object", len(f.object("large").Data), 500_000)
	f.same("one that is not there", f.object("three"), store.Object{Hash: "three"})
	objects, err := f.other().Objects(f.Context(), []string{"two", "three", "one"}, false)
	f.check(err)
	objects = normalObjects(objects)
	want.Data = nil
	f.same("several, without data", objects, []store.Object{
		{Hash: "two", Size: 1 << 40, Place: store.Offloaded, Path: "/two", Put: known(1)}, {Hash: "three"}, want,
	})
	list, err := f.net.ListObjects(f.Context())
	f.check(err)
	want.Tags = []string{"a"}
	f.same("the list", normalObjects(list)[1], want)
	f.same("tags", f.tags(), []string{"a"})
}

func testObjectsOnce(f *fixture) {
	f.define(0, 0)
	f.putObjects("a", inFile("one", "/first", store.Offloaded))
	second := f.putObjects("b", inFile("one", "/second", store.Offloaded), inline("two"), inline("two"))
	f.same("the path when it is put again", second[0].Path, "/first")
	f.same("objects", f.hashes(), []string{"one", "two"})
	f.same("repeated", f.putObjects("b", inFile("one", "/second", store.Offloaded))[0].Path, "/first")
	f.same("tags", f.tags(), []string{"a", "b"})
}

func testObjectsReplace(f *fixture) {
	f.define(0, 0)
	f.putObjects("a", inFile("one", "/mine", store.Reference))
	f.same("another reference", f.putObjects("a", inFile("one", "/yours", store.Reference))[0].Path, "/mine")
	f.same("the store's own", f.putObjects("a", inFile("one", "/stored", store.Offloaded))[0].Path, "/stored")
	f.same("a reference to what is stored", f.putObjects("a", inFile("one", "/mine", store.Reference))[0].Path, "/stored")
}

func testObjectsHeld(f *fixture) {
	f.define(0, 0)
	f.putObjects("a", inline("one"), inline("two"))
	f.putObjects("b", inline("one"), inline("three"))
	f.same("deleted with a", f.dropTags("a", "unknown"), []string{"two"})
	f.same("deleted with a again", f.dropTags("a"), []string(nil))
	f.same("objects", f.hashes(), []string{"one", "three"})
	f.same("deleted with b", f.dropTags("b"), []string{"one", "three"})
	f.same("objects", f.hashes(), []string(nil))
	f.same("tags", f.tags(), []string(nil))
	f.same("data", f.object("one").Data, []byte(nil))
}

func testObjectsTrash(f *fixture) {
	f.define(0, 0)
	f.putObjects("a", inFile("one", "/one", store.Offloaded), inFile("two", "/mine", store.Reference), inline("three"))
	f.same("trash", f.trash(), []string(nil))
	f.dropTags("a")
	f.putObjects("a", inFile("one", "/other", store.Offloaded))
	f.check(f.net.DestroyObjects(f.Context()))
	f.same("trash", f.trash(), []string{"/one", "/other"})
	f.same("objects", f.hashes(), []string(nil))
	f.same("tags", f.tags(), []string(nil))
	f.check(f.net.EmptyObjectTrash(f.Context(), []string{"/one", "/unknown"}))
	f.same("trash", f.trash(), []string{"/other"})
}

func testObjectsCollected(f *fixture) {
	f.define(0, 0)
	f.putObjects("", inline("one"), inFile("two", "/two", store.Offloaded), inline("three"))
	f.putObjects("a", inline("three"))
	collect := func(age time.Duration) []string {
		deleted, err := f.net.CollectObjects(f.Context(), age)
		f.check(err)
		return deleted
	}
	f.same("collected at once", collect(time.Hour), []string(nil))
	f.same("collected later", collect(0), []string{"one", "two"})
	f.same("collected again", collect(0), []string(nil))
	f.same("objects", f.hashes(), []string{"three"})
	f.same("trash", f.trash(), []string{"/two"})
}

func testObjectLimits(f *fixture) {
	f.define(0, 0)
	none, err := f.net.ObjectLimits(f.Context())
	f.check(err)
	f.same("before", none, store.ObjectLimits{})
	limits := store.ObjectLimits{Inline: 10, Values: 5, Directory: "/here", Folder: "first"}
	set, err := f.net.LimitObjects(f.Context(), limits)
	f.check(err)
	f.same("set", set, limits)
	again := limits
	again.Folder = "second"
	set, err = f.net.LimitObjects(f.Context(), again)
	f.check(err)
	f.same("set again", set, limits)
	other := limits
	other.Inline = 11
	_, err = f.net.LimitObjects(f.Context(), other)
	f.wantErr("other limits", err, rush.ErrChanged)
	if text := err.Error(); !strings.Contains(text, "10 bytes") || !strings.Contains(text, "11 bytes") {
		f.Errorf("the error %q does not name both limits", text)
	}
	f.reset(true)
	kept, err := f.other().ObjectLimits(f.Context())
	f.check(err)
	f.same("after a reset", kept, limits)
}

func testObjectsOfTask(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.putObjects("", inline("one"), inline("two"), inline("three"), inline("four"))
	key := f.create(store.NewTask{Objects: []string{"one", "two"}}, store.NewTask{Objects: []string{"two"}})[0]
	p := proposal(rush.NoTask)
	p.Objects = []string{"three"}
	step := store.Step{Worker: w.id, Nonce: 1, Propose: p}
	for range 2 {
		turn, err := f.net.Next(f.Context(), step)
		f.check(err)
		f.same("created", turn.Created, rush.TaskKey(2))
	}
	f.putObjects(store.TaskTag(key), inline("four"))
	f.same("tags", f.tags(), []string{"task:0", "task:1", "task:2"})
	collected, err := f.net.CollectObjects(f.Context(), 0)
	f.check(err)
	f.same("collected", collected, []string(nil))
	f.remove(key)
	f.same("objects", f.hashes(), []string{"three", "two"})
	f.end(finished(2, 1))
	f.same("deleted", f.remove(1, 2), 2)
	f.same("objects", f.hashes(), []string(nil))
}

func testObjectsMissing(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	key := w.propose(rush.NoTask)
	f.putObjects("", inline("one"))
	_, err := f.net.Create(f.Context(), []store.NewTask{{Objects: []string{"one"}}, {Objects: []string{"one", "two"}}}, uuid.NewString())
	f.wantErr("create", err, rush.ErrNoObject)
	p := proposal(rush.NoTask)
	p.Objects = []string{"two"}
	step := store.Step{Worker: w.id, Nonce: 2, Propose: p, Done: []store.Done{finished(key, 1)}}
	_, err = f.net.Next(f.Context(), step)
	f.wantErr("propose", err, rush.ErrNoObject)
	f.same("counts", f.counts(), rush.Counts{Running: 1, Created: 1})
	f.putObjects("", inline("two"))
	turn, err := f.net.Next(f.Context(), step)
	f.check(err)
	f.same("outcomes of the repeat", turn.Outcomes, []store.Outcome{store.Applied})
	f.same("tags", f.tags(), []string{"task:1"})
}

func testObjectsOfNoTask(f *fixture) {
	f.define(0, 0)
	_, err := f.net.PutObjects(f.Context(), "task:3", []store.Object{inline("one")})
	f.wantTaskErr("put", err, rush.ErrNoTask, 3)
	f.same("objects", f.hashes(), []string(nil))
	f.putObjects("task:03", inline("one"))
	f.same("tags", f.tags(), []string{"task:03"})
}

func testObjectsReset(f *fixture) {
	f.define(0, 0)
	f.putObjects("a", inline("one"))
	f.putObjects("", inline("two"), inFile("three", "/three", store.Offloaded))
	f.create(store.NewTask{Objects: []string{"one", "two", "three"}})
	f.reset(false)
	f.same("objects", f.hashes(), []string{"one"})
	f.same("tags", f.tags(), []string{"a"})
	f.same("trash", f.trash(), []string{"/three"})
}

func testObjectsDestroyed(f *fixture) {
	f.define(0, 0)
	f.putObjects("a", inline("one"), inFile("two", "/two", store.Offloaded))
	f.putObjects("b", inFile("three", "/three", store.Offloaded))
	f.dropTags("b")
	_, err := f.net.LimitObjects(f.Context(), store.ObjectLimits{Inline: 1})
	f.check(err)
	f.check(f.store.Destroy(f.Context(), f.net.ID()))
	f.net = f.other()
	f.define(0, 0)
	f.same("objects", f.hashes(), []string(nil))
	f.same("tags", f.tags(), []string(nil))
	f.same("trash", f.trash(), []string(nil))
	limits, err := f.net.ObjectLimits(f.Context())
	f.check(err)
	f.same("limits", limits, store.ObjectLimits{})
}

func testObjectsRenamed(f *fixture) {
	f.define(0, 0)
	f.putObjects("a", inline("one"))
	f.net = f.rename()
	f.same("objects", f.hashes(), []string{"one"})
}

func testObjectsNoNetwork(f *fixture) {
	_, err := f.net.PutObjects(f.Context(), "a", []store.Object{inline("one")})
	f.wantErr("put", err, rush.ErrNoNetwork)
	_, err = f.net.ListObjects(f.Context())
	f.wantErr("list", err, rush.ErrNoNetwork)
	_, err = f.net.LimitObjects(f.Context(), store.ObjectLimits{Inline: 1})
	f.wantErr("limit", err, rush.ErrNoNetwork)
	f.wantErr("destroy", f.net.DestroyObjects(f.Context()), rush.ErrNoNetwork)
}
