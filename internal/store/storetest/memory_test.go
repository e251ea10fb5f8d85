package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A memory is a store in memory, made of models. It is there to try the suite
// itself, whole and broken.
type memory struct {
	flaw flaw

	mu      sync.Mutex // guards what follows, and all models
	names   map[rush.NetworkID]*model
	changed chan struct{}   // closed at every change
	folders map[string]bool // of the objects of destroyed networks
}

func newMemory(f flaw) *memory {
	return &memory{flaw: f, names: map[rush.NetworkID]*model{}, changed: make(chan struct{}), folders: map[string]bool{}}
}

var _ store.Store = (*memory)(nil)

func (s *memory) Network(id rush.NetworkID) store.Network { return &memoryNetwork{store: s, id: id} }

func (s *memory) RepairNetworks(context.Context) ([]string, error) { return nil, nil }

func (s *memory) Networks(ctx context.Context) (infos []store.NetworkInfo, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.purgeLocked()
	for _, id := range slices.Sorted(maps.Keys(s.names)) {
		m := s.names[id]
		info := store.NetworkInfo{ID: id, Created: m.created, Run: m.current(), Counts: m.counts(), Expires: m.expires}
		for _, w := range m.workers {
			if w.State.Alive() {
				info.Workers++
			}
		}
		infos = append(infos, info)
	}
	return infos, ctx.Err()
}

func (s *memory) Rename(_ context.Context, from, to rush.NetworkID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.purgeLocked()
	switch {
	case s.names[from] == nil:
		return fmt.Errorf("network %s: %w", from, rush.ErrNoNetwork)
	case s.names[to] != nil:
		return fmt.Errorf("rename network %s to %s: %w", from, to, rush.ErrExists)
	}
	s.names[to] = s.names[from]
	s.names[to].id = to
	delete(s.names, from)
	return nil
}

func (s *memory) Destroy(_ context.Context, id rush.NetworkID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.destroyLocked(id)
	return nil
}

func (s *memory) destroyLocked(id rush.NetworkID) {
	m := s.names[id]
	if m == nil {
		return
	}
	if l := m.objects.limits; l != nil && l.Path() != "" && !s.flaw.is("folders are forgotten") {
		s.folders[l.Path()] = true
	}
	m.exists = false
	delete(s.names, id)
}

func (s *memory) ObjectFolders(context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.purgeLocked()
	return slices.Sorted(maps.Keys(s.folders)), nil
}

func (s *memory) ForgetObjectFolders(_ context.Context, paths []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range paths {
		delete(s.folders, path)
	}
	return nil
}

func (s *memory) Expire(_ context.Context, id rush.NetworkID, after time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.purgeLocked()
	m := s.names[id]
	if m == nil {
		return fmt.Errorf("network %s: %w", id, rush.ErrNoNetwork)
	}
	m.expires = time.Time{}
	if after > 0 {
		m.expires = time.Now().Add(after)
	}
	return nil
}

// purgeLocked destroys the networks whose time is over.
func (s *memory) purgeLocked() {
	for id, m := range s.names {
		if !m.expires.IsZero() && !time.Now().Before(m.expires) {
			s.destroyLocked(id)
		}
	}
}

func (s *memory) Ping(context.Context) error { return nil }

func (s *memory) Info(context.Context) ([][2]string, error) {
	return [][2]string{{"product", "memory"}, {"version", "1"}}, nil
}

func (s *memory) Address() string { return "memory:" }

func (s *memory) Close() error { return nil }

// A memoryNetwork is a handle. Once it has found its network it goes on with
// it, whatever the network is called then.
type memoryNetwork struct {
	store *memory
	id    rush.NetworkID
	found *model // guarded by store.mu
}

func (n *memoryNetwork) ID() rush.NetworkID { return n.id }

// locked returns the network's model, which the caller gives back with done.
func (n *memoryNetwork) locked() *model {
	n.store.mu.Lock()
	n.store.purgeLocked()
	if n.found == nil || !n.found.exists {
		n.found = n.store.names[n.id]
	}
	if n.found == nil {
		return newModel(n.id, time.Now)
	}
	return n.found
}

// done ends what locked began. A network that was created is listed, and a
// change wakes all who wait.
func (n *memoryNetwork) done(m *model, change bool) {
	if m.exists && n.found == nil {
		n.found = m
		n.store.names[n.id] = m
	}
	if change {
		n.wake()
	}
	n.store.mu.Unlock()
}

// wake wakes all who wait. The store is locked.
func (n *memoryNetwork) wake() {
	if !n.store.flaw.is("nobody is woken") {
		close(n.store.changed)
		n.store.changed = make(chan struct{})
	}
}

// read calls a verb that changes nothing, as one atomic step.
func read[T any](ctx context.Context, n *memoryNetwork, call func(m *model) (T, error)) (answer T, err error) {
	if err := ctx.Err(); err != nil {
		return answer, err
	}
	m := n.locked()
	defer n.done(m, false)
	return call(m)
}

// write calls a verb that may change something.
func write[T any](ctx context.Context, n *memoryNetwork, call func(m *model) (T, error)) (answer T, err error) {
	if err := ctx.Err(); err != nil {
		return answer, err
	}
	m := n.locked()
	defer n.done(m, true)
	return call(m)
}

// await calls a verb until it says that it got something, or wait is over.
func await[T any](ctx context.Context, n *memoryNetwork, wait time.Duration, call func(m *model) (T, bool, error)) (T, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		m := n.locked()
		answer, got, err := call(m)
		changed := n.store.changed
		n.done(m, got)
		if got || err != nil || wait == 0 {
			return answer, err
		}
		select {
		case <-changed:
		case <-timer.C:
			return answer, nil
		case <-ctx.Done():
			return answer, ctx.Err()
		}
	}
}
