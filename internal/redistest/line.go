package redistest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A Line is a network connection to a server that can be cut, for who goes
// through it only. Its methods may be called from several goroutines.
type Line struct {
	server   string
	listener net.Listener
	served   sync.WaitGroup

	mu    sync.Mutex // guards what follows
	cut   bool
	conns map[net.Conn]struct{}
}

// NewLine returns a line to the server at host:port that ends with the test.
func NewLine(t testing.TB, server string) *Line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &Line{server: server, listener: listener, conns: map[net.Conn]struct{}{}}
	l.served.Go(l.serve)
	t.Cleanup(func() {
		listener.Close()
		l.Cut()
		l.served.Wait()
	})
	return l
}

// URL returns the URL of a Redis server through the line.
func (l *Line) URL() string { return "redis://" + l.listener.Addr().String() }

// Cut ends all connections, and every new one at once.
func (l *Line) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
	for c := range l.conns {
		c.Close()
	}
}

// Mend lets new connections through.
func (l *Line) Mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = false
}

func (l *Line) serve() {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", l.server)
		if err != nil || !l.keep(client, server) {
			client.Close()
			continue
		}
		l.served.Go(func() { l.carry(client, server) })
		l.served.Go(func() { l.carry(server, client) })
	}
}

// keep remembers a connection; if the line is cut it ends it.
func (l *Line) keep(client, server net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		server.Close()
		return false
	}
	l.conns[client], l.conns[server] = struct{}{}, struct{}{}
	return true
}

func (l *Line) carry(from, to net.Conn) {
	_, _ = io.Copy(to, from) // who is cut off learns it from the connection
	from.Close()
	to.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, from)
	delete(l.conns, to)
}
