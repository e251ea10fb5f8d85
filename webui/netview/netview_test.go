package netview_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
	"github.com/rushnet/rush/table"
	"github.com/rushnet/rush/webui"
	"github.com/rushnet/rush/webui/netview"
)

func TestMain(m *testing.M) { os.Exit(redistest.Main(m)) }

const secret = "a-password-of-the-objective"

const file = `
network: shown
objective: {command: [echo, "{x}"], env: {PASSWORD: ` + secret + `}}
space: {x: {type: int, lower: 0, upper: 9}}
codomain: {y: minimize}
terminate: {evals: 10}
`

// start makes a network from a search file, with one finished task.
func start(t *testing.T, url string, id rush.NetworkID) *network.Rush {
	t.Helper()
	net, err := network.Open(t.Context(), network.Config{Store: url, Network: id})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	f, err := search.Parse("search.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := search.Start(t.Context(), net, f.Definition, search.StartOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := net.PushTasks(t.Context(), []rush.Task{{State: rush.Finished, XS: rush.Values{"x": int64(3)}, YS: rush.Values{"y": 0.5}}}); err != nil {
		t.Fatal(err)
	}
	return net
}

func open(t *testing.T, url string, id rush.NetworkID, opts *netview.Options) webui.Network {
	t.Helper()
	store, err := netview.Open(t.Context(), url, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	view, err := store.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = view.Close() })
	return view
}

func TestDefinitionHasNoEnvironment(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		start(t, url, "secretive")
		def, err := open(t, url, "secretive", nil).Definition(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(def)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), secret) {
			t.Errorf("the definition is %s", b)
		}
		for _, want := range []string{`"x"`, `"minimize"`, `"echo"`, `"evals":10`} {
			if !strings.Contains(string(b), want) {
				t.Errorf("the definition has no %s: %s", want, b)
			}
		}
		if def.Frozen || len(def.Schema) != 2 {
			t.Errorf("the definition is %+v", def)
		}
	})
}

// An exported file is a network in which nothing changes.
func TestExportedFile(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := start(t, url, "exported")
		about, err := net.About(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []table.FileFormat{table.Parquet, table.Arrow, table.CSV} {
			path := filepath.Join(t.TempDir(), "exported."+string(format))
			out, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = net.Export(t.Context(), out, &table.ExportOptions{Format: format, About: about})
			if err := errors.Join(err, out.Close()); err != nil {
				t.Fatal(err)
			}
			opts := &netview.Options{}
			if format == table.CSV {
				opts.Goals = loops.Codomain{{Name: "y", Goal: loops.Minimize}}
			}
			view := open(t, path, "exported", opts)
			def, err := view.Definition(t.Context())
			if err != nil || !def.Frozen || !strings.Contains(string(def.Codomain), "minimize") {
				t.Errorf("%s: the definition is %+v, %v", format, def, err)
			}
			if c, err := view.Counts(t.Context()); err != nil || c.Finished != 1 {
				t.Errorf("%s: the counts are %v, %v", format, c, err)
			}
			if _, err := view.Push(t.Context(), webui.PushOptions{}, webui.Points{XS: []rush.Values{{"x": int64(1)}}}); !errors.Is(err, rush.ErrReadOnly) {
				t.Errorf("%s: a task was pushed: %v", format, err)
			}
		}
	})
}

func TestNetworkThatWasNotMadeFromAFile(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "rush.db")
	net, err := network.Open(context.Background(), network.Config{Store: url, Network: "plain"})
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	view := open(t, url, "plain", nil)
	def, err := view.Definition(t.Context())
	if err != nil || def.Space != nil || len(def.Seed) != 7 {
		t.Errorf("the definition is %+v, %v", def, err)
	}
	if _, err := view.Importance(t.Context(), "y"); err == nil || !strings.Contains(err.Error(), "search file") {
		t.Errorf("the importance of nothing: %v", err)
	}
	points, err := view.ReadPoints(t.Context(), "csv", "", strings.NewReader("a,b\n1,x\n"))
	if err != nil || len(points.XS) != 1 {
		t.Errorf("the points are %v, %v", points, err)
	}
}
