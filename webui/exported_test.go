package webui_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/webui"
	"github.com/rushnet/rush/webui/netview"
)

// only is a store of which one network is shown.
func only(t *testing.T, url string, id rush.NetworkID) webui.Store {
	t.Helper()
	store, err := netview.Open(t.Context(), url, &netview.Options{Only: []rush.NetworkID{id}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func TestAnExportOfEverythingIsANetworkAgain(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		s.work(1, "double")
		s.push(5)
		v := s.view()
		v.until(func() bool { return v.states()["finished"] == 5 })
		for _, format := range []string{"parquet", "arrow"} {
			status, body, _ := s.do(http.MethodGet, s.path("/export?format="+format), "")
			if status != http.StatusOK {
				t.Fatalf("%s: %d %s", format, status, body)
			}
			file := filepath.Join(t.TempDir(), "results."+format)
			if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
			net, err := network.Open(t.Context(), network.Config{Store: file, Network: s.net.ID()})
			if err != nil {
				t.Fatal(err)
			}
			tasks, err := net.Tasks(t.Context(), 0, 1, 2, 3, 4)
			if err != nil {
				t.Fatal(err)
			}
			for i, task := range tasks {
				if task.State != rush.Finished || task.XS["x"] != int64(i) || task.YS["y"] != 2*float64(i) || task.Attempt != 1 {
					t.Errorf("%s: task %d is %+v", format, i, task)
				}
			}
			if err := net.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}
