package webui_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/webui"
	"github.com/rushnet/rush/webui/netview"
)

func TestHostNames(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), func(c *webui.Config) {
		c.Hosts = []string{"lab.example.org", "other.example.org:8443"}
	})
	for host, allowed := range map[string]bool{
		"localhost": true, "LOCALHOST:1": true, "localhost.": true, "127.0.0.1:80": true, "127.3.2.1": true, "[::1]:5": true,
		"lab.example.org": true, "lab.example.org:1": true, "other.example.org:8443": true,
		"other.example.org": false, "other.example.org:1": false, "example.org": false, "localhost.example.org": false,
		"127.0.0.1.nip.io": false, "0.0.0.0": false, "10.0.0.1": false, "[::]": false, "2130706433": false,
	} {
		res := s.ask("GET", "/api/networks", func(q *http.Request) { q.Host = host })
		if got := res.StatusCode == http.StatusOK; got != allowed {
			t.Errorf("the host %q: status %d", host, res.StatusCode)
		}
	}
}

func TestOriginsOfWebsockets(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), func(c *webui.Config) { c.Origins = []string{"https://lab.example.org"} })
	for origin, status := range map[string]int{
		s.server.URL: http.StatusSwitchingProtocols, "https://lab.example.org": http.StatusSwitchingProtocols,
		"http://lab.example.org": http.StatusForbidden, "https://lab.example.org.evil.example": http.StatusForbidden,
	} {
		res := s.ask("GET", "/api/networks/{id}/live", upgrade(origin))
		if res.StatusCode != status {
			t.Errorf("origin %s: status %d, expected %d", origin, res.StatusCode, status)
		}
	}
}

func TestHandlerNeedsATokenOrToBeOpen(t *testing.T) {
	t.Parallel()
	store, err := netview.Open(t.Context(), filepath.Join(t.TempDir(), "rush.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for name, cfg := range map[string]webui.Config{
		"nothing": {}, "no token": {Store: store}, "short": {Store: store, Token: "secret"},
		"both": {Store: store, Token: testToken, Open: true}, "path": {Store: store, Open: true, BasePath: "rush"},
		"origin": {Store: store, Open: true, Origins: []string{"example.org"}},
	} {
		if h, err := webui.NewHandler(cfg); err == nil {
			t.Errorf("%s: the configuration was taken", name)
			_ = h.Close()
		}
	}
}

func TestOtherMachinesNeedTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store, err := netview.Open(t.Context(), filepath.Join(dir, "rush.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	h, err := webui.NewHandler(webui.Config{Store: store, Token: testToken})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	open, err := webui.NewHandler(webui.Config{Store: store, Open: true})
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	cert, key := certificate(t, dir)
	for _, address := range []string{"0.0.0.0", "::", "192.0.2.1", "example.org"} {
		if err := (&webui.Server{Address: address}).Listen(h); err == nil || !strings.Contains(err.Error(), "TLS") {
			t.Errorf("%s without TLS: %v", address, err)
		}
		if err := (&webui.Server{Address: address, CertFile: cert, KeyFile: key}).Listen(open); err == nil || !strings.Contains(err.Error(), "token") {
			t.Errorf("%s without a token: %v", address, err)
		}
	}
	server := &webui.Server{Address: "0.0.0.0", CertFile: cert, KeyFile: key}
	if err := server.Listen(h); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { done <- server.Serve(ctx) }()
	u, err := url.Parse(server.LaunchURL())
	if err != nil || u.Scheme != "https" || u.Hostname() != "localhost" {
		t.Errorf("the address is %s, %v", u, err)
	}
	client := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Get("https://127.0.0.1:" + u.Port() + u.RequestURI())
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if cookies := res.Cookies(); len(cookies) != 1 || !cookies[0].Secure {
		t.Errorf("the cookies are %v", cookies)
	}
	client.CloseIdleConnections()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// certificate makes a certificate that signs itself.
func certificate(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestActionsAreLogged(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	s.push(3)
	s.act(http.StatusOK, "delete", `{"filter": {"where": "x > 0"}}`)
	s.act(http.StatusConflict, "delete", `{"filter": {}, "expect": 17}`)
	s.act(http.StatusBadRequest, "destroy", `{"confirm": "something else"}`)
	log := s.log.String()
	for _, want := range []string{"action=delete", "done=2", `x > 0`, "level=WARN", "action=destroy", string(s.net.ID())} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %s:\n%s", want, log)
		}
	}
	if strings.Contains(log, testToken) {
		t.Error("the token is in the log")
	}
}

func TestReadOnlyPageCounts(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), func(c *webui.Config) { c.ReadOnly = true })
	s.push(3)
	if got := s.act(http.StatusOK, "count", `{"filter": {"where": "x > 0"}}`); got["count"] != 2.0 {
		t.Errorf("the count is %v", got)
	}
	s.act(http.StatusForbidden, "delete", `{"filter": {}}`)
	var def struct {
		ReadOnly bool `json:"read_only"`
	}
	if s.get(s.path(""), &def); !def.ReadOnly {
		t.Error("the page is not told that it is read-only")
	}
}

func TestRequestsAreLimited(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), func(c *webui.Config) { c.MaxClients = 1 })
	status, body, _ := s.do("POST", s.path("/actions/push"), `{"format": "csv", "text": "`+strings.Repeat("x", 65<<20)+`"}`)
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("65 MB: status %d %.200s", status, body)
	}
	conn := s.dial("")
	if res := s.ask("GET", "/api/networks/{id}/live", upgrade(s.server.URL)); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a client too many: status %d", res.StatusCode)
	}
	_ = conn.WriteMessage(1, []byte(strings.Repeat("x", 1<<20))) // the server may end it before all is written
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			break // a message of 1 MB ends the connection
		}
	}
}

// TestPasswordsStayHere looks for the store's password wherever the page could see it.
func TestPasswordsStayHere(t *testing.T) {
	t.Parallel()
	const password = "hunter2-is-secret"
	url := redistest.Start(t, redistest.Options{Password: password}).URL()
	s := newSite(t, url, nil)
	s.push(1)
	for _, path := range []string{"/api/networks", s.path(""), s.path("/tasks"), s.path("/workers"), s.path("/logs"), s.path("/tasks/0"), s.path("/export?format=jsonl")} {
		if status, body, header := s.do("GET", path, ""); strings.Contains(body, password) || status != http.StatusOK {
			t.Errorf("%s: status %d, %.300s %v", path, status, body, header)
		}
	}
	if strings.Contains(s.log.String(), password) {
		t.Error("the password is in the log")
	}
	_, err := netview.Open(t.Context(), strings.Replace(url, password, "wrong-"+password, 1), nil)
	if err == nil || strings.Contains(err.Error(), password) {
		t.Errorf("the error is %v", err)
	}
}

func TestCSVIsExactUnlessItIsToBeSafe(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	formula := `=HYPERLINK("http://example.org")`
	if _, err := s.net.PushTasks(t.Context(), []rush.Task{{XS: rush.Values{"text": formula, "n": int64(-1)}}}); err != nil {
		t.Fatal(err)
	}
	quoted := `"` + strings.ReplaceAll(formula, `"`, `""`) + `"`
	if _, body, _ := s.do("GET", s.path("/export?format=csv"), ""); !strings.Contains(body, ",-1,"+quoted) {
		t.Errorf("the exact file is\n%s", body)
	}
	if _, body, _ := s.do("GET", s.path("/export?format=csv&safe=1"), ""); !strings.Contains(body, `,-1,"'`+quoted[1:]) {
		t.Errorf("the safe file is\n%s", body)
	}
}

// A network that is not shown is not there.
func TestOnlyTheNamedNetworks(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "rush.db")
	shown, hidden := newNetwork(t, url), newNetwork(t, url)
	store, err := netview.Open(t.Context(), url, &netview.Options{Only: []rush.NetworkID{shown.ID()}})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if list, err := store.Networks(t.Context()); err != nil || len(list) != 1 || list[0].ID != shown.ID() {
		t.Errorf("the list is %v, %v", list, err)
	}
	if _, err := store.Open(t.Context(), hidden.ID()); err == nil {
		t.Error("the other network was opened")
	}
	if _, err := store.Open(t.Context(), "nothing"); err == nil {
		t.Error("a network that does not exist was opened")
	}
	all, err := network.OpenStore(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	if found, err := all.Exists(t.Context(), "nothing"); found || err != nil {
		t.Errorf("a network was made: %v, %v", found, err)
	}
}
