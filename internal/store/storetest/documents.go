package storetest

import (
	"context"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func documentTests() []test {
	return []test{
		{"a document is stored, replaced, listed and deleted", testDocuments},
		{"without overwrite the first document stays", testDocumentFirst},
		{"putting a document creates the network", testDocumentCreates},
		{"a document wakes who waits for it", testDocumentWakes},
		{"who waits creates the network, and is told when it is destroyed", testDocumentDestroyed},
		{"a document that does not come is not found", testDocumentMissing},
		{"a new definition wakes who waits for it", testDefinitionWakes},
		{"documents are written and read together", testDocumentsTogether},
		{"documents that are written together wake who waits for one", testDocumentsTogetherWake},
		{"documents survive a reset, and go with their network", testDocumentsReset},
	}
}

func (f *fixture) put(name, body string) {
	f.Helper()
	f.check(f.net.PutDocument(f.Context(), name, []byte(body), true))
}

// document returns a document; "none" if there is none.
func (f *fixture) document(n store.Network, name string) string {
	f.Helper()
	body, found, err := n.Document(f.Context(), name, 0)
	f.check(err)
	if !found {
		return "none"
	}
	return string(body)
}

func testDocuments(f *fixture) {
	f.define(0, 0)
	f.same("before", f.document(f.net, "b"), "none")
	f.put("b", "1")
	f.put("a \x00é", "2")
	f.put("b", "3")
	f.put("b", "3")
	f.same("after", f.document(f.other(), "b"), "3")
	names, err := f.net.DocumentNames(f.Context())
	f.check(err)
	f.same("names", names, []string{"a \x00é", "b"})
	for _, want := range []bool{true, false} {
		deleted, err := f.net.DeleteDocument(f.Context(), "b")
		f.check(err)
		f.same("deleted", deleted, want)
	}
	f.same("deleted", f.document(f.net, "b"), "none")
}

func testDocumentFirst(f *fixture) {
	f.define(0, 0)
	f.check(f.net.PutDocument(f.Context(), "a", []byte("1"), false))
	f.check(f.net.PutDocument(f.Context(), "a", []byte("1"), false))
	f.wantErr("put another", f.net.PutDocument(f.Context(), "a", []byte("2"), false), rush.ErrExists)
	f.same("stored", f.document(f.net, "a"), "1")
}

func testDocumentCreates(f *fixture) {
	_, _, err := f.net.Document(f.Context(), "a", 0)
	f.wantErr("read in a network that is not there", err, rush.ErrNoNetwork)
	f.put("a", "1")
	def, err := f.net.Definition(f.Context())
	f.check(err)
	f.same("version", def.Version, int64(0))
	f.define(0, 0)
	f.same("stored", f.document(f.net, "a"), "1")
}

// awaitDocument starts waiting for a document.
func (f *fixture) awaitDocument(n store.Network, name string) *waiter[string] {
	f.Helper()
	return wait(f, "who waits for document "+name, func(ctx context.Context) (string, error) {
		body, _, err := n.Document(ctx, name, long)
		return string(body), err
	})
}

func testDocumentWakes(f *fixture) {
	f.define(0, 0)
	first, second := f.awaitDocument(f.net, "a"), f.awaitDocument(f.other(), "a")
	f.put("b", "1") // another
	f.put("a", "2")
	f.same("got", []string{first.woken(), second.woken()}, []string{"2", "2"})
}

func testDocumentDestroyed(f *fixture) {
	answer := make(chan error, 1)
	ctx := f.patient()
	go func() {
		_, _, err := f.net.Document(ctx, "a", long)
		answer <- err
	}()
	other := f.other()
	f.eventually("who waits creates the network", func() bool {
		_, err := other.Counts(f.Context())
		return err == nil
	})
	f.check(f.store.Destroy(f.Context(), f.net.ID()))
	f.wantErr("wait in a network that is destroyed", <-answer, rush.ErrNoNetwork)
}

func testDocumentMissing(f *fixture) {
	f.define(0, 0)
	_, found, err := f.net.Document(f.patient(), "a", 10*time.Millisecond)
	f.check(err)
	f.same("found", found, false)
	def, err := f.net.AwaitDefinition(f.patient(), 1, 10*time.Millisecond)
	f.check(err)
	f.same("version", def.Version, int64(1))
}

func testDefinitionWakes(f *fixture) {
	f.put("a", "1")
	next := wait(f, "who waits for a definition", func(ctx context.Context) (store.Definition, error) {
		return f.other().AwaitDefinition(ctx, 0, long)
	})
	f.define(7, 0)
	def := next.woken()
	f.same("definition", []int64{def.Version, def.Limit}, []int64{1, 7})
}

func testDocumentsReset(f *fixture) {
	f.define(0, 0)
	f.put("a", "1")
	f.reset(true)
	f.same("after a reset", f.document(f.net, "a"), "1")
	to := f.rename()
	f.same("after a rename", f.document(to, "a"), "1")
	f.check(f.store.Destroy(f.Context(), to.ID()))
	f.define(0, 0)
	f.same("after the network was destroyed", f.document(f.net, "a"), "none")
}

// documentsOf returns the documents whose names begin with the prefix.
func (f *fixture) documentsOf(n store.Network, prefix string) map[string]string {
	f.Helper()
	bodies, err := n.ReadDocuments(f.Context(), prefix)
	f.check(err)
	out := map[string]string{}
	for name, body := range bodies {
		out[name] = string(body)
	}
	return out
}

func testDocumentsTogether(f *fixture) {
	_, err := f.net.ReadDocuments(f.Context(), "v:")
	f.wantErr("read documents of no network", err, rush.ErrNoNetwork)
	f.check(f.net.WriteDocuments(f.Context(), map[string][]byte{"v:a": []byte("1"), "v:b\x00": {}, "v:": []byte("2"), "w:a": []byte("3")}))
	f.put("v", "4")
	f.same("after", f.documentsOf(f.other(), "v:"), map[string]string{"v:a": "1", "v:b\x00": "", "v:": "2"})
	for range 2 {
		f.check(f.net.WriteDocuments(f.Context(), map[string][]byte{"v:a": nil, "v:": []byte("5"), "v:none": nil}))
		f.same("after", f.documentsOf(f.other(), "v:"), map[string]string{"v:b\x00": "", "v:": "5"})
	}
	f.same("all", f.documentsOf(f.net, ""), map[string]string{"v:b\x00": "", "v:": "5", "v": "4", "w:a": "3"})
	f.check(f.net.WriteDocuments(f.Context(), nil))
	f.same("none", f.documentsOf(f.net, "x"), map[string]string{})
}

func testDocumentsTogetherWake(f *fixture) {
	f.define(0, 0)
	got := f.awaitDocument(f.net, "a")
	f.check(f.other().WriteDocuments(f.Context(), map[string][]byte{"b": []byte("1"), "a": []byte("2")}))
	f.same("found", got.woken(), "2")
}
