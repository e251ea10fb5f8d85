package webui

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
)

// policy is what the page may load and who may frame it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// secure sets the headers that every answer has.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// guarded is a route behind its checks. That the name of the host is allowed was
// checked before the route was looked for.
func (h *Handler) guarded(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer h.recover(w, r)
		if err := h.admit(rt, r); err != nil {
			if rt.acts && h.authenticated(r) {
				h.audit(r, r.PathValue("verb"), new(order), nil, err)
			}
			if paced, ok := w.(*pacedWriter); ok && r.ContentLength != 0 {
				paced.ignoreBody()
			}
			h.fail(w, r, err)
			return
		}
		if err := rt.serve(w, r); err != nil {
			h.fail(w, r, err)
		}
	})
}

// recover answers a request that made something break, and tells the log; the others
// go on.
func (h *Handler) recover(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p) // the connection is to break
	}
	err := &broken{p, debug.Stack()}
	h.cfg.Log.Error("a request was not served", "method", r.Method, "path", quoted(r.URL.Path), "error", err, "stack", string(err.stack))
	if paced, ok := w.(*pacedWriter); ok && paced.began {
		panic(http.ErrAbortHandler)
	}
	h.fail(w, r, &httpError{status: http.StatusInternalServerError, message: err.Error()})
}

// admit says why a request is refused.
func (h *Handler) admit(rt route, r *http.Request) error {
	if !rt.open && !h.authenticated(r) {
		return &httpError{status: http.StatusUnauthorized,
			message: "this page is for whoever started it: open the address that \"rush ui\" printed, or start it anew"}
	}
	if err := h.cross.Check(r); err != nil {
		return &httpError{status: http.StatusForbidden, message: "the request comes from another page (" + err.Error() + "); use the page itself"}
	}
	if rt.socket && !h.originAllowed(r) {
		return &httpError{status: http.StatusForbidden,
			message: "the websocket was asked for by the origin " + quoted(r.Header.Get("Origin")) + "; expected that of the page, or one that --origin names"}
	}
	if rt.acts && h.cfg.ReadOnly {
		return &httpError{status: http.StatusForbidden, message: "this page is read-only; start \"rush ui\" without --read-only to change something"}
	}
	if r.Method == http.MethodPost && mediaType(r) != "application/json" {
		return &httpError{status: http.StatusUnsupportedMediaType, message: "expected a body of type application/json, found " + quoted(r.Header.Get("Content-Type"))}
	}
	return nil
}

// hostAllowed reports whether the page may be asked for under a name: without
// that, any name that somebody lets point here could read it (DNS rebinding).
func (h *Handler) hostAllowed(host string) bool {
	name, port, ok := parseHost(host)
	if !ok {
		return false
	}
	if isLoopback(name) {
		return true
	}
	return slices.ContainsFunc(h.cfg.Hosts, func(allowed string) bool {
		n, p := splitHost(allowed)
		return n != "" && n == name && (p == "" || p == port)
	})
}

// splitHost splits NAME:PORT. The name is in lower case and without brackets.
func splitHost(host string) (name, port string) {
	name, port, _ = parseHost(host)
	return name, port
}

// parseHost is splitHost, and reports whether the port, if there is one, is a number.
func parseHost(host string) (name, port string, ok bool) {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, ""
		if inner, bracketed := strings.CutPrefix(host, "["); bracketed {
			name = strings.TrimSuffix(inner, "]")
		} else if _, err := netip.ParseAddr(host); err != nil && strings.Contains(host, ":") {
			return "", "", false
		}
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil && port != "" {
		return "", "", false
	}
	return strings.ToLower(strings.TrimSuffix(name, ".")), port, true
}

// isLoopback reports whether a name always means this machine.
func isLoopback(name string) bool {
	if name == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.IsLoopback()
}

// originAllowed reports whether the page that asks may open the websocket: the
// one from this very host and port, or one that the configuration names. Cookies
// do not tell ports apart, so this has to.
func (h *Handler) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return bearer(r) != "" // no browser: it sent the token itself
	}
	if slices.Contains(h.cfg.Origins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, r.Host)
}

func mediaType(r *http.Request) string {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(kind))
}
