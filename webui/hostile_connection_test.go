package webui_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush/webui"
)

// raw sends bytes as they stand and returns the status of the answer.
func (s *site) raw(text string) int {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute)) // only a failure takes that long
	if _, err := io.WriteString(conn, text); err != nil {
		s.t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		s.t.Fatalf("%.100q: %v", text, err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// Names that look like loopback ones, in what a client writes itself: security point 3.
func TestHostNamesAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	bearer := "Authorization: Bearer " + testToken + "\r\n"
	for host, status := range map[string]int{
		"localhost": 200, "LocalHost.:99": 200, "[::ffff:127.0.0.1]:1": 200, "127.0.0.1:": 200,
		"localhost:80@evil.example": 421, "localhost:": 200, "localhost:http": 421, "localhost:99999": 421, "localhost:-1": 421,
		"evil.example:127.0.0.1": 421, "localhost..": 421, ".localhost": 421, "127.1": 421, "0177.0.0.1": 421, "0x7f.1": 421, "[::1": 200,
		"127.0.0.1.": 200, "::1": 200, "[::]:1": 421, "evil.example, localhost": 400, "localhost\tevil.example": 400, "localhost/evil": 400, "user@localhost": 421,
	} {
		got := s.raw("GET /api/networks HTTP/1.1\r\nHost: " + host + "\r\n" + bearer + "\r\n")
		if got != status && !(status >= 400 && got >= 400 && got != 401) {
			t.Errorf("the host %q: status %d, expected %d", host, got, status)
		}
	}
	for name, head := range map[string]string{
		"X-Forwarded-Host": "Host: evil.example\r\nX-Forwarded-Host: localhost\r\n", "Forwarded": "Host: evil.example\r\nForwarded: host=localhost\r\n",
		"two hosts": "Host: localhost\r\nHost: evil.example\r\n", "no host": "", "empty": "Host:\r\n",
	} {
		if got := s.raw("GET /api/networks HTTP/1.1\r\n" + head + bearer + "\r\n"); got != 421 && got != 400 {
			t.Errorf("%s: status %d", name, got)
		}
	}
	if got := s.raw("GET /api/networks HTTP/1.0\r\n" + bearer + "\r\n"); got != 421 {
		t.Errorf("a request without a host: status %d", got)
	}
}

// A header that never ends, and one that is too large: security point 7.
func TestHeadersAreLimited(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	server := (&webui.Server{}).HTTPServerForTest(s.handler)
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.IdleTimeout <= 0 || server.MaxHeaderBytes > 64<<10 {
		t.Errorf("the server waits %v for headers, %v for bodies, %v between requests, and takes %d bytes of headers", server.ReadHeaderTimeout, server.ReadTimeout, server.IdleTimeout, server.MaxHeaderBytes)
	}
	server.ReadHeaderTimeout = 50 * time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	slow, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	_, _ = io.WriteString(slow, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
	_ = slow.SetReadDeadline(time.Now().Add(time.Minute))
	if b, err := io.ReadAll(slow); err != nil || len(b) > 0 && !strings.Contains(string(b), "408") {
		t.Errorf("a header that does not end is answered %q, %v", b, err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+listener.Addr().String()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Large", strings.Repeat("x", 1<<20))
	if res, err := http.DefaultTransport.RoundTrip(req); err == nil {
		if _ = res.Body.Close(); res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("headers of 1 MB: status %d", res.StatusCode)
		}
	}
}

// Old TLS is refused: security point 1.
func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	cert, key := certificate(t, t.TempDir())
	server := &webui.Server{CertFile: cert, KeyFile: key}
	if err := server.Listen(s.handler); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx) }()
	address := strings.TrimPrefix(server.URL(), "https://")
	for version, fine := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: version})
		if (err == nil) != fine {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
