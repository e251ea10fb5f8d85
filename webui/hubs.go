package webui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/rushnet/rush"
)

// hubs has the hub of each network that somebody looks at.
type hubs struct {
	cfg *Config
	ctx context.Context // ends with the handler
	end context.CancelFunc

	mu      sync.Mutex // guards what follows
	closed  bool
	hubs    map[rush.NetworkID]*hub
	clients int // of all hubs
	running sync.WaitGroup
}

var errClosing = &httpError{status: http.StatusServiceUnavailable, message: "the page's server is ending"}

func (s *hubs) init(cfg *Config) {
	s.cfg = cfg
	s.hubs = map[rush.NetworkID]*hub{}
	s.ctx, s.end = context.WithCancel(context.Background())
}

// hub returns the hub of a network, which follows it until release was called as
// often, and a while after that. It waits until the hub knows where it begins.
func (s *hubs) hub(ctx context.Context, id rush.NetworkID) (*hub, error) {
	if err := id.Validate(); err != nil {
		return nil, badRequest("%v", err)
	}
	b, err := s.acquire(id)
	if err != nil {
		return nil, err
	}
	select {
	case <-b.ready:
	case <-ctx.Done():
		s.release(b)
		return nil, context.Cause(ctx)
	}
	if b.failed != nil {
		s.release(b)
		return nil, b.failed
	}
	return b, nil
}

func (s *hubs) acquire(id rush.NetworkID) (*hub, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosing
	}
	b := s.hubs[id]
	if b == nil {
		b = newHub(s.cfg, id, s.forget)
		s.hubs[id] = b
		s.running.Go(func() { s.run(b) })
	}
	b.users++
	if b.linger != nil {
		b.linger.Stop()
		b.linger = nil
	}
	return b, nil
}

// run follows a network until its hub is stopped.
func (s *hubs) run(b *hub) {
	ctx, stop := context.WithCancel(s.ctx)
	b.setStop(stop)
	defer stop()
	net, err := s.open(ctx, b)
	if errors.Is(err, rush.ErrNoNetwork) {
		err = fmt.Errorf("%w in %s; the list of networks has those that there are", err, s.cfg.Store.Address())
	}
	if err != nil {
		b.failed = fmt.Errorf("follow network %s: %w", b.id, err)
		s.forget(b)
		close(b.ready)
		return
	}
	close(b.ready)
	b.guarded(func() { b.follow(ctx) })
	s.forget(b)
	stop()
	b.shut()
	_ = net.Close() // it was only read
}

// open opens the network of a hub and notes where it stands.
func (s *hubs) open(ctx context.Context, b *hub) (net Network, err error) {
	err = safely(func() error {
		net, err = s.cfg.Store.Open(ctx, b.id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := safely(func() error { return b.begin(ctx, net) }); err != nil {
		return nil, errors.Join(err, net.Close())
	}
	return net, nil
}

// forget has the next one who asks for the network get a new hub.
func (s *hubs) forget(b *hub) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hubs[b.id] == b {
		delete(s.hubs, b.id)
	}
}

// release takes a hub back. When nobody has it for a while it ends.
func (s *hubs) release(b *hub) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.users--; b.users > 0 {
		return
	}
	b.linger = time.AfterFunc(s.cfg.Linger, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if b.users == 0 {
			if s.hubs[b.id] == b {
				delete(s.hubs, b.id)
			}
			b.stopNow()
		}
	})
}

// admit counts a client, unless there are too many. Each is waited for by close,
// until leave.
func (s *hubs) admit() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosing
	}
	if s.clients >= s.cfg.MaxClients {
		return &httpError{status: http.StatusServiceUnavailable,
			message: fmt.Sprintf("%d pages watch already, which is the limit; close one, or raise --max-clients", s.clients)}
	}
	s.clients++
	s.running.Add(1)
	return nil
}

func (s *hubs) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients--
	s.running.Done()
}

// close stops all hubs, and waits for them and their clients.
func (s *hubs) close() {
	s.mu.Lock()
	s.closed = true
	for _, b := range s.hubs {
		if b.linger != nil {
			b.linger.Stop()
		}
	}
	s.mu.Unlock()
	s.end()
	s.running.Wait()
}
