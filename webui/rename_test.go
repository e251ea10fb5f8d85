package webui_test

import (
	"net/http"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/webui"
)

func TestWhoLooksAtARenamedNetworkIsToldItsName(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		s.push(3)
		v := s.view()
		old := s.net.ID()
		st, err := network.OpenStore(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		kept, err := st.SetAside(t.Context(), old)
		if err != nil {
			t.Fatal(err)
		}
		v.until(func() bool { return v.said["renamed"] != nil })
		if got := v.said["renamed"]["id"]; got != string(kept) {
			t.Errorf("the page was told the name %v, expected %s", got, kept)
		}
		v.until(func() bool { return v.states()["queued"] == 3 })

		// The old name is nobody's, then a new network's.
		if status, _, _ := s.do(http.MethodGet, s.path(""), ""); status != http.StatusNotFound {
			t.Errorf("the old name: %d, expected %d", status, http.StatusNotFound)
		}
		again, err := network.Open(t.Context(), network.Config{Store: url, Network: old})
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if _, err := again.Push(t.Context(), rush.Values{"x": int64(1)}); err != nil {
			t.Fatal(err)
		}
		var def struct{ Counts struct{ Total int } }
		for name, want := range map[rush.NetworkID]int{old: 1, kept: 3} {
			if s.get("/api/networks/"+string(name), &def); def.Counts.Total != want {
				t.Errorf("network %s has %d tasks, expected %d", name, def.Counts.Total, want)
			}
		}
	})
}

func TestARenamedNetworkIsShownWhereOnlyItsOldNameWas(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := newNetwork(t, url)
		if _, err := net.Push(t.Context(), rush.Values{"x": int64(1)}); err != nil {
			t.Fatal(err)
		}
		s := serve(t, net, url, func(c *webui.Config) { c.Store = only(t, url, net.ID()) })
		v := s.view()
		st, err := network.OpenStore(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		kept := net.ID() + "-kept"
		if err := st.Rename(t.Context(), net.ID(), kept); err != nil {
			t.Fatal(err)
		}
		v.until(func() bool { return v.said["renamed"] != nil })
		var def struct{ Counts struct{ Total int } }
		if s.get("/api/networks/"+string(kept), &def); def.Counts.Total != 1 {
			t.Errorf("network %s has %d tasks, expected 1", kept, def.Counts.Total)
		}
	})
}
