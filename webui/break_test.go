package webui_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/webui"
)

// A brittle store breaks when it is told to.
type brittle struct {
	webui.Store
	list, look atomic.Bool // panic in the list of networks; in a network
}

func (b *brittle) Networks(ctx context.Context) ([]webui.Info, error) {
	if b.list.Load() {
		panic("the list is broken")
	}
	return b.Store.Networks(ctx)
}

func (b *brittle) Open(ctx context.Context, id rush.NetworkID) (webui.Network, error) {
	net, err := b.Store.Open(ctx, id)
	return &brittleNetwork{net, b}, err
}

type brittleNetwork struct {
	webui.Network
	store *brittle
}

func (n *brittleNetwork) Counts(ctx context.Context) (rush.Counts, error) {
	if n.store.look.Load() {
		panic("the counts are broken")
	}
	return n.Network.Counts(ctx)
}

// What breaks in one request ends neither the server nor the other requests, and is
// told to the log.
func TestPanicsStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	store := new(brittle)
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), func(c *webui.Config) { store.Store, c.Store = c.Store, store })
	s.push(1)
	v := s.view()
	store.list.Store(true)
	status, body, _ := s.do("GET", "/api/networks", "")
	if status != http.StatusInternalServerError || !strings.Contains(body, "mistake") {
		t.Errorf("a request that breaks: status %d %s", status, body)
	}
	if log := s.log.String(); !strings.Contains(log, "the list is broken") || !strings.Contains(log, "break_test.go") {
		t.Errorf("the log does not say what broke:\n%s", log)
	}
	s.get(s.path("/workers"), new(any))

	// In what follows a network: who watches is let go, and can come again.
	store.look.Store(true)
	for {
		if _, _, err := v.conn.ReadMessage(); err != nil {
			break
		}
	}
	if status, _, _ := s.do("GET", s.path("/workers"), ""); status < 500 {
		t.Errorf("a network that breaks: status %d", status)
	}
	store.look.Store(false)
	v = s.view()
	v.until(func() bool { return v.states()["queued"] == 1 })
}

// Close ends every connection, also those of clients that read nothing, and waits
// for all that runs.
func TestCloseWaitsForEverybody(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		var inside atomic.Int64
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			inside.Add(1)
			defer inside.Add(-1)
			s.handler.ServeHTTP(w, r)
		}))
		defer front.Close()
		address := "ws" + strings.TrimPrefix(front.URL, "http") + s.path("/live")
		for range 8 { // none of them reads
			conn, _, err := websocket.DefaultDialer.Dial(address, http.Header{"Authorization": {"Bearer " + testToken}})
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
		}
		s.work(1, "shout")
		xss := make([]rush.Values, 12)
		for i := range xss {
			xss[i] = rush.Values{"x": int64(1 << 20)}
		}
		if _, err := s.net.Push(t.Context(), xss...); err != nil {
			t.Fatal(err)
		}
		if _, err := s.net.Wait(t.Context(), 11); err != nil {
			t.Fatal(err)
		}
		if err := s.handler.Close(); err != nil {
			t.Fatal(err)
		}
		if n := inside.Load(); n > 8 { // the handlers are on their way out
			t.Errorf("%d requests are served after Close", n)
		}
		if n := s.handler.HubsForTest(); n != 0 {
			t.Errorf("%d networks are followed after Close", n)
		}
		if status, _, _ := s.do("GET", s.path("/tasks"), ""); status != http.StatusServiceUnavailable {
			t.Errorf("a request after Close: status %d", status)
		}
		limit := time.After(time.Minute)
		for inside.Load() > 0 {
			select {
			case <-limit:
				t.Fatalf("%d connections are held after Close", inside.Load())
			case <-time.After(time.Millisecond):
			}
		}
	})
}

// Clients that come while the handler ends are let go, too.
func TestCloseWhileClientsCome(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				res := s.ask("GET", "/api/networks/{id}/live", func(q *http.Request) {
					upgrade(s.server.URL)(q)
					q.Header.Set("Authorization", "Bearer "+testToken)
				})
				if res.StatusCode != http.StatusSwitchingProtocols {
					return
				}
				_ = res.Body.Close()
			}
		})
	}
	s.get(s.path(""), new(any))
	_ = s.handler.Close()
	all.Wait()
}

// The password of a store is in nothing that is said while the store is gone.
func TestPasswordWhileTheStoreIsGone(t *testing.T) {
	t.Parallel()
	const password = "hunter2-is-secret"
	server := redistest.Start(t, redistest.Options{Password: password})
	s := newSite(t, server.URL(), nil)
	v := s.view()
	server.Stop()
	v.until(func() bool { return v.said["store"] != nil })
	said := v.said["store"]["message"].(string)
	for _, path := range []string{"/api/networks", s.path(""), s.path("/tasks/0"), s.path("/workers"), s.path("/logs"), s.path("/failures"), s.path("/timeline"), s.path("/importance"), s.path("/export?format=csv")} {
		status, body, _ := s.do("GET", path, "")
		if status < 400 {
			t.Errorf("%s: status %d without a store", path, status)
		}
		said += body
	}
	for _, verb := range []string{"count", "retry", "pause", "stop", "reset", "push"} {
		_, body, _ := s.do("POST", s.path("/actions/"+verb), `{"filter": {}, "confirm": "`+string(s.net.ID())+`", "format": "csv", "text": "x\n1\n"}`)
		said += body
	}
	if said += s.log.String(); strings.Contains(said, password) {
		t.Errorf("the password is in what is said:\n%.2000s", said)
	}
}

// A network is destroyed while somebody looks, and another one has its name, with
// other columns: it is shown as what it is.
func TestAnotherNetworkOfTheSameName(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		v := s.view()
		if _, err := s.net.Push(t.Context(), rush.Values{"x": int64(1), "old": 0.5}); err != nil {
			t.Fatal(err)
		}
		v.until(func() bool { return len(v.rows) == 1 })
		s.act(http.StatusOK, "destroy", `{"confirm": "`+string(s.net.ID())+`"}`)
		v.until(func() bool { return v.said["error"] != nil })
		again := open(t, url, s.net.ID())
		for i, text := range []string{"in the snapshot", "in a frame"} {
			if _, err := again.Push(t.Context(), rush.Values{"x": text, "new": true}); err != nil {
				t.Fatal(err)
			}
			v.until(func() bool { return len(v.rows) == i+1 && v.rows[int64(i)]["x"] == text })
			if _, there := v.rows[int64(i)]["old"]; there {
				t.Errorf("what is %s has the columns of the network before: %v", text, v.rows[int64(i)])
			}
		}
	})
}

// A page that comes to another server than before is told how things stand, and not
// only that it has to take a new snapshot.
func TestResyncRepeatsWhatIsKnown(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	s.push(1)
	v := s.view()
	v.until(func() bool { return v.said["workers"] != nil && v.said["run"] != nil })
	v.said = map[string]map[string]any{}
	v.conn = s.dial("1.1") // of another epoch
	v.until(func() bool { return v.resync == 1 })
	for _, kind := range []string{"hello", "run", "counts", "workers"} {
		if v.said[kind] == nil {
			t.Errorf("the page was not told %s", kind)
		}
	}
}
