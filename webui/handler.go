package webui

import (
	"fmt"
	"net/http"
	"path"
	"strings"
	"sync"
)

// A Handler serves the page. Mount it at Config.BasePath, and Close it when
// the server has ended. It is safe for concurrent use.
type Handler struct {
	cfg   Config
	mux   *http.ServeMux
	cross *http.CrossOriginProtection
	codes launchCodes
	hubs  hubs

	closing sync.Once
}

// NewHandler returns a handler. It fails when the configuration says too little to
// be safe.
func NewHandler(cfg Config) (*Handler, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	h := &Handler{cfg: cfg, cross: http.NewCrossOriginProtection()}
	for _, origin := range cfg.Origins {
		if err := h.cross.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("webui: origin %q: %w", origin, err)
		}
	}
	h.hubs.init(&h.cfg)
	h.mux = h.router()
	return h, nil
}

// ServeHTTP serves a request.
//
//	ServeHTTP      the name, the headers, the base path
//	  mux            the route
//	    guarded        method, origin, token, read-only
//	      serve          what the route is about
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	paced := newPacedWriter(w, h.cfg.WriteTimeout)
	w = paced
	secure(w.Header())
	if r.Method != http.MethodPost && r.ContentLength != 0 {
		paced.ignoreBody()
	}
	if !h.hostAllowed(r.Host) {
		h.fail(w, r, misdirected(r.Host))
		return
	}
	if h.cfg.BasePath != "" {
		if r.URL.Path == h.cfg.BasePath {
			http.Redirect(w, r, h.cfg.BasePath+"/", http.StatusSeeOther)
			return
		}
		if !strings.HasPrefix(r.URL.Path, h.cfg.BasePath+"/") {
			h.fail(w, r, notFound("there is nothing at %s; the page is at %s/ (the handler strips its base path itself)", quoted(r.URL.Path), h.cfg.BasePath))
			return
		}
		http.StripPrefix(h.cfg.BasePath, http.HandlerFunc(h.serve)).ServeHTTP(w, r)
		return
	}
	h.serve(w, r)
}

// serve serves a request whose path is that below the base path.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) {
	if unclean(r.URL.Path) { // the mux would send the browser elsewhere, and knows no base path
		h.fail(w, r, notFound("there is nothing at %s", quoted(r.URL.Path)))
		return
	}
	h.mux.ServeHTTP(w, r)
}

// unclean reports whether a path has empty elements, or . or ..
func unclean(p string) bool {
	return p != "/" && path.Clean(p) != strings.TrimSuffix(p, "/") || !strings.HasPrefix(p, "/")
}

// Close ends what follows networks, and the connections of those who watch. It
// waits until nothing of that runs any more.
func (h *Handler) Close() error {
	h.closing.Do(h.hubs.close)
	return nil
}
