package redisstore

import (
	"context"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

var (
	_ store.Store   = (*Store)(nil)
	_ store.Network = (*network)(nil)
)

// A Store is the networks of one Redis server or Cluster. Open returns one.
type Store struct {
	client  redis.UniversalClient
	blocked *blockers // the connections of those that wait
	scripts map[string]*script
	address string   // without the password
	secrets []string // that no error may show

	readers readers
}

// Open returns the store behind a URL and makes sure that it answers.
//
//	redis://user:password@host:6379/0     one server; rediss:// with TLS
//	unix:///run/redis.sock?db=0           the same, through a socket
//	redis+cluster://host:6379?addr=host2:6379      a Cluster (also ?cluster=true)
//	redis+sentinel://host:26379?master_name=mymaster&addr=host2:26379
//
// Other options are those of go-redis, as in ?read_timeout=10s. Close the
// store when it is not needed any more.
func Open(ctx context.Context, url string) (*Store, error) { return OpenWith(ctx, url, Options{}) }

// Options are for OpenWith. The zero value is what Open does.
type Options struct {
	// IgnoreSchema works on networks that another version of rush wrote.
	IgnoreSchema bool
}

// OpenWith is Open with options.
func OpenWith(ctx context.Context, url string, opts Options) (*Store, error) {
	t, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	logging.Disable() // what goes wrong is in the errors
	s := &Store{
		client:  t.connect(),
		blocked: newBlockers(t),
		scripts: loadScripts(opts.IgnoreSchema),
		address: t.address,
		secrets: t.secrets,
		readers: readers{store: newNonce()},
	}
	if err := s.Ping(ctx); err != nil {
		s.Close()
		return nil, err
	}
	_ = s.purge(ctx) // who lists the networks learns what is wrong
	return s, nil
}

// Network returns a handle on a network. The first verb costs it one round
// trip more, to look the name up.
func (s *Store) Network(id rush.NetworkID) store.Network { return &network{store: s, name: id} }

// Ping makes one round trip.
func (s *Store) Ping(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return s.explain(ctx, err)
	}
	return s.explain(ctx, s.client.Ping(ctx).Err())
}

// Address returns the URL without the password.
func (s *Store) Address() string { return s.address }

// Close closes all connections. Verbs that wait return an error.
func (s *Store) Close() error {
	s.blocked.close()
	return s.client.Close()
}

// newNonce names a call, so that its repeat is recognized.
func newNonce() string { return uuid.NewString() }
