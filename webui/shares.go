package webui

import (
	"context"
	"net/http"
	"sync"
)

// shares keeps the last importance of each output, as it takes seconds to
// compute.
type shares struct {
	turn chan struct{} // holds a token while one is computed
	once sync.Once

	mu    sync.Mutex // guards what follows
	known map[string]share
}

type share struct {
	at position
	*Importance
}

// of returns the importance for an output, and which frame it is of.
func (s *shares) of(ctx context.Context, b *hub, target string) (*Importance, position, error) {
	s.once.Do(func() { s.turn, s.known = make(chan struct{}, 1), map[string]share{} })
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, position{}, ctx.Err()
	}
	defer func() { <-s.turn }()
	now := b.position()
	s.mu.Lock()
	k, ok := s.known[target]
	s.mu.Unlock()
	if ok && k.at == now {
		return k.Importance, now, nil
	}
	i, err := b.net.Importance(ctx, target)
	if err != nil {
		return nil, now, &httpError{status: http.StatusUnprocessableEntity, message: err.Error()}
	}
	s.mu.Lock()
	s.known[target] = share{now, i}
	s.mu.Unlock()
	return i, now, nil
}
