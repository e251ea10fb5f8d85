package network

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/internal/store/frozenstore"
	"github.com/rushnet/rush/objects"
)

// A Store is a connection to a store, for what concerns more than one
// network. Its methods may be called from any goroutine.
type Store struct {
	st store.Store
}

// Info is a line of a store's list of networks.
type Info struct {
	ID      rush.NetworkID
	Created time.Time // by the store's clock; zero is unknown, as in an exported file
	Run     rush.Run
	Counts  rush.Counts
	Workers int       // alive
	Expires time.Time // when it will be destroyed; zero is never
}

// OpenStore connects to a store; url is as in Config.Store.
func OpenStore(ctx context.Context, url string) (*Store, error) {
	return OpenStoreWith(ctx, url, StoreOptions{})
}

// StoreOptions are for OpenStoreWith.
type StoreOptions struct {
	IgnoreSchema bool     // as in Config
	Outputs      []string // as in Config
}

// OpenStoreWith is OpenStore with options.
func OpenStoreWith(ctx context.Context, url string, opts StoreOptions) (*Store, error) {
	url, err := ResolveStore(url)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	st, err := dial.Open(ctx, url, &dial.Options{IgnoreSchema: opts.IgnoreSchema, Frozen: &frozenstore.Options{Outputs: opts.Outputs}})
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	_ = tidy(ctx, st)
	return &Store{st}, nil
}

// tidy removes the files of destroyed networks. What cannot be removed is no
// reason not to work with the others; Repair names it.
func tidy(ctx context.Context, st store.Store) error {
	_, err := objects.RemoveFolders(ctx, st)
	return err
}

// Networks lists the store's networks by name. Those whose time is over are
// deleted first, with the files of their objects.
func (s *Store) Networks(ctx context.Context) ([]Info, error) {
	infos, err := s.st.Networks(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the networks of %s: %w", s.Address(), err)
	}
	_ = tidy(ctx, s.st)
	out := make([]Info, len(infos))
	for i, n := range infos {
		out[i] = Info{ID: n.ID, Created: n.Created, Run: n.Run, Counts: n.Counts, Workers: n.Workers, Expires: n.Expires}
	}
	return out, nil
}

// Exists reports whether the store has a network of that id.
func (s *Store) Exists(ctx context.Context, id rush.NetworkID) (bool, error) {
	_, err := s.st.Network(id).Definition(ctx)
	if errors.Is(err, rush.ErrNoNetwork) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for network %s: %w", id, err)
	}
	return true, nil
}

// AwaitDefinition returns the definition of a network, waiting up to wait for
// one of a larger version than after, also for the network to be made.
func (s *Store) AwaitDefinition(ctx context.Context, id rush.NetworkID, after int64, wait time.Duration) (Definition, error) {
	def, err := s.st.Network(id).AwaitDefinition(ctx, after, wait)
	if err != nil {
		return Definition{}, fmt.Errorf("wait for the definition of network %s: %w", id, err)
	}
	return Definition(def), nil
}

// Rename gives a network another name; who has it open goes on with it.
func (s *Store) Rename(ctx context.Context, from, to rush.NetworkID) error {
	if err := to.Validate(); err != nil {
		return err
	}
	if err := s.st.Rename(ctx, from, to); err != nil {
		return fmt.Errorf("rename network %s to %s: %w", from, to, err)
	}
	return nil
}

// SetAside renames a network to the first free one of ID.1, ID.2, ... and
// returns that name; "" if there is no network to rename.
func (s *Store) SetAside(ctx context.Context, id rush.NetworkID) (rush.NetworkID, error) {
	for i := 1; ; i++ {
		to := rush.NetworkID(fmt.Sprintf("%s.%d", id, i))
		err := s.Rename(ctx, id, to)
		switch {
		case err == nil:
			return to, nil
		case errors.Is(err, rush.ErrNoNetwork):
			return "", nil
		case !errors.Is(err, rush.ErrExists):
			return "", err
		}
	}
}

// Destroy deletes a network and all that belongs to it, the files of its
// objects too. An error that says that files could not be removed comes when
// the network is gone; whoever comes by next tries again.
func (s *Store) Destroy(ctx context.Context, id rush.NetworkID) error {
	err := s.st.Destroy(ctx, id)
	if err == nil {
		err = tidy(ctx, s.st)
	}
	if err != nil {
		return fmt.Errorf("destroy network %s: %w", id, err)
	}
	return nil
}

// Describe says what the store is: names and values, in a fixed order.
func (s *Store) Describe(ctx context.Context) ([][2]string, error) { return s.st.Info(ctx) }

// Address returns the store's URL without its password, or its path.
func (s *Store) Address() string { return s.st.Address() }

// Close closes the connection.
func (s *Store) Close() error { return s.st.Close() }
