package webui_test

import (
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rushnet/rush/webui"
)

func TestTokenFileIsForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "ui-token")
	token, err := webui.TokenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(token) < webui.MinTokenBytes {
		t.Errorf("the token is %q", token)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("the mode is %o, expected 600", mode)
	}
	if again, err := webui.TokenFile(path); again != token || err != nil {
		t.Errorf("read again the token is %q, %v; expected %q", again, err, token)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := webui.TokenFile(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a token that others can read was taken: %v", err)
	}
	short := filepath.Join(t.TempDir(), "short")
	if err := os.WriteFile(short, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := webui.TokenFile(short); err == nil {
		t.Error("a short token was taken")
	}
}

func TestTokensDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		token := webui.NewToken()
		if len(token) < 43 || seen[token] {
			t.Fatalf("the token %q is short, or was there before", token)
		}
		seen[token] = true
	}
}

func TestLaunchLetsOneBrowserIn(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	address := s.server.URL + s.handler.LaunchPath() + "&network=a%26b"
	res, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if got := res.Request.URL.RequestURI(); res.StatusCode != http.StatusOK || got != "/?network=a%26b" {
		t.Errorf("the browser is at %s with status %d", got, res.StatusCode)
	}
	res, err = browser.Get(s.server.URL + s.path(""))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("with the cookie: status %d", res.StatusCode)
	}

	other := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err = other.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusGone || len(res.Cookies()) > 0 {
		t.Errorf("the address was used twice: status %d, cookies %v", res.StatusCode, res.Cookies())
	}
}

func TestCookie(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	// ssh -L: the browser sees another port than the server.
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.server.URL+s.handler.LaunchPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "localhost:9000"
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if len(res.Cookies()) != 1 {
		t.Fatalf("the cookies are %v", res.Cookies())
	}
	c := res.Cookies()[0]
	if c.Name != "rush-ui-9000" || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || strings.Contains(c.Value, testToken) {
		t.Errorf("the cookie is %v", c)
	}
	for host, want := range map[string]int{"localhost:9000": http.StatusOK, "127.0.0.1:9000": http.StatusOK, "[::1]:9000": http.StatusOK, "localhost:9001": http.StatusUnauthorized} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.server.URL+"/api/networks", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		req.AddCookie(c)
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("the cookie of port 9000 at %s: status %d, expected %d", host, res.StatusCode, want)
		}
	}
}

// A server that is started again with the same token knows the browsers of before.
func TestCookieSurvivesARestart(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "rush.db")
	before := newSite(t, url, nil)
	cookies := before.ask("GET", before.handler.LaunchPath(), func(q *http.Request) { q.Host = "localhost:8080" }).Cookies()
	for token, status := range map[string]int{testToken: http.StatusOK, testToken + "2": http.StatusUnauthorized} {
		after := serve(t, before.net, url, func(c *webui.Config) { c.Token = token })
		res := after.ask("GET", "/api/networks", func(q *http.Request) {
			q.Host = "localhost:8080"
			q.Header.Del("Authorization")
			q.AddCookie(cookies[0])
		})
		if res.StatusCode != status {
			t.Errorf("with the token %s: status %d, expected %d", token, res.StatusCode, status)
		}
	}
}
