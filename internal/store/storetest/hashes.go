package storetest

import (
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func hashTests() []test {
	return []test{
		{"hashes are written, changed, read and deleted", testHashes},
		{"some fields are read", testHashFields},
		{"many hashes are written and read", testManyHashes},
		{"a hash without fields is none", testEmptyHash},
		{"hashes need a network, and go with a reset and their network", testHashesReset},
	}
}

func (f *fixture) writeHash(key string, fields ...string) {
	f.Helper()
	h := map[string][]byte{}
	for i := 0; i < len(fields); i += 2 {
		h[fields[i]] = []byte(fields[i+1])
	}
	f.check(f.net.WriteHashes(f.Context(), []string{key}, []map[string][]byte{h}))
}

func (f *fixture) readHashes(n store.Network, keys []string, fields ...string) string {
	f.Helper()
	hashes, err := n.ReadHashes(f.Context(), keys, fields)
	f.check(err)
	text := ""
	for i, h := range hashes {
		text += keys[i] + ":"
		if h == nil {
			text += "none"
		}
		for _, name := range []string{"a", "b", ""} {
			if v, ok := h[name]; ok {
				text += fmt.Sprintf("%s=%q", name, v)
			}
		}
		text += " "
	}
	return text
}

func testHashes(f *fixture) {
	f.define(0, 0)
	keys := []string{"k", "\x00é", "missing", "k"}
	f.same("before", f.readHashes(f.net, keys[:1]), "k:none ")
	f.writeHash("k", "a", "1", "b", "2")
	f.writeHash("\x00é", "", "\x00")
	f.writeHash("k", "b", "")
	f.same("after", f.readHashes(f.other(), keys), `k:a="1"b="" `+"\x00é:=\"\\x00\" missing:none "+`k:a="1"b="" `)
	for _, want := range []int{1, 0} {
		deleted, err := f.net.DeleteHashes(f.Context(), []string{"k", "missing"})
		f.check(err)
		f.same("deleted", deleted, want)
	}
	f.same("deleted", f.readHashes(f.net, keys[:1]), "k:none ")
}

func testHashFields(f *fixture) {
	f.define(0, 0)
	f.writeHash("k", "a", "1", "b", "2")
	f.writeHash("l", "b", "3")
	f.same("a", f.readHashes(f.net, []string{"k", "l", "m"}, "a"), `k:a="1" l: m:none `)
	f.same("c and b", f.readHashes(f.net, []string{"k", "l"}, "c", "b"), `k:b="2" l:b="3" `)
	hashes, err := f.net.ReadHashes(f.Context(), nil, nil)
	f.check(err)
	f.same("no keys", len(hashes), 0)
}

func testManyHashes(f *fixture) {
	f.define(0, 0)
	hashes := make([]map[string][]byte, 2_500)
	keys := make([]string, len(hashes))
	for i := range hashes {
		keys[i] = fmt.Sprint(i)
		hashes[i] = map[string][]byte{"a": []byte(keys[i])}
	}
	f.check(f.net.WriteHashes(f.Context(), keys, hashes))
	got, err := f.net.ReadHashes(f.Context(), keys, nil)
	f.check(err)
	f.same("hashes", got, hashes)
	wide := map[string][]byte{}
	for _, key := range keys {
		wide[key] = []byte(key)
	}
	f.check(f.net.WriteHashes(f.Context(), []string{"wide"}, []map[string][]byte{wide}))
	got, err = f.net.ReadHashes(f.Context(), []string{"wide"}, nil)
	f.check(err)
	f.same("a wide hash", got, []map[string][]byte{wide})
}

func testEmptyHash(f *fixture) {
	f.define(0, 0)
	f.writeHash("k")
	f.same("read", f.readHashes(f.net, []string{"k"}), "k:none ")
	f.check(f.net.WriteHashes(f.Context(), nil, nil))
}

func testHashesReset(f *fixture) {
	for verb, call := range map[string]func() error{
		"write":  func() error { return f.net.WriteHashes(f.Context(), nil, nil) },
		"read":   func() error { _, err := f.net.ReadHashes(f.Context(), []string{"k"}, nil); return err },
		"delete": func() error { _, err := f.net.DeleteHashes(f.Context(), []string{"k"}); return err },
	} {
		f.wantErr(verb+" in a network that is not there", call(), rush.ErrNoNetwork)
	}
	f.define(0, 0)
	f.writeHash("k", "a", "1")
	to := f.rename()
	f.same("after a rename", f.readHashes(to, []string{"k"}), `k:a="1" `)
	f.check(to.Reset(f.Context(), false))
	f.same("after a reset", f.readHashes(to, []string{"k"}), "k:none ")
	f.check(to.WriteHashes(f.Context(), []string{"k"}, []map[string][]byte{{"a": nil}}))
	f.check(f.store.Destroy(f.Context(), to.ID()))
	f.define(0, 0)
	f.same("after the network was destroyed", f.readHashes(f.net, []string{"k"}), "k:none ")
}
