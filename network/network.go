package network

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/definition"
	"github.com/rushnet/rush/internal/detached"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/internal/store/frozenstore"
	"github.com/rushnet/rush/objects"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// Config says which network to open, and where. The zero value opens a new
// network in the default store.
type Config struct {
	// Store is a redis URL, the path of an embedded store, or that of an exported
	// file (results.parquet, .arrow, .csv, ...), which is a network to read: whatever
	// would change it fails with rush.ErrReadOnly. Default: that of the user's plan, else the first that is set of the environment's
	// RUSH_STORE and REDIS_URL, else
	// the embedded store in the user's data directory (see DefaultStore).
	Store string
	// Network is the id; default: a new one. OpenDefault opens the user's.
	Network rush.NetworkID
	// Seed is that of a network that has none yet; nil draws one. A network
	// keeps the seed that it was made with.
	Seed *seeds.Stream
	// Objects are the limits of a network that has no definition yet; nil are those
	// of the user's plan, zero none. See objects.Store.SetLimits.
	Objects *objects.Limits
	// Outputs names the columns of an exported file that are outputs, where it does
	// not say so itself: CSV, JSON lines, and files of other programs. Their other
	// columns are inputs.
	Outputs []string
	// IgnoreSchema manages a network that another version of rush wrote,
	// which is refused with rush.ErrSchema otherwise.
	IgnoreSchema bool
	// Log tells what happens to workers; default: discards.
	Log *slog.Logger
}

// A Rush is a manager of one network: it reads and changes it, and looks
// after the workers that it started. Its methods may be called from any
// goroutine. Any number of managers may manage a network at the same time.
type Rush struct {
	*rushworker.Archive
	*rushworker.Hashes

	id   rush.NetworkID
	url  string // of the store, with its password: for workers only
	st   store.Store
	net  store.Network
	seed seeds.Stream
	any  bool // of any schema
	log  *slog.Logger

	alive  context.Context // ends when the manager is closed
	cancel context.CancelCauseFunc
	agents crew
	out    outputs
	// background is what waits for tasks on somebody's behalf.
	background sync.WaitGroup

	mu      sync.Mutex // guards what follows
	local   map[rush.WorkerID]*agent
	started []*agent // all that ever were in local
	ending  bool     // no lost worker is started anew any more
}

// errClosed is the cause of what ends because the manager was closed.
var errClosed = errors.New("the manager was closed")

// Open opens a network, and makes it if the store has none of that id.
func Open(ctx context.Context, cfg Config) (*Rush, error) {
	if detached.Hosting() {
		return nil, fmt.Errorf("open network %s: %w", cfg.Network, errNotServed)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if err := cfg.Network.Validate(); cfg.Network != "" && err != nil {
		return nil, fmt.Errorf("open network: %w", err)
	}
	url, err := ResolveStore(cfg.Store)
	if err != nil {
		return nil, fmt.Errorf("open network %s: %w", cfg.Network, err)
	}
	st, err := dial.Open(ctx, url, &dial.Options{IgnoreSchema: cfg.IgnoreSchema, Frozen: &frozenstore.Options{Outputs: cfg.Outputs}})
	if err != nil {
		return nil, fmt.Errorf("open network %s: %w", cfg.Network, err)
	}
	if cfg.Network == "" {
		cfg.Network = newNetworkID(st)
	}
	if err := tidy(ctx, st); err != nil {
		cfg.Log.Warn("files of destroyed networks could not be removed", "store", st.Address(), "error", err)
	}
	r := &Rush{
		id: cfg.Network, url: url, st: st, net: st.Network(cfg.Network), any: cfg.IgnoreSchema, log: cfg.Log,
		local: map[rush.WorkerID]*agent{},
	}
	r.Archive, r.Hashes = rushworker.NewArchive(r.net, r.log), rushworker.NewHashes(r.net)
	r.alive, r.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	if err := r.limitObjects(ctx, cfg.Objects); err != nil {
		return nil, errors.Join(fmt.Errorf("open network %s: %w", cfg.Network, err), r.Close())
	}
	if r.seed, err = definition.Ensure(ctx, r.net, cfg.Seed); err != nil {
		return nil, errors.Join(fmt.Errorf("open network %s: %w", cfg.Network, err), r.Close())
	}
	return r, nil
}

// newNetworkID is the id of a network that was not named: a new one, and of an
// exported file its own.
func newNetworkID(st store.Store) rush.NetworkID {
	if file, ok := st.(*frozenstore.Store); ok {
		return file.ID()
	}
	return rush.NetworkID(uuid.NewString()[:8])
}

// ResolveStore fills in the default store, and makes a path absolute, so that
// workers in other directories find it.
func ResolveStore(url string) (string, error) {
	if url == "" {
		var err error
		if url, err = DefaultStore(); err != nil {
			return "", err
		}
	}
	if dial.IsURL(url) {
		return url, nil
	}
	return filepath.Abs(url)
}

// DefaultStore is the store that is used when none is named: the user's plan's,
// else the environment's RUSH_STORE, else its REDIS_URL, else the file rush/rush.db in
// the user's data directory ($XDG_DATA_HOME, or what the system has for it).
func DefaultStore() (string, error) {
	plan, _, err := ReadPlan()
	if err != nil || plan.Store != "" {
		return plan.Store, err
	}
	if url := environmentStore(); url != "" {
		return url, nil
	}
	dir, err := DataDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "rush.db"), nil
}

func environmentStore() string { return cmp.Or(os.Getenv("RUSH_STORE"), os.Getenv("REDIS_URL")) }

// ID returns the network's id.
func (r *Rush) ID() rush.NetworkID { return r.id }

// Seed returns the network's seed.
func (r *Rush) Seed() seeds.Stream { return r.seed }

// Address returns the store's URL without its password, or its path.
func (r *Rush) Address() string { return r.st.Address() }

// Close kills the workers that the manager still looks after, waits until
// they are gone, and closes the connection. The network stays.
func (r *Rush) Close() error {
	r.mu.Lock()
	r.ending = true
	r.mu.Unlock()
	r.cancel(errClosed)
	r.background.Wait()
	<-r.agents.empty()
	return errors.Join(r.closeOutput(r.alive), r.st.Close())
}

// String prints the network like R's rush: its running workers and how many
// tasks are in which state. It asks the store; an error becomes the text.
func (r *Rush) String() string {
	counts, err := r.Counts(r.alive)
	if err != nil {
		return fmt.Sprintf("<Rush %s> %v", r.id, err)
	}
	alive, err := r.aliveOf(r.alive, nil)
	if err != nil {
		return fmt.Sprintf("<Rush %s> %v", r.id, err)
	}
	s := fmt.Sprintf("<Rush %s>\n* Running Workers: %d\n", r.id, len(alive))
	if counts.Deferred > 0 {
		s += fmt.Sprintf("* Deferred Tasks: %d\n", counts.Deferred)
	}
	return s + fmt.Sprintf("* Queued Tasks: %d\n* Running Tasks: %d\n* Finished Tasks: %d\n* Failed Tasks: %d",
		counts.Queued, counts.Running, counts.Finished, counts.Failed)
}
