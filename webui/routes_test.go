package webui_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush/webui"
)

// ask sends a request to a route as somebody whom change makes what it is.
func (s *site) ask(method, pattern string, change func(*http.Request)) *http.Response {
	s.t.Helper()
	path := strings.NewReplacer("{id}", string(s.net.ID()), "{number}", "0", "{verb}", "pause", "{file...}", "x.js", "{file}", "x.svg", "{$}", "").Replace(pattern)
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, strings.NewReader("{}"))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Connection", "close")
	change(req)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	s.t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// TestEveryRoute tries every route of the router as those who may not: one that is
// added without a check fails here.
func TestEveryRoute(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	readOnly := serve(t, s.net, filepath.Join(filepath.Dir(s.net.Address()), "rush.db"), func(c *webui.Config) { c.ReadOnly = true })
	expect := func(t *testing.T, what string, res *http.Response, status int) {
		t.Helper()
		if res.StatusCode != status {
			t.Errorf("%s: status %d, expected %d", what, res.StatusCode, status)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "",
		} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, expected %q", what, name, got, want)
			}
		}
		policy := res.Header.Get("Content-Security-Policy")
		if want := "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"; policy != want {
			t.Errorf("%s: the policy is %q", what, policy)
		}
	}
	routes := s.handler.RoutesForTest()
	if len(routes) < 10 {
		t.Fatalf("the router has %d routes", len(routes))
	}
	for _, r := range routes {
		t.Run(r.Method+" "+strings.ReplaceAll(r.Pattern, "/", "|"), func(t *testing.T) {
			if r.Method != http.MethodGet && r.Method != http.MethodPost {
				t.Errorf("the method %s is neither GET nor POST", r.Method)
			}
			if r.Acts && r.Method == http.MethodGet {
				t.Error("a GET changes something")
			}
			if r.Open != (r.Pattern == "/launch") {
				t.Error("only the launch address may be open without a token")
			}
			unknown := http.StatusUnauthorized
			if r.Open {
				unknown = http.StatusGone
			}
			expect(t, "without a token", s.ask(r.Method, r.Pattern, func(q *http.Request) { q.Header.Del("Authorization") }), unknown)
			expect(t, "with a wrong token", s.ask(r.Method, r.Pattern, func(q *http.Request) { q.Header.Set("Authorization", "Bearer "+testToken+"x") }), unknown)
			expect(t, "under another name", s.ask(r.Method, r.Pattern, func(q *http.Request) { q.Host = "rebound.example.org" }), http.StatusMisdirectedRequest)
			for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} {
				res := s.ask(method, r.Pattern, func(q *http.Request) { q.Header.Del("Authorization") })
				expect(t, method+" without a token", res, http.StatusUnauthorized)
				expect(t, method, s.ask(method, r.Pattern, func(*http.Request) {}), http.StatusMethodNotAllowed)
			}
			if r.Method == http.MethodPost {
				expect(t, "from another page", s.ask(r.Method, r.Pattern, func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site") }), http.StatusForbidden)
				expect(t, "from another port", s.ask(r.Method, r.Pattern, func(q *http.Request) { q.Header.Set("Origin", "http://localhost:1") }), http.StatusForbidden)
				expect(t, "as a form", s.ask(r.Method, r.Pattern, func(q *http.Request) { q.Header.Set("Content-Type", "text/plain") }), http.StatusUnsupportedMediaType)
			}
			if r.Socket {
				expect(t, "from another page", s.ask(r.Method, r.Pattern, upgrade("https://example.org")), http.StatusForbidden)
				expect(t, "from another port", s.ask(r.Method, r.Pattern, upgrade("http://localhost:1")), http.StatusForbidden)
				expect(t, "from a file", s.ask(r.Method, r.Pattern, upgrade("null")), http.StatusForbidden)
			}
			if r.Acts {
				expect(t, "read-only", readOnly.ask(r.Method, r.Pattern, func(*http.Request) {}), http.StatusForbidden)
			}
		})
	}
}

// upgrade makes a request one for a websocket, from a page of that origin.
func upgrade(origin string) func(*http.Request) {
	return func(q *http.Request) {
		q.Header.Set("Connection", "Upgrade")
		q.Header.Set("Upgrade", "websocket")
		q.Header.Set("Sec-WebSocket-Version", "13")
		q.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
		q.Header.Set("Origin", origin)
		q.Body, q.ContentLength = nil, 0
	}
}
