package webui_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/webui"
)

// The server is killed and another one started: the page takes a new snapshot, and
// has what the store has.
func TestServerStartedAgain(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		s.push(100)
		s.work(1, "double")
		v := s.view()
		v.until(func() bool { return v.states()["finished"] == 100 })
		at := fmt.Sprintf("%d.%d", v.epoch, v.seq)
		_ = s.handler.Close()
		s.server.Close()
		s.push(100)

		again := serve(t, s.net, url, nil)
		v.site, v.conn = again, again.dial(at)
		v.until(func() bool { return v.states()["finished"] == 200 })
		if v.resync != 1 {
			t.Errorf("the page took %d snapshots; expected 1", v.resync)
		}
	})
}

// A connection that was lost for a while goes on where it was.
func TestConnectionOpenedAgainCatchesUp(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	s.work(1, "double")
	v := s.view()
	s.push(50)
	v.until(func() bool { return v.states()["finished"] == 50 })
	at := fmt.Sprintf("%d.%d", v.epoch, v.seq)
	_ = v.conn.Close()
	s.push(50)
	if _, err := s.net.Wait(t.Context(), 99); err != nil {
		t.Fatal(err)
	}
	v.conn = s.dial(at)
	v.until(func() bool { return v.states()["finished"] == 100 })
	if v.resync != 0 {
		t.Error("the page had to take a new snapshot")
	}
}

// The store is gone for a while: who watches is told, and it goes on by itself.
func TestStoreGoneForAWhile(t *testing.T) {
	t.Parallel()
	url := redistest.URL(t)
	line := redistest.NewLine(t, strings.TrimPrefix(url, "redis://"))
	s := serve(t, newNetwork(t, url), line.URL(), nil)
	v := s.view()
	s.push(1)
	v.until(func() bool { return v.states()["queued"] == 1 })
	line.Cut()
	v.until(func() bool { return v.said["store"] != nil && v.said["store"]["reachable"] == false })
	s.push(1) // by another line
	line.Mend()
	v.until(func() bool { return v.said["store"]["reachable"] == true && v.states()["queued"] == 2 })
}

// A client that reads nothing neither holds up another one nor takes memory without
// bound, and is given up.
func TestClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), func(c *webui.Config) { c.WriteTimeout = 5 * time.Second })
	deaf := s.dial("")
	v := s.view()
	s.work(1, "shout")
	const n, size = 90, 1 << 20 // more than the connection and its queue hold
	xss := make([]rush.Values, n)
	for i := range xss {
		xss[i] = rush.Values{"x": int64(size)}
	}
	if _, err := s.net.Push(t.Context(), xss...); err != nil {
		t.Fatal(err)
	}
	v.until(func() bool { return v.states()["failed"] == n })
	// What waited for it was dropped: it is told so, if it was not given up by then.
	for limit := time.Now().Add(time.Minute); ; {
		if time.Now().After(limit) {
			t.Fatal("a client that did not read was neither told to take a snapshot nor given up")
		}
		_, b, err := deaf.ReadMessage()
		if err != nil || strings.Contains(string(b[:min(200, len(b))]), `"type":"resync"`) {
			break
		}
	}
}

func TestFiftyClients(t *testing.T) {
	t.Parallel()
	const clients, n = 50, 500
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	views := make([]*viewer, clients)
	for i := range views {
		views[i] = s.view()
	}
	s.work(2, "double")
	s.push(n)
	var all sync.WaitGroup
	for _, v := range views {
		all.Go(func() { v.until(func() bool { return v.states()["finished"] == n }) })
	}
	all.Wait()
	if hubs := s.handler.HubsForTest(); hubs != 1 {
		t.Errorf("%d hubs follow the network; expected 1", hubs)
	}
}

// When nobody looks any more nobody follows the network.
func TestNobodyLooks(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), func(c *webui.Config) { c.Linger = 10 * time.Millisecond })
	v := s.view()
	v.until(func() bool { return v.said["hello"] != nil })
	_ = v.conn.Close()
	limit := time.After(time.Minute)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for s.handler.HubsForTest() > 0 {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("a hub runs though nobody looks")
		}
	}
	v = s.view()
	s.push(1)
	v.until(func() bool { return v.states()["queued"] == 1 })
}

// An error message of 1 MB is whole wherever it has to be, and short in the list of
// failures; a group can be retried as one.
func TestErrorMessageOfOneMegabyte(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		const size = 1 << 20
		s := newSite(t, url, nil)
		v := s.view()
		if _, err := s.net.Push(t.Context(), rush.Values{"x": int64(size)}, rush.Values{"x": int64(size)}, rush.Values{"x": int64(2)}); err != nil {
			t.Fatal(err)
		}
		s.work(1, "shout")
		v.until(func() bool { return v.states()["failed"] == 3 })
		if n := len(v.rows[0]["condition"].(string)); n < size {
			t.Errorf("the message has %d bytes; expected %d", n, size)
		}
		var failures struct {
			Groups []struct {
				ID, Class, Message string
				Truncated          bool
				Count, Newest      int
			}
		}
		s.get(s.path("/failures"), &failures)
		if len(failures.Groups) != 2 || failures.Groups[0].Count != 2 || !failures.Groups[0].Truncated || len(failures.Groups[0].Message) > 5000 ||
			!strings.HasPrefix(failures.Groups[0].Message, "<img src=x onerror=alert(1)>é") || failures.Groups[0].Newest != 1 {
			t.Fatalf("the failures are %.500v", failures)
		}
		status, body, _ := s.do("GET", s.path("/tasks/0"), "")
		if status != http.StatusOK || len(body) < size || strings.Contains(body, "<img") {
			t.Errorf("the task: status %d, %d bytes", status, len(body))
		}
		got := s.act(http.StatusOK, "retry", `{"filter": {"condition": "`+failures.Groups[0].ID+`"}, "expect": 2, "retry": {"ignore_limit": true}}`)
		if got["done"] != 2.0 {
			t.Errorf("the answer is %v", got)
		}
	})
}

// 300 columns whose names are of every kind.
func TestManyColumnsOfEveryName(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		v := s.view()
		xs := rush.Values{"🚀 rate": 0.5, "שלום עולם": "مرحبا", "a\u202eb": int64(1), `"><script>`: true, "big": int64(1)<<62 + 1}
		for i := range 300 {
			xs[fmt.Sprintf("column %03d", i)] = int64(i)
		}
		if _, err := s.net.Push(t.Context(), xs); err != nil {
			t.Fatal(err)
		}
		v.until(func() bool { return len(v.rows) == 1 })
		for name, want := range xs {
			if got := v.rows[0][name]; got != want {
				t.Errorf("%q is %v, expected %v", name, got, want)
			}
		}
		for where, n := range map[string]float64{
			`$env["🚀 rate"] > 0.4`: 1, `$env["שלום עולם"] == "مرحبا"`: 1, `$env["column 299"] == 299`: 1, "big > 5": 1, "big < 5": 0,
			`created > "2020-01-01"`: 1, "finished == nil": 1,
		} {
			if got := s.act(http.StatusOK, "count", `{"filter": {"where": `+quote(where)+`}}`); got["count"] != n {
				t.Errorf("%s: %v, expected %v", where, got, n)
			}
		}
		got := s.act(http.StatusBadRequest, "count", `{"filter": {"where": "nothing > 1"}}`)
		if message := got["error"].(map[string]any)["message"].(string); !strings.Contains(message, "nothing") {
			t.Errorf("the error is %q", message)
		}
		var task struct{ XS map[string]any }
		if s.get(s.path("/tasks/0"), &task); task.XS["big"] != "4611686018427387905" {
			t.Errorf("the large integer is %v", task.XS["big"])
		}
	})
}

// The network is destroyed while somebody looks, and made anew under its name.
func TestNetworkIsDestroyed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newSite(t, url, nil)
		v := s.view()
		s.push(2)
		v.until(func() bool { return len(v.rows) == 2 })
		s.act(http.StatusOK, "destroy", `{"confirm": "`+string(s.net.ID())+`"}`)
		v.until(func() bool { return v.said["error"] != nil && v.said["error"]["code"] == "no_network" })
		if store := v.said["store"]; store != nil && store["reachable"] == false {
			t.Errorf("the store answered, and was said to be gone: %v", store)
		}
		again, err := network.Open(t.Context(), network.Config{Store: url, Network: s.net.ID()})
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if _, err := again.Push(t.Context(), rush.Values{"x": int64(7)}); err != nil {
			t.Fatal(err)
		}
		v.until(func() bool { return len(v.rows) == 1 && v.rows[0]["x"] == int64(7) })
	})
}

// A tab that slept answers again, in whatever order things come.
func TestWrongMessagesAreAnswered(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	v := s.view()
	for _, text := range []string{"no JSON", `{"type": "dance"}`, `{"type": "logs", "on": true, "level": "loud"}`} {
		delete(v.said, "error")
		if err := v.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			t.Fatal(err)
		}
		v.until(func() bool { return v.said["error"] != nil })
	}
	if err := v.conn.WriteMessage(websocket.TextMessage, []byte(`{"type": "ping"}`)); err != nil {
		t.Fatal(err)
	}
	v.until(func() bool { return v.said["pong"] != nil })
	if res := s.ask("GET", "/api/networks/{id}/live?after=yesterday", upgrade(s.server.URL)); res.StatusCode != http.StatusBadRequest {
		t.Errorf("a wrong position: status %d", res.StatusCode)
	}
}
