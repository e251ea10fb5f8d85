package webui_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/rushnet/rush/webui"
)

// behind returns the address of a proxy before the page, which is asked for as
// localhost.
func behind(t *testing.T, s *site, rewrite func(*httputil.ProxyRequest)) string {
	t.Helper()
	to, err := url.Parse(s.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
		if rewrite != nil {
			rewrite(r)
		}
	}})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// A page below a path works behind a proxy that hands the path on, websocket
// and all.
func TestBehindAProxy(t *testing.T) {
	t.Parallel()
	s := newSite(t, t.TempDir()+"/rush.db", func(c *webui.Config) { c.Token, c.Open, c.BasePath = "", true, "/lab/rush" })
	s.push(3)
	proxy := behind(t, s, nil)
	for path, want := range map[string]int{"/lab/rush/": 200, "/lab/rush/api/networks": 200, "/api/networks": 404, "/": 404} {
		if status, body := get(t, proxy+path); status != want {
			t.Errorf("%s: got %d, %.200s, want %d", path, status, body, want)
		}
	}
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(proxy, "http")+"/lab/rush/api/networks/"+string(s.net.ID())+"/live", http.Header{"Origin": {proxy}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, hello, err := conn.ReadMessage(); err != nil || !strings.Contains(string(hello), `"hello"`) {
		t.Errorf("the websocket said %.200s, %v; want hello", hello, err)
	}
}

// Behind one that takes the path away, the answer says what is wrong.
func TestBehindAProxyThatStripsThePath(t *testing.T) {
	t.Parallel()
	s := newSite(t, t.TempDir()+"/rush.db", func(c *webui.Config) { c.Token, c.Open, c.BasePath = "", true, "/lab/rush" })
	proxy := behind(t, s, func(r *httputil.ProxyRequest) { r.Out.URL.Path = strings.TrimPrefix(r.Out.URL.Path, "/lab/rush") })
	for _, path := range []string{"/lab/rush/", "/lab/rush/api/networks"} {
		if status, body := get(t, proxy+path); status != http.StatusNotFound || !strings.Contains(body, "/lab/rush") {
			t.Errorf("%s: got %d, %.200s, want 404 and where the page is", path, status, body)
		}
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}
