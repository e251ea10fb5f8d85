package webui_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Bodies and filters that would take much: security point 7.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	s.push(2)
	where := func(text string) string { return `{"filter": {"where": ` + quote(text) + `}}` }
	for name, body := range map[string]string{
		"no JSON": "{", "a list": "[]", "two objects": `{"filter": {}}{"filter": {}}`, "nested": strings.Repeat(`{"filter":`, 100_000),
		"unknown field": `{"` + strings.Repeat("x", 1<<20) + `": 1}`, "long": where(strings.Repeat("x > 0 and ", 100_000) + "x > 0"),
		"parentheses": where(strings.Repeat("(", 1_000_000)), "nots": where(strings.Repeat("not ", 500) + "x"), "loop": where("all(1..1000000000, # > 0)"),
		"large text": where(`repeat("x", 1000000000) == "x"`), "numbers": `{"filter": {"numbers": [` + strings.Repeat("1,", 1_000_000) + `1]}}`,
		"a number that is none": `{"filter": {"numbers": [1e400]}}`, "a state": `{"filter": {"state": ["` + strings.Repeat("x", 1<<20) + `"]}}`,
	} {
		for _, verb := range []string{"count", "delete"} {
			if got := s.act(http.StatusBadRequest, verb, body); len(fmt.Sprint(got)) > 5000 {
				t.Errorf("%s: an answer of %d bytes", name, len(fmt.Sprint(got)))
			}
		}
	}
	for line := range strings.Lines(s.log.String()) {
		if len(line) > 10_000 {
			t.Errorf("a line of %d bytes in the log: %.200s", len(line), line)
		}
	}
	if got := s.act(http.StatusOK, "count", `{}`); got["count"] != 2.0 {
		t.Errorf("after all that there are %v tasks", got)
	}
	// What is said to be compressed is read as it stands: nothing is unpacked.
	res := s.ask("POST", "/api/networks/{id}/actions/count", func(q *http.Request) { q.Header.Set("Content-Encoding", "gzip") })
	if res.StatusCode != http.StatusOK {
		t.Errorf("a plain body that is said to be compressed: status %d", res.StatusCode)
	}
	// A body that nobody reads ends the connection, and is not waited for.
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /api/networks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 100000\r\n\r\n", testToken)
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	if b, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(b), "HTTP/1.1 200") {
		t.Errorf("a GET with a body is answered %.100q, %v", b, err)
	}
}

// What a client of the websocket may send, and how much of it: security point 7.
func TestHostileMessages(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	dialer := websocket.Dialer{EnableCompression: true}
	address := "ws" + strings.TrimPrefix(s.server.URL, "http") + s.path("/live")
	conn, res, err := dialer.Dial(address, http.Header{"Authorization": {"Bearer " + testToken}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := res.Header.Get("Sec-WebSocket-Extensions"); got != "" {
		t.Errorf("the server takes compressed messages: %s", got)
	}
	// A flood takes the time of its sender only.
	v := s.view()
	const n = 120
	for i := range n {
		text := []string{`{"type": "dance"}`, "no JSON", `{"type": "logs", "level": "` + strings.Repeat("x", 10_000) + `"}`}[i%3]
		if err := v.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	s.push(1)
	v.until(func() bool { return v.states()["queued"] == 1 })
	// Binary messages are read as text, and fragments count as one message.
	w, err := conn.NextWriter(websocket.BinaryMessage)
	if err != nil {
		t.Fatal(err)
	}
	for range 64 {
		_, _ = w.Write([]byte(strings.Repeat("x", 1<<10))) // the server may end it before all is written
	}
	_ = w.Close()
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			if !websocket.IsCloseError(err, websocket.CloseMessageTooBig) && !strings.Contains(err.Error(), "reset") {
				t.Errorf("a message of 64 KB ends the connection with %v", err)
			}
			break
		}
	}
}
