package webui_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/webui"
)

// A client that answers no ping is gone, and makes room for another one.
func TestClientThatAnswersNoPing(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), func(c *webui.Config) { c.MaxClients = 1 })
	s.handler.PingForTest(20 * time.Millisecond)
	_ = s.dial("") // it reads nothing, and so answers nothing
	limit := time.After(time.Minute)
	for {
		res := s.ask("GET", "/api/networks/{id}/live", upgrade(s.server.URL))
		if res.StatusCode == http.StatusSwitchingProtocols {
			return
		}
		select {
		case <-limit:
			t.Fatal("a client that is not there any more keeps its place")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Who reads nothing of an answer is given up, whatever the answer is.
func TestAnswerThatNobodyReads(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "rush.db")
	s := newSite(t, url, nil)
	xss := make([]rush.Values, 32)
	for i := range xss {
		xss[i] = rush.Values{"x": strings.Repeat(strconv.Itoa(i), 1<<19)}
	}
	if _, err := s.net.Push(t.Context(), xss...); err != nil {
		t.Fatal(err)
	}
	slow := serve(t, s.net, url, func(c *webui.Config) { c.WriteTimeout = 100 * time.Millisecond })
	served := make(chan struct{}, 10)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { served <- struct{}{} }()
		slow.handler.ServeHTTP(w, r)
	}))
	defer front.Close()
	for _, path := range []string{"/tasks", "/export?format=jsonl"} {
		conn, err := net.Dial("tcp", front.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", s.path(path), testToken)
		select {
		case <-served:
		case <-time.After(time.Minute):
			t.Fatalf("%s: the server waits for a client that does not read", path)
		}
	}
}
