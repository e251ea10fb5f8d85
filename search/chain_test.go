package search_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops/chain"
	"github.com/rushnet/rush/search"
)

const chained = `
objective: {builtin: branin}
space: {x1: {type: dbl, lower: -5, upper: 10}, x2: {type: dbl, lower: 0, upper: 15}}
codomain: {y: minimize}
seed: 7
loop: {chain: [{name: random_search, evals: 6}, {name: local_search, evals: 4}, tpe]}
terminate: {evals: 20}
record: true
`

// Four workers agree on whose turn it is, and what they proposed is proposed again.
func TestAChainOfLoops(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, s := t.Context(), open(t, url)
		def := s.parse(chained)
		s.run(def, search.StartOptions{}, 4)
		tasks, err := s.net.Rows(ctx, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		of := make(map[any]int)
		for i, task := range tasks {
			name := task.XSExtra[chain.LoopName]
			if of[name]++; i < 6 != (name == "random_search") {
				t.Errorf("task %d is of %v", i, name)
			}
		}
		if diff := cmp.Diff(map[any]int{"random_search": 6, "local_search": 4, "tpe": 10}, of); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if def.Seed == nil {
			t.Fatal("the definition has no seed")
		}
		r, err := def.Replay(ctx, s.net.Archive)
		if err != nil || r.Recorded != 20 || r.Same != r.Recorded {
			t.Errorf("%+v, %v; expected all 20 to be proposed again", r, err)
		}
	})
}

// The network keeps the chain, with the defaults of its loops.
func TestADefinitionKeepsItsChain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	load := func(text string) *search.Definition {
		t.Helper()
		path := filepath.Join(dir, "search.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := search.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		return f.Definition
	}
	def := load(chained)
	b, err := json.Marshal(def)
	if err != nil {
		t.Fatal(err)
	}
	again, err := search.ParseDefinition(b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(def.Loop, again.Loop); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
	var got []string
	for _, p := range again.Loop.Chain {
		got = append(got, fmt.Sprintf("%s %d %t", p.Name, p.Evals, len(p.Args) > 0))
	}
	if diff := cmp.Diff([]string{"random_search 6 false", "local_search 4 true", "tpe 0 true"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	other := load(strings.Replace(chained, "evals: 6", "evals: 5", 1))
	if c := search.Diff(def, other); len(c.Refused) != 1 || !strings.Contains(c.Refused[0], "random_search for 6 evals, then") {
		t.Errorf("%q; expected the loop to be another one", c.Refused)
	}
}
