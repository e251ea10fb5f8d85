package webui_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/webui"
)

// raw sends bytes as they stand and returns the status of the answer.
func (s *site) raw(text string) int {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute)) // only a failure takes that long
	if _, err := io.WriteString(conn, text); err != nil {
		s.t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		s.t.Fatalf("%.100q: %v", text, err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// Names that look like loopback ones, in what a client writes itself: security point 3.
func TestHostNamesAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	bearer := "Authorization: Bearer " + testToken + "\r\n"
	for host, status := range map[string]int{
		"localhost": 200, "LocalHost.:99": 200, "[::ffff:127.0.0.1]:1": 200, "127.0.0.1:": 200,
		"localhost:80@evil.example": 421, "localhost:": 200, "localhost:http": 421, "localhost:99999": 421, "localhost:-1": 421,
		"evil.example:127.0.0.1": 421, "localhost..": 421, ".localhost": 421, "127.1": 421, "0177.0.0.1": 421, "0x7f.1": 421, "[::1": 200,
		"127.0.0.1.": 200, "::1": 200, "[::]:1": 421, "evil.example, localhost": 400, "localhost\tevil.example": 400, "localhost/evil": 400, "user@localhost": 421,
	} {
		got := s.raw("GET /api/networks HTTP/1.1\r\nHost: " + host + "\r\n" + bearer + "\r\n")
		if got != status && !(status >= 400 && got >= 400 && got != 401) {
			t.Errorf("the host %q: status %d, expected %d", host, got, status)
		}
	}
	for name, head := range map[string]string{
		"X-Forwarded-Host": "Host: evil.example\r\nX-Forwarded-Host: localhost\r\n", "Forwarded": "Host: evil.example\r\nForwarded: host=localhost\r\n",
		"two hosts": "Host: localhost\r\nHost: evil.example\r\n", "no host": "", "empty": "Host:\r\n",
	} {
		if got := s.raw("GET /api/networks HTTP/1.1\r\n" + head + bearer + "\r\n"); got != 421 && got != 400 {
			t.Errorf("%s: status %d", name, got)
		}
	}
	if got := s.raw("GET /api/networks HTTP/1.0\r\n" + bearer + "\r\n"); got != 421 {
		t.Errorf("a request without a host: status %d", got)
	}
}

// A header that never ends, and one that is too large: security point 7.
func TestHeadersAreLimited(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	server := (&webui.Server{}).HTTPServerForTest(s.handler)
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.IdleTimeout <= 0 || server.MaxHeaderBytes > 64<<10 {
		t.Errorf("the server waits %v for headers, %v for bodies, %v between requests, and takes %d bytes of headers", server.ReadHeaderTimeout, server.ReadTimeout, server.IdleTimeout, server.MaxHeaderBytes)
	}
	server.ReadHeaderTimeout = 50 * time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	slow, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	_, _ = io.WriteString(slow, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
	_ = slow.SetReadDeadline(time.Now().Add(time.Minute))
	if b, err := io.ReadAll(slow); err != nil || len(b) > 0 && !strings.Contains(string(b), "408") {
		t.Errorf("a header that does not end is answered %q, %v", b, err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+listener.Addr().String()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Large", strings.Repeat("x", 1<<20))
	if res, err := http.DefaultTransport.RoundTrip(req); err == nil {
		if _ = res.Body.Close(); res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("headers of 1 MB: status %d", res.StatusCode)
		}
	}
}

// Old TLS is refused: security point 1.
func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	cert, key := certificate(t, t.TempDir())
	server := &webui.Server{CertFile: cert, KeyFile: key}
	if err := server.Listen(s.handler); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx) }()
	address := strings.TrimPrefix(server.URL(), "https://")
	for version, fine := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: version})
		if (err == nil) != fine {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Of two who open a launch address at the same moment one is let in: security point 2.
func TestLaunchIsRaced(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	path := s.handler.LaunchPath()
	codes := make([]int, 8)
	var all sync.WaitGroup
	for i := range codes {
		all.Go(func() {
			codes[i] = s.ask("GET", path, func(q *http.Request) { q.Header.Del("Authorization") }).StatusCode
		})
	}
	all.Wait()
	in := 0
	for _, code := range codes {
		if code == http.StatusSeeOther {
			in++
		} else if code != http.StatusGone {
			t.Errorf("status %d", code)
		}
	}
	if in != 1 {
		t.Errorf("%d were let in; expected 1", in)
	}
}

// A browser that was let in before uses an address up too.
func TestLaunchIsUsedUpByWhoeverOpensIt(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	path := s.handler.LaunchPath()
	if res := s.ask("GET", path, func(*http.Request) {}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("who has the token is answered %d", res.StatusCode)
	}
	if res := s.ask("GET", path, func(q *http.Request) { q.Header.Del("Authorization") }); res.StatusCode != http.StatusGone {
		t.Errorf("the next one is answered %d", res.StatusCode)
	}
	for range 40 {
		s.handler.LaunchPath() // the oldest are forgotten
	}
	old := s.handler.LaunchPath()
	for range 32 {
		s.handler.LaunchPath()
	}
	if res := s.ask("GET", old, func(q *http.Request) { q.Header.Del("Authorization") }); res.StatusCode != http.StatusGone {
		t.Errorf("an address that was forgotten is answered %d", res.StatusCode)
	}
}

// Two servers of one host get each other's cookies from a browser: security point 2.
func TestTwoServersOnTwoPorts(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "rush.db")
	one := newSite(t, url, nil)
	two := serve(t, one.net, url, func(c *webui.Config) { c.Token = testToken + "-two" })
	in := func(s *site) *http.Cookie {
		return s.ask("GET", s.handler.LaunchPath(), func(q *http.Request) { q.Header.Del("Authorization") }).Cookies()[0]
	}
	a, b := in(one), in(two)
	if a.Name == b.Name {
		t.Errorf("both cookies are named %s: one takes the place of the other", a.Name)
	}
	for name, c := range map[string]struct {
		site    *site
		cookies []*http.Cookie
		status  int
	}{
		"both": {one, []*http.Cookie{a, b}, 200}, "both, elsewhere": {two, []*http.Cookie{a, b}, 200},
		"the other's": {one, []*http.Cookie{b}, 401}, "the other's value": {one, []*http.Cookie{{Name: a.Name, Value: b.Value}}, 401},
		"forged beside": {one, []*http.Cookie{{Name: a.Name, Value: "x"}, a}, 200}, "the token itself": {one, []*http.Cookie{{Name: a.Name, Value: testToken}}, 401},
	} {
		res := c.site.ask("GET", "/api/networks", func(q *http.Request) {
			q.Header.Del("Authorization")
			for _, cookie := range c.cookies {
				q.AddCookie(cookie)
			}
		})
		if res.StatusCode != c.status {
			t.Errorf("%s: status %d, expected %d", name, res.StatusCode, c.status)
		}
	}
}

// What other pages of this machine send: security points 3 and 4.
func TestOtherPagesOfThisMachine(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	s.push(1)
	for _, site := range []string{"same-site", "cross-site", "made-up"} {
		res := s.ask("POST", "/api/networks/{id}/actions/delete", func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", site) })
		if res.StatusCode != http.StatusForbidden {
			t.Errorf("Sec-Fetch-Site %s: status %d", site, res.StatusCode)
		}
	}
	for _, origin := range []string{"null", "http://localhost", "https://" + strings.TrimPrefix(s.server.URL, "http://") + "0", "http://evil.example"} {
		if res := s.ask("POST", "/api/networks/{id}/actions/pause", func(q *http.Request) { q.Header.Set("Origin", origin) }); res.StatusCode != http.StatusForbidden {
			t.Errorf("an action from %s: status %d", origin, res.StatusCode)
		}
		if res := s.ask("GET", "/api/networks/{id}/live", upgrade(origin)); res.StatusCode != http.StatusForbidden {
			t.Errorf("a websocket from %s: status %d", origin, res.StatusCode)
		}
	}
	// Without an Origin there is no browser, and then no cookie counts.
	cookie := s.ask("GET", s.handler.LaunchPath(), func(*http.Request) {}).Cookies()[0]
	res := s.ask("GET", "/api/networks/{id}/live", func(q *http.Request) {
		upgrade("")(q)
		q.Header.Del("Origin")
		q.Header.Del("Authorization")
		q.AddCookie(cookie)
	})
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("a websocket by cookie without an origin: status %d", res.StatusCode)
	}
	if got := s.log.String(); strings.Count(got, "level=WARN msg=\"action refused\"") != 7 {
		t.Errorf("refused actions are to be in the log:\n%s", got)
	}
}

// Names of networks that mean something to files, addresses, headers and terminals.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	for _, name := range []string{
		"..%2f..%2fetc%2fpasswd", "%2e%2e", "..", "a%2Fb", "a%00b", "a%0ab", "%1b%5b31m", "%E2%80%AEevil", "%F0%9F%9A%80", strings.Repeat("x", 10<<10),
		"%22%3Cscript%3E", "a b", "a%20b", "%ff",
	} {
		for _, rest := range []string{"", "/tasks", "/export?format=csv", "/tasks/1"} {
			status, body, header := s.do("GET", "/api/networks/"+strings.ReplaceAll(name, " ", "%20")+rest, "")
			if status != http.StatusBadRequest && status != http.StatusNotFound && !(name == ".." && rest != "/export?format=csv") {
				t.Errorf("%.40s%s: status %d %.200s", name, rest, status, body)
			}
			if len(body) > 1000 || header.Get("Content-Disposition") != "" || strings.ContainsAny(body, "\x00\x1b\n\u202e") {
				t.Errorf("%.40s%s: %d bytes, %v: %.200q", name, rest, len(body), header, body)
			}
		}
	}
	for _, path := range []string{"//evil.example", "//evil.example/..", "/./", "/api//networks", "/assets/../index.html", "/assets/..%2f..%2fgo.mod", "/assets/%2e%2e/icon.svg", "/%2e%2e/x"} {
		if status, _, header := s.do("GET", path, ""); status != http.StatusNotFound || header.Get("Location") != "" {
			t.Errorf("%s: status %d, Location %q", path, status, header.Get("Location"))
		}
	}
}

// The file that a download becomes has the network's name, whatever letters it is of.
func TestNameOfADownload(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "rush.db")
	s := newSite(t, url, nil)
	open(t, url, "שלום-поиск")
	_, _, header := s.do("GET", "/api/networks/%D7%A9%D7%9C%D7%95%D7%9D-%D0%BF%D0%BE%D0%B8%D1%81%D0%BA/export?format=csv", "")
	if got := header.Get("Content-Disposition"); got != "attachment; filename*=utf-8''%D7%A9%D7%9C%D7%95%D7%9D-%D0%BF%D0%BE%D0%B8%D1%81%D0%BA.csv" {
		t.Errorf("the name is %q", got)
	}
	if got := header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a download may be kept: %q", got)
	}
	if _, _, header := s.do("GET", s.path("/tasks"), ""); header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a snapshot may be kept by others: %q", header.Get("Cache-Control"))
	}
}

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
