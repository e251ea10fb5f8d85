package redisstore_test

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A proxy stands between a client and a server and can lose replies: the
// server has done what it was asked for, but the client never learns it.
type proxy struct {
	server   string
	listener net.Listener

	mu     sync.Mutex
	skip   int // replies to let through before one is lost, under mu; < 0: lose none
	lost   int // replies that were lost, under mu
	conns  map[net.Conn]struct{}
	served sync.WaitGroup
}

func newProxy(t *testing.T, server string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{server: server, listener: l, skip: -1, conns: map[net.Conn]struct{}{}}
	p.served.Add(1)
	go p.serve()
	t.Cleanup(p.close)
	return p
}

func (p *proxy) url() string { return "redis://" + p.listener.Addr().String() }

// lose has the reply after the next ones get lost, with its connection.
func (p *proxy) lose(after int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.skip, p.lost = after, 0
}

// losses returns how many replies got lost since lose was called.
func (p *proxy) losses() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.skip = -1
	return p.lost
}

func (p *proxy) serve() {
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
func (p *proxy) replies(client, server net.Conn) {
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

func (p *proxy) loses() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.skip < 0:
		return false
	case p.skip > 0:
		p.skip--
		return false
	}
	p.skip = -1
	p.lost++
	return true
}

func (p *proxy) close() {
	p.listener.Close()
	p.mu.Lock()
	for c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.served.Wait()
}
