package search_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
	"github.com/rushnet/rush/table"
)

// An exported table of one search, its network and a table by hand are the begin of
// another: finished tasks that take nothing from the budget, and that a resume does
// not create again.
func TestASearchThatStartsWithKnownPoints(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, old := t.Context(), open(t, url)
		def := old.parse("seed: 3\nobjective: {builtin: branin}\nterminate: {evals: 4}")
		old.run(def, search.StartOptions{}, 1)
		exported := filepath.Join(t.TempDir(), "old.parquet")
		f, err := os.Create(exported)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := old.net.Export(ctx, f, &table.ExportOptions{Options: table.Options{Schema: def.Schema()}, Format: table.Parquet}); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		byHand := filepath.Join(t.TempDir(), "hand.csv")
		if err := os.WriteFile(byHand, []byte("x1,x2,y,state,note\n1,2,21.5,finished,a\n3,4,,queued,b\n"), 0o600); err != nil {
			t.Fatal(err)
		}

		s := open(t, url)
		text := "seed: 4\nobjective: {builtin: branin}\nloop: {name: tpe, startup: 5}\nterminate: {evals: 3}\nrecord: true\nstart: [" + exported + ", " + byHand + ", {network: '" + string(old.net.ID()) + "'}]"
		started := s.run(s.parse(text), search.StartOptions{}, 2)
		if started.Known != 9 {
			t.Errorf("%d points were known, expected 9", started.Known)
		}
		s.run(s.parse(text, "terminate.evals=5"), search.StartOptions{Resume: true}, 1)
		tasks := s.finished()
		if c := s.counts(); c.Finished != 9+5 || c.Total() != 9+5 {
			t.Fatalf("got %+v, expected 9 known tasks and 5 others", c)
		}
		for i, want := range old.finished() {
			if diff := cmp.Diff([]any{want.XS, want.YS}, []any{tasks[i].XS, tasks[i].YS}); diff != "" {
				t.Errorf("row %d of the table (-want +got):\n%s", i, diff)
			}
			if diff := cmp.Diff([]any{want.XS, want.YS}, []any{tasks[i+5].XS, tasks[i+5].YS}); diff != "" {
				t.Errorf("task %d of the network (-want +got):\n%s", i, diff)
			}
		}
		if diff := cmp.Diff(rush.Values{"start": byHand, "row": int64(1)}, tasks[4].XSExtra); diff != "" || tasks[4].YS["y"] != 21.5 {
			t.Errorf("%v has the extra (-want +got):\n%s", tasks[4].YS, diff)
		}
		s.replayed(started.Definition, 5)
	})
}

func TestKnownPointsThatDoNotFit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("far.csv", "x1,x2,y\n1,2,3\n1,99,3\n")
	write("none.csv", "x1,x2,z\n1,2,3\n")
	write("blank.csv", "x1,x2,y\n1,2,\n")
	for text, want := range map[string]string{
		"start: far.csv":          "row 2: x2",
		"start: [none.csv]":       "row 1: the output y is missing",
		"start: blank.csv":        "row 1: the output y is missing",
		"start: nowhere.csv":      "nowhere.csv: no such file",
		"start: {net: x}":         "the network is missing",
		"start: {network: 'a b'}": "a b",
	} {
		_, err := search.Parse(filepath.Join(dir, "search.yaml"), []byte("objective: {builtin: branin}\nterminate: {evals: 3}\n"+text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, expected %s", text, err, want)
		}
	}
	net, err := network.Open(t.Context(), network.Config{Store: filepath.Join(dir, "rush.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	f, err := search.Parse(filepath.Join(dir, "search.yaml"), []byte("objective: {builtin: branin}\nterminate: {evals: 3}\nstart: {network: nobody}"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := search.Start(t.Context(), net, f.Definition, search.StartOptions{}); err == nil || !strings.Contains(err.Error(), "there is no network nobody in this store") {
		t.Errorf("got %v", err)
	}
}
