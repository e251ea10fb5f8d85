package netview

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
	"github.com/rushnet/rush/webui"
)

// Options are for Open. Nil and the zero value are valid.
type Options struct {
	// Only are the networks to show; none are all of the store.
	Only []rush.NetworkID
	// IgnoreSchema shows networks that another version of rush wrote, too.
	IgnoreSchema bool
	// Goals are the outputs that an exported file has which does not say so itself,
	// and what is wanted of them.
	Goals loops.Codomain
	// Client is the worker that stands for the person who asks for points on the
	// page and evaluates them; "" is "page". The tasks that it holds are queued again,
	// or fail, when nobody asks or tells for an hour.
	Client rush.WorkerID
	// Version is that of the program, for people to see.
	Version string
}

// outputs are the columns of a file that are outputs.
func (o *Options) outputs() []string {
	var names []string
	for _, t := range o.Goals {
		names = append(names, t.Name)
	}
	return names
}

// A Store is the networks of one store, or some of them. It is safe for concurrent
// use.
type Store struct {
	store *network.Store
	url   string // with its password
	opts  Options

	mu      sync.Mutex
	renamed map[rush.NetworkID]bool // new names of networks that are shown; guarded by mu
}

var _ webui.Store = (*Store)(nil)

// Open connects to a store; url is as in network.Config, also the path of an exported
// file.
func Open(ctx context.Context, url string, opts *Options) (*Store, error) {
	s := &Store{renamed: map[rush.NetworkID]bool{}}
	if opts != nil {
		s.opts = *opts
	}
	var err error
	if s.url, err = network.ResolveStore(url); err != nil {
		return nil, err
	}
	s.store, err = network.OpenStoreWith(ctx, s.url, network.StoreOptions{IgnoreSchema: s.opts.IgnoreSchema, Outputs: s.opts.outputs()})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close closes the connection. Networks that were opened stay open.
func (s *Store) Close() error { return s.store.Close() }

// Address is where the store is, without a password.
func (s *Store) Address() string { return s.store.Address() }

// Networks lists the networks that are shown, by name.
func (s *Store) Networks(ctx context.Context) ([]webui.Info, error) {
	all, err := s.store.Networks(ctx)
	if err != nil {
		return nil, err
	}
	var shown []webui.Info
	for _, n := range all {
		if s.shows(n.ID) {
			shown = append(shown, webui.Info{
				ID: n.ID, Created: n.Created, Run: n.Run, Counts: n.Counts, Workers: n.Workers, Expires: n.Expires, Frozen: network.IsFile(s.url),
			})
		}
	}
	return shown, nil
}

func (s *Store) shows(id rush.NetworkID) bool {
	if len(s.opts.Only) == 0 || slices.Contains(s.opts.Only, id) {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.renamed[id]
}

// created is when a network was made, which stays the same when it is renamed; zero
// is unknown.
func (s *Store) created(ctx context.Context, id rush.NetworkID) (time.Time, error) {
	all, err := s.store.Networks(ctx)
	if err != nil {
		return time.Time{}, err
	}
	at := slices.IndexFunc(all, func(n network.Info) bool { return n.ID == id })
	if at < 0 {
		return time.Time{}, rush.ErrNoNetwork
	}
	return all[at].Created, nil
}

// find finds the network that was made then, or the one of that name when there is
// none. From then on it is shown. Networks of which it is not known when they were made
// are found by their name.
func (s *Store) find(ctx context.Context, id rush.NetworkID, created time.Time) (found webui.Identity, same bool, err error) {
	all, err := s.store.Networks(ctx)
	if err != nil {
		return found, false, err
	}
	at := -1
	for i, n := range all {
		if same = !created.IsZero() && n.Created.Equal(created); same {
			at = i
			break
		}
		if n.ID == id {
			at = i
		}
	}
	if at < 0 {
		return found, false, rush.ErrNoNetwork
	}
	found = webui.Identity{Name: all[at].ID, Created: all[at].Created}
	if found.Name != id {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.renamed[found.Name] = true
	}
	return found, same, nil
}

// Open opens a network that is shown. It fails with rush.ErrNoNetwork if there is
// none, and makes none.
func (s *Store) Open(ctx context.Context, id rush.NetworkID) (webui.Network, error) {
	if !s.shows(id) {
		return nil, rush.ErrNoNetwork
	}
	found, err := s.store.Exists(ctx, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, rush.ErrNoNetwork
	}
	for {
		before, err := s.created(ctx, id)
		if err != nil {
			return nil, err
		}
		v, err := s.open(ctx, id)
		if err != nil {
			return nil, err
		}
		after, err := s.created(ctx, id)
		if err == nil && after.Equal(before) {
			v.created.Store(&after)
			return v, nil
		}
		if err = errors.Join(err, v.Close()); err != nil {
			return nil, err
		}
	}
}

func (s *Store) open(ctx context.Context, id rush.NetworkID) (*view, error) {
	net, err := network.Open(ctx, network.Config{Store: s.url, Network: id, IgnoreSchema: s.opts.IgnoreSchema, Outputs: s.opts.outputs()})
	if err != nil {
		return nil, err
	}
	return &view{
		Rush: net, store: s, goals: s.opts.Goals, frozen: network.IsFile(s.url), remote: network.IsRemote(s.url),
		client: search.ClientConfig{ID: cmp.Or(s.opts.Client, "page"), Lasting: true, Version: s.opts.Version},
	}, nil
}
