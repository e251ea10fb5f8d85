package webui

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Server listens for a Handler on one address.
type Server struct {
	// Address is where to listen, without a port; "" is 127.0.0.1. Any address
	// that other machines can reach needs a token and TLS.
	Address string
	// Port is the port; 0 is any that is free.
	Port int
	// CertFile and KeyFile are those of TLS, both or none.
	CertFile, KeyFile string

	handler  *Handler
	listener net.Listener
	cert     *tls.Certificate
}

// Listen begins to listen for the handler, and refuses what would let others read
// along.
func (s *Server) Listen(h *Handler) error {
	address := strings.TrimSuffix(strings.TrimPrefix(cmp.Or(s.Address, "127.0.0.1"), "["), "]")
	if host, port, err := net.SplitHostPort(address); err == nil {
		return fmt.Errorf("the address is %s; expected one without a port, %s, and the port by itself, %s", quoted(s.Address), quoted(host), quoted(port))
	}
	if s.Port < 0 || s.Port > 65535 {
		return fmt.Errorf("the port is %d; expected 0, which is any that is free, or up to 65535", s.Port)
	}
	if (s.CertFile == "") != (s.KeyFile == "") {
		return errors.New("TLS needs a certificate and its key: expected both or none")
	}
	if s.CertFile != "" {
		cert, err := tls.LoadX509KeyPair(s.CertFile, s.KeyFile)
		if err != nil {
			return fmt.Errorf("read the certificate: %w", err)
		}
		s.cert = &cert
	}
	if !isLoopback(address) {
		switch {
		case h.cfg.Open:
			return fmt.Errorf("other machines can reach %s: expected a token", address)
		case s.cert == nil:
			return fmt.Errorf("other machines can reach %s: expected a certificate and a key for TLS; "+
				"without them listen on 127.0.0.1, and reach it from elsewhere with: ssh -L 8080:127.0.0.1:PORT", address)
		}
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(address, strconv.Itoa(s.Port)))
	if err != nil {
		return fmt.Errorf("listen for the page: %w (port 0 takes any that is free)", err)
	}
	s.handler, s.listener = h, listener
	return nil
}

// listening is the address that is listened on.
func (s *Server) listening() *net.TCPAddr { return s.listener.Addr().(*net.TCPAddr) }

// URL is the address of the page without its path, as in http://127.0.0.1:4242.
// Listen has to come before.
func (s *Server) URL() string {
	scheme := "http"
	if s.cert != nil {
		scheme = "https"
	}
	addr := s.listening()
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "localhost"
		if len(s.handler.cfg.Hosts) > 0 {
			host, _ = splitHost(s.handler.cfg.Hosts[0])
		}
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(addr.Port))
}

// LaunchURL is an address that lets one browser in; see Handler.LaunchPath.
func (s *Server) LaunchURL() string { return s.URL() + s.handler.LaunchPath() }

// httpServer has the limits of what somebody may send, and of how long that may take;
// answers have theirs from the handler.
func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(s.handler.cfg.Log.Handler(), slog.LevelDebug),
	}
}

// Serve serves until ctx ends, and then until nobody is served any more. It closes
// the handler.
func (s *Server) Serve(ctx context.Context) error {
	server := s.httpServer()
	listener := s.listener
	if s.cert != nil {
		listener = tls.NewListener(listener, &tls.Config{
			Certificates: []tls.Certificate{*s.cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, // websockets
		})
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = s.handler.Close() // ends the websockets, which Shutdown does not
		if server.Shutdown(soon) != nil {
			_ = server.Close() // downloads that go on
		}
		<-served
	}
	return errors.Join(err, s.handler.Close())
}
