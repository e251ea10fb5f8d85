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

// Terminators of a part, alone and combined, with four workers: they agree, the parts
// with a number have exactly it, the run ends by itself, and the proposals are
// replayed. Tasks of nobody come first.
func TestAChainWithTerminators(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, s := t.Context(), open(t, url)
		text := strings.NewReplacer(
			"builtin: branin", "function: dawdle", "terminate: {evals: 20}\n", "initial: [{x1: 1, x2: 2}, {}]\n",
			"{name: random_search, evals: 6}", "{name: random_search, terminate: {any: [{evals: 30}, {stagnation: {iters: 3, threshold: 1000000}}], run_time: 1h}}",
			"tpe]", "{name: tpe, terminate: {evals: 5, clock_time: '2100-01-01 12:00'}}]").Replace(chained)
		def := s.parse(text)
		s.run(def, search.StartOptions{}, 4)
		of := make(map[any]int)
		for _, task := range s.finished() {
			of[task.XSExtra[chain.LoopName]]++
		}
		if n := of["random_search"]; n < 3 || n > 3+4 || of[nil] != 2 || of["local_search"] != 4 || of["tpe"] != 5 {
			t.Errorf("found %v", of)
		}
		r, err := def.Replay(ctx, s.net.Archive)
		if err != nil || r.Recorded < 12 || r.Same != r.Recorded {
			t.Errorf("%+v, %v; expected all to be proposed again", r, err)
		}
		// Parts with numbers alone have a budget that the store keeps to.
		s = open(t, url)
		s.run(s.parse(strings.NewReplacer("terminate: {evals: 20}\n", "initial: {}\n", "tpe]", "{name: tpe, terminate: {evals: 5}}]").Replace(chained)), search.StartOptions{}, 4)
		if c := s.counts(); c.Total() != 16 {
			t.Errorf("found %+v, expected 16 tasks", c)
		}
	})
}

func TestAChainThatComesToItsEndSaysWhy(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.parse(strings.NewReplacer("terminate: {evals: 20}\n", "", "tpe]", "{name: tpe, terminate: {stagnation: {iters: 4, threshold: 1000000}}}]").Replace(chained))
		if _, err := search.Start(t.Context(), s.net, def, search.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.net.StartWorkers(t.Context(), def.Workers(1)); err != nil {
			t.Fatal(err)
		}
		<-s.net.LocalDone()
		run, err := s.net.Run(t.Context())
		if want := "the chain has come to its end, stagnation: the last 4 tasks did not improve on y = "; err != nil || !strings.HasPrefix(run.Reason, want) {
			t.Errorf("the run is %+v, %v; expected %s", run, err, want)
		}
		if c := s.counts(); c.Total() != 14 {
			t.Errorf("found %+v, expected 14 tasks", c)
		}
	})
}
