package webui

import (
	"net/http"
	"net/url"
	"sync"
)

// maxCodes is how many launch codes wait at most; the oldest are forgotten.
const maxCodes = 32

// launchCodes are the codes that each let one browser in.
type launchCodes struct {
	mu    sync.Mutex // guards what follows
	codes []string
}

func (l *launchCodes) add() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	code := NewToken()
	l.codes = append(l.codes, code)
	if len(l.codes) > maxCodes {
		l.codes = l.codes[1:]
	}
	return code
}

// take uses a code up.
func (l *launchCodes) take(code string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := -1
	for i, c := range l.codes {
		if same(c, code) {
			found = i
		}
	}
	if found < 0 {
		return false
	}
	l.codes = append(l.codes[:found:found], l.codes[found+1:]...)
	return true
}

// LaunchPath returns an address, relative to the root of the server, that lets
// whoever opens it first use the page, and nobody after that. With Config.Open it
// is the page's own.
func (h *Handler) LaunchPath() string {
	if h.cfg.Open {
		return h.cfg.BasePath + "/"
	}
	return h.cfg.BasePath + "/launch?code=" + url.QueryEscape(h.codes.add())
}

// launch changes a code for the cookie, and goes to the page without the code.
func (h *Handler) launch(w http.ResponseWriter, r *http.Request) error {
	// A browser that was let in before uses a code up, too: nobody else can then.
	if taken := h.codes.take(r.URL.Query().Get("code")); !taken && !h.authenticated(r) {
		return &httpError{status: http.StatusGone,
			message: "this launch address was used before, or belongs to another start of \"rush ui\": start it anew, or press Enter where it runs"}
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: h.cookieValue(), Path: h.cfg.BasePath + "/",
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
	target := h.cfg.BasePath + "/"
	if network := r.URL.Query().Get("network"); network != "" {
		target += "?network=" + url.QueryEscape(network)
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}
