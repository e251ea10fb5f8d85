package redistest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A Proxy stands between clients and a server and can lose replies: the
// server has done what it was asked for, but the client never learns it.
type Proxy struct {
	server   string
	listener net.Listener

	mu     sync.Mutex
	skip   int // replies to let through before one is lost, under mu; < 0: lose none
	every  int // how many to let through after that one before the next, under mu; < 0: no other is lost
	lost   int // replies that were lost, under mu
	conns  map[net.Conn]struct{}
	served sync.WaitGroup
}

// NewProxy starts a proxy for the server at host:port, until the end of the
// test. It loses nothing until it is told to.
func NewProxy(t testing.TB, server string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{server: server, listener: l, skip: -1, every: -1, conns: map[net.Conn]struct{}{}}
	p.served.Add(1)
	go p.serve()
	t.Cleanup(p.close)
	return p
}

// URL returns the URL that clients are to use.
func (p *Proxy) URL() string { return "redis://" + p.listener.Addr().String() }

// Lose has the reply after the next ones get lost, with its connection.
func (p *Proxy) Lose(after int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.skip, p.every, p.lost = after, -1, 0
}

// LoseEvery has one reply in n get lost, with its connection.
func (p *Proxy) LoseEvery(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.skip, p.every, p.lost = n-1, n-1, 0
}

// Losses returns how many replies got lost since Lose or LoseEvery was called,
// and has no more get lost.
func (p *Proxy) Losses() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.skip = -1
	return p.lost
}

func (p *Proxy) serve() {
	defer p.served.Done()
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = struct{}{}, struct{}{}
		p.mu.Unlock()
		p.served.Add(2)
		go func() {
			defer p.served.Done()
			io.Copy(server, client)
			server.Close()
		}()
		go func() {
			defer p.served.Done()
			p.replies(client, server)
		}()
	}
}

// replies copies what the server says. What is read at once is taken for one
// reply, which is right for small ones.
func (p *Proxy) replies(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	b := make([]byte, 1<<16)
	for {
		n, err := server.Read(b)
		if err != nil || p.loses() {
			return
		}
		if _, err := client.Write(b[:n]); err != nil {
			return
		}
	}
}

func (p *Proxy) loses() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.skip < 0:
		return false
	case p.skip > 0:
		p.skip--
		return false
	}
	p.skip = p.every
	p.lost++
	return true
}

func (p *Proxy) close() {
	p.listener.Close()
	p.mu.Lock()
	for c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.served.Wait()
}
