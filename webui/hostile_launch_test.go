package webui_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rushnet/rush/webui"
)

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
