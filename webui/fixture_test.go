package webui_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/seeds"
	"github.com/rushnet/rush/table"
	"github.com/rushnet/rush/webui"
	"github.com/rushnet/rush/webui/netview"
)

// The test binary plays the workers' program.
func TestMain(m *testing.M) {
	network.Serve(plugins.Program{Objectives: map[string]loops.Objective{
		"double": loops.ObjectiveFunc(double), "wait": loops.ObjectiveFunc(wait), "shout": loops.ObjectiveFunc(shout),
	}})
	code := redistest.Main(m)
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "something runs though all handlers were closed:", err)
		code = 1
	}
	os.Exit(code)
}

func double(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	x := e.XS["x"].(int64)
	if x < 0 {
		return nil, fmt.Errorf("x is %d; expected 0 or more", x)
	}
	return rush.Values{"y": 2 * float64(x)}, nil
}

// wait runs until it is stopped.
func wait(ctx context.Context, _ *loops.Evaluation) (rush.Values, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

// shout fails with a message of x bytes.
func shout(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return nil, fmt.Errorf("<img src=x onerror=alert(1)>%s", strings.Repeat("é", int(e.XS["x"].(int64))/2))
}

const testToken = "a-token-that-is-only-for-tests"

// A lines is a log that a test reads.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A site is a page over a network of its own.
type site struct {
	t       *testing.T
	net     *network.Rush
	handler *webui.Handler
	server  *httptest.Server
	log     *lines
}

func newNetwork(t *testing.T, url string) *network.Rush {
	t.Helper()
	seed := seeds.New(42)
	net, err := network.Open(t.Context(), network.Config{Store: url, Network: rush.NetworkID("test-" + uuid.NewString()), Seed: &seed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	return net
}

// newSite serves a network; change, if any, changes the configuration.
func newSite(t *testing.T, url string, change func(*webui.Config)) *site {
	t.Helper()
	return serve(t, newNetwork(t, url), url, change)
}

func serve(t *testing.T, net *network.Rush, url string, change func(*webui.Config)) *site {
	t.Helper()
	store, err := netview.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, net: net, log: new(lines)}
	cfg := webui.Config{Store: store, Token: testToken, Log: slog.New(slog.NewTextHandler(s.log, nil))}
	if change != nil {
		change(&cfg)
	}
	if s.handler, err = webui.NewHandler(cfg); err != nil {
		t.Fatal(err)
	}
	s.server = httptest.NewServer(s.handler)
	t.Cleanup(func() {
		_ = s.handler.Close()
		s.server.Close()
		_ = store.Close()
	})
	return s
}

// path is an address of the network in the API.
func (s *site) path(rest string) string { return "/api/networks/" + string(s.net.ID()) + rest }

// do asks with the token and returns the status and the body.
func (s *site) do(method, path, body string) (int, string, http.Header) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return res.StatusCode, string(b), res.Header
}

// get asks for JSON.
func (s *site) get(path string, into any) {
	s.t.Helper()
	status, body, _ := s.do(http.MethodGet, path, "")
	if status != http.StatusOK {
		s.t.Fatalf("GET %s: %d %s", path, status, body)
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		s.t.Fatalf("GET %s: %v in %s", path, err, body)
	}
}

// act does something, expecting the status, and returns the answer.
func (s *site) act(status int, verb, body string) map[string]any {
	s.t.Helper()
	got, text, _ := s.do(http.MethodPost, s.path("/actions/"+verb), body)
	if got != status {
		s.t.Fatalf("%s %s: %d, expected %d: %s", verb, body, got, status, text)
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		s.t.Fatal(err)
	}
	return v
}

// work starts workers for an objective.
func (s *site) work(n int, objective string) {
	s.t.Helper()
	if _, err := s.net.StartWorkers(s.t.Context(), network.Workers{N: n, Objective: objective}); err != nil {
		s.t.Fatal(err)
	}
}

// push queues tasks with x from 0 on.
func (s *site) push(n int) []rush.TaskKey {
	s.t.Helper()
	xss := make([]rush.Values, n)
	for i := range xss {
		xss[i] = rush.Values{"x": int64(i)}
	}
	keys, err := s.net.Push(s.t.Context(), xss...)
	if err != nil {
		s.t.Fatal(err)
	}
	return keys
}

// A viewer does what the page does: it takes a snapshot and keeps it up to date.
type viewer struct {
	site   *site
	conn   *websocket.Conn
	rows   map[int64]rush.Values
	epoch  uint64
	seq    uint64
	said   map[string]map[string]any // the last message of each type
	resync int
	frames int
}

// dial opens the websocket after a position.
func (s *site) dial(after string) *websocket.Conn {
	s.t.Helper()
	address := "ws" + strings.TrimPrefix(s.server.URL, "http") + s.path("/live") + "?after=" + after
	conn, res, err := websocket.DefaultDialer.DialContext(s.t.Context(), address, http.Header{"Authorization": {"Bearer " + testToken}})
	if err != nil {
		body := ""
		if res != nil {
			b, _ := io.ReadAll(res.Body)
			body = string(b)
		}
		s.t.Fatalf("open the websocket: %v %s", err, body)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func (s *site) view() *viewer {
	s.t.Helper()
	v := &viewer{site: s, said: map[string]map[string]any{}}
	at := v.snapshot()
	v.conn = s.dial(at)
	return v
}

// snapshot reads all rows and returns where they stand.
func (v *viewer) snapshot() string {
	t := v.site.t
	t.Helper()
	status, body, header := v.site.do(http.MethodGet, v.site.path("/tasks?fresh"), "")
	if status != http.StatusOK {
		t.Fatalf("snapshot: %d %s", status, body)
	}
	v.rows = map[int64]rush.Values{}
	v.apply([]byte(body))
	at := header.Get("Rush-Sequence")
	if _, err := fmt.Sscanf(at, "%d.%d", &v.epoch, &v.seq); err != nil {
		t.Fatalf("Rush-Sequence is %q: %v", at, err)
	}
	return at
}

func (v *viewer) apply(stream []byte) {
	t := v.site.t
	t.Helper()
	in, err := table.NewStreamReader(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var names []string
	for _, c := range in.Columns() {
		names = append(names, c.Name)
	}
	err = in.Each(names, func(row rush.Values) error {
		number := row["number"].(int64)
		if row["state"] == "deleted" {
			delete(v.rows, number)
			return nil
		}
		kept := make(rush.Values, len(row))
		for name, value := range row {
			if s, ok := value.(string); ok {
				value = strings.Clone(s)
			}
			kept[name] = value
		}
		v.rows[number] = kept
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// step takes one message.
func (v *viewer) step() {
	t := v.site.t
	t.Helper()
	_ = v.conn.SetReadDeadline(time.Now().Add(time.Minute)) // only a failure takes that long
	kind, b, err := v.conn.ReadMessage()
	if err != nil {
		t.Fatalf("read the websocket: %v", err)
	}
	if kind == websocket.TextMessage {
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		v.said[m["type"].(string)] = m
		if m["type"] == "resync" {
			v.resync++
			v.snapshot()
		}
		return
	}
	epoch, seq := binary.LittleEndian.Uint64(b[1:]), binary.LittleEndian.Uint64(b[9:])
	switch {
	case b[0] != 1:
		t.Fatalf("a frame of kind %d", b[0])
	case epoch < v.epoch || epoch == v.epoch && seq <= v.seq:
		return // part of the snapshot, or of what was before a reset
	case epoch != v.epoch || seq != v.seq+1:
		t.Fatalf("frame %d.%d after %d.%d", epoch, seq, v.epoch, v.seq)
	}
	v.seq = seq
	v.frames++
	v.apply(b[17:])
}

// until takes messages until ok.
func (v *viewer) until(ok func() bool) {
	v.site.t.Helper()
	limit := time.Now().Add(time.Minute) // only a failure takes that long
	for !ok() {
		if v.step(); time.Now().After(limit) {
			v.site.t.Fatalf("it did not come to that: %v, %v", v.states(), v.said)
		}
	}
}

// states counts the rows by state.
func (v *viewer) states() map[string]int {
	n := map[string]int{}
	for _, row := range v.rows {
		n[row["state"].(string)]++
	}
	return n
}

// open opens a network of a name.
func open(t *testing.T, url string, id rush.NetworkID) *network.Rush {
	t.Helper()
	net, err := network.Open(t.Context(), network.Config{Store: url, Network: id})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	return net
}
