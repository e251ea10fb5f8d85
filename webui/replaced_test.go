package webui_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
)

// shownNetwork is what a page knows of the network that it shows.
type shownNetwork struct {
	ID      string
	Created string
	Counts  struct{ Total int }
}

// actAs does what a page does that shows a network.
func (s *site) actAs(shown shownNetwork, verb, body string) (int, string) {
	s.t.Helper()
	status, text, _ := s.do(http.MethodPost, "/api/networks/"+shown.ID+"/actions/"+verb+"?created="+url.QueryEscape(shown.Created), body)
	return status, text
}

// refuses checks that nothing is done, or exported, for a page that shows another network.
func (s *site) refuses(shown shownNetwork, why string) {
	s.t.Helper()
	for verb, body := range map[string]string{
		"delete": `{"filter": {}, "running": true}`, "cancel": `{"filter": {}}`, "count": `{"filter": {}}`, "stop": `{}`,
		"push": `{"format": "jsonl", "text": "{\"x\": 7}"}`, "reset": fmt.Sprintf(`{"confirm": %q}`, shown.ID),
		"destroy": fmt.Sprintf(`{"confirm": %q}`, shown.ID), "keep": `{}`,
	} {
		status, text := s.actAs(shown, verb, body)
		if status != http.StatusConflict || !strings.Contains(text, why) || !strings.Contains(text, "nothing was done") {
			s.t.Errorf("%s: %d %s, expected %d and %q", verb, status, text, http.StatusConflict, why)
		}
	}
	status, text, _ := s.do(http.MethodGet, "/api/networks/"+shown.ID+"/export?format=csv&created="+url.QueryEscape(shown.Created), "")
	if status != http.StatusConflict {
		s.t.Errorf("export: %d %s, expected %d", status, text, http.StatusConflict)
	}
}

func TestAnActionIsRefusedWhenTheNetworkThatThePageShowsWasSetAside(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		s.push(3)
		var old, fresh, kept shownNetwork
		s.get(s.path(""), &old)
		st, err := network.OpenStore(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		aside, err := st.SetAside(t.Context(), s.net.ID())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := open(t, url, s.net.ID()).Push(t.Context(), rush.Values{"x": int64(1)}); err != nil {
			t.Fatal(err)
		}
		// Nobody has told the page yet: what follows the network has not changed.
		if status, text := s.actAs(old, "retry", `{"filter": {"numbers": [1]}}`); status != http.StatusOK {
			t.Errorf("on the network that is followed: %d %s", status, text)
		}
		for _, n := range s.list() {
			switch n.ID {
			case old.ID:
				fresh = n
			case string(aside):
				kept = n
			}
		}
		if kept.Created != old.Created || fresh.Created == old.Created {
			t.Fatalf("made at %s, and listed as %s; the new one at %s", old.Created, kept.Created, fresh.Created)
		}
		// Who has seen the new one in the list means that.
		if status, text := s.actAs(fresh, "cancel", `{"filter": {}, "expect": 1}`); status != http.StatusOK {
			t.Errorf("on the new network: %d %s", status, text)
		}
		s.refuses(old, fmt.Sprintf(`is called \"%s\" by now`, aside))
		if status, text := s.actAs(kept, "count", `{"filter": {}}`); status != http.StatusOK || !strings.Contains(text, `"count":3`) {
			t.Errorf("under its new name: %d %s", status, text)
		}
		s.get(s.path(""), &fresh)
		s.get("/api/networks/"+string(aside), &kept)
		if fresh.Counts.Total != 1 || kept.Counts.Total != 3 {
			t.Errorf("%d tasks in the new one and %d in the old one, expected 1 and 3", fresh.Counts.Total, kept.Counts.Total)
		}
	})
}

func TestAnActionIsRefusedWhenAnotherNetworkWasMadeInPlaceOfTheShownOne(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		s.push(3)
		v := s.view()
		var old, fresh shownNetwork
		s.get(s.path(""), &old)
		v.until(func() bool { return v.said["hello"] != nil })
		if got := v.said["hello"]["created"]; got != old.Created {
			t.Errorf("the connection is about a network of %v, its definition of %s", got, old.Created)
		}
		if err := s.net.Destroy(t.Context(), network.DestroyOptions{}); err != nil {
			t.Fatal(err)
		}
		if status, text := s.actAs(old, "cancel", `{"filter": {}}`); status != http.StatusNotFound {
			t.Errorf("on a network that is gone: %d %s", status, text)
		}
		again := open(t, url, s.net.ID())
		if _, err := again.Push(t.Context(), rush.Values{"x": int64(1)}); err != nil {
			t.Fatal(err)
		}
		s.refuses(old, "was replaced by one that was made at ")
		v.until(func() bool { return v.states()["queued"] == 1 })
		s.get(s.path(""), &fresh)
		if fresh.Created == old.Created {
			t.Errorf("the new network is said to be of %s, as the old one", fresh.Created)
		}
		if status, text := s.actAs(fresh, "count", `{"filter": {}, "expect": 1}`); status != http.StatusOK {
			t.Errorf("on the new network: %d %s", status, text)
		}
	})
}

func TestAnActionSaysWhichNetworkItMeansByATime(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	status, text := s.actAs(shownNetwork{ID: string(s.net.ID()), Created: "yesterday"}, "count", `{}`)
	if status != http.StatusBadRequest || !strings.Contains(text, "expected when the network was made") {
		t.Errorf("%d %s", status, text)
	}
}

// list is the list of networks.
func (s *site) list() []shownNetwork {
	s.t.Helper()
	var all []shownNetwork
	s.get("/api/networks", &all)
	return all
}
