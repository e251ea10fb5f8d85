package webui

import (
	"net/http"
	"strings"
)

// A route is an address of the page and what serves it. All routes pass the same
// checks; see guard. What a route says about itself makes them stricter.
type route struct {
	method  string
	pattern string // below the base path, as http.ServeMux has it
	serve   func(http.ResponseWriter, *http.Request) error
	// open is asked for without a token: only what gives the cookie.
	open bool
	// socket upgrades to a websocket, for which the Origin counts.
	socket bool
	// acts says that it changes something: a read-only handler refuses it.
	acts bool
}

// routes lists every route there is. A test tries each of them without a token,
// under a foreign name, from a foreign page, and by other methods.
func (h *Handler) routes() []route {
	const network = "/api/networks/{id}"
	return []route{
		{method: "GET", pattern: "/{$}", serve: h.page},
		{method: "GET", pattern: "/{file}", serve: h.top},
		{method: "GET", pattern: "/assets/{file...}", serve: h.asset},
		{method: "GET", pattern: "/launch", serve: h.launch, open: true},
		{method: "GET", pattern: "/api/networks", serve: h.networks},
		{method: "GET", pattern: network, serve: h.definition},
		{method: "GET", pattern: network + "/tasks", serve: h.snapshot},
		{method: "GET", pattern: network + "/tasks/{number}", serve: h.task},
		{method: "GET", pattern: network + "/live", serve: h.live, socket: true},
		{method: "GET", pattern: network + "/workers", serve: h.workers},
		{method: "GET", pattern: network + "/queues", serve: h.queues},
		{method: "GET", pattern: network + "/environment", serve: h.environment},
		{method: "GET", pattern: network + "/timeline", serve: h.timeline},
		{method: "GET", pattern: network + "/logs", serve: h.logs},
		{method: "GET", pattern: network + "/failures", serve: h.failures},
		{method: "GET", pattern: network + "/reports", serve: h.reports},
		{method: "GET", pattern: network + "/importance", serve: h.importance},
		{method: "GET", pattern: network + "/export", serve: h.export},
		{method: "POST", pattern: network + "/actions/count", serve: h.count},
		{method: "POST", pattern: network + "/actions/{verb}", serve: h.act, acts: true},
	}
}

// router makes a mux of the routes, each behind the guard.
func (h *Handler) router() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range h.routes() {
		mux.Handle(r.method+" "+r.pattern, h.guarded(r))
	}
	mux.Handle("/", h.guarded(route{serve: func(_ http.ResponseWriter, r *http.Request) error {
		return h.unknown(r)
	}}))
	return mux
}

// unknown is the answer to what no route serves: a wrong method, or nothing at
// all.
func (h *Handler) unknown(r *http.Request) error {
	asked := r.Method
	defer func() { r.Method = asked }()
	var allowed []string
	for _, method := range []string{"GET", "POST"} {
		r.Method = method
		if _, pattern := h.mux.Handler(r); pattern != "/" && pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		return &httpError{status: http.StatusMethodNotAllowed, allow: strings.Join(allowed, ", "),
			message: "expected the method " + strings.Join(allowed, " or ") + ", found " + asked}
	}
	return notFound("there is nothing at %s", quoted(r.URL.Path))
}
