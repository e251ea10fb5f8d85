package webui

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/rushnet/rush"
)

// A RouteForTest is what a test knows of a route.
type RouteForTest struct {
	Method, Pattern    string
	Open, Socket, Acts bool
}

// RoutesForTest lists the routes that the router was made of.
func (h *Handler) RoutesForTest() []RouteForTest {
	var list []RouteForTest
	for _, r := range h.routes() {
		list = append(list, RouteForTest{r.method, r.pattern, r.open, r.socket, r.acts})
	}
	return list
}

// HubsForTest counts the hubs that run.
func (h *Handler) HubsForTest() int {
	h.hubs.mu.Lock()
	defer h.hubs.mu.Unlock()
	return len(h.hubs.hubs)
}

// VerbsForTest lists the verbs of actions.
func VerbsForTest() []string { return slices.Sorted(maps.Keys(verbs())) }

// PingForTest sets the time between two pings of websockets that are opened from now
// on.
func (h *Handler) PingForTest(every time.Duration) { h.cfg.ping = every }

// HTTPServerForTest is what serves.
func (s *Server) HTTPServerForTest(h *Handler) *http.Server {
	s.handler = h
	return s.httpServer()
}

// ReadReportsForTest reads one answer about what was reported, of about so many
// reports; a log of more than long entries is probed.
func ReadReportsForTest(ctx context.Context, net Network, from rush.Cursor, most int, long int64) (body []byte, next rush.Cursor, more bool, err error) {
	got, err := readReports(ctx, net, from, from == rush.Cursor{}, reportLimits{most, long})
	if err != nil {
		return nil, from, false, err
	}
	return got.body, got.next, got.more, nil
}
