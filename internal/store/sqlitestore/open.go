package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/rushnet/rush/internal/store"
)

// Options are for Open. Nil and the zero value are the defaults.
type Options struct {
	// FullSync has every transaction wait for the disk: what a verb reported
	// survives a loss of power too. By default a loss of power can cost the
	// last moments (never the file, and a killed process costs nothing).
	FullSync bool
	// IgnoreSchema works on files and networks that another version of rush
	// wrote.
	IgnoreSchema bool
}

// A Store is a handle on a database file. It is safe for concurrent use.
type Store struct {
	path    string
	opts    Options
	opened  os.FileInfo // the file; set before Open returns
	clock   clock
	writer  *writer
	hub     *hub // for tasks
	signals *hub // for workers
	entries *hub // for the log
	readers *readers
	names   *names
	queries sync.Map // statements that were put together, by rush.Fields
	closing chan struct{}
	close   sync.Once
}

var _ store.Store = (*Store)(nil)

// pageSize is half of SQLite's default: a short transaction writes whole
// pages, and few of its changes share one.
const pageSize = 2048

// Open opens a database file, creating it and its directory if need be. It
// fails on a file of another program, with rush.ErrSchema on one of another
// version of rush, and on a network file system.
func Open(ctx context.Context, path string, opts *Options) (*Store, error) {
	resolved, err := resolve(path)
	if err != nil {
		return nil, fmt.Errorf("open the embedded store: %w", err)
	}
	s := &Store{path: resolved, closing: make(chan struct{}), names: newNames(), clock: clock{wall: wallOf(ctx)}}
	if opts != nil {
		s.opts = *opts
	}
	if err := s.open(ctx); err != nil {
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	return s, nil
}

// resolve returns the absolute path of the file without symbolic links, so
// that all who open it lock the same lock file, and creates its directory.
func resolve(path string) (string, error) {
	if strings.Contains(path, "://") {
		return "", errors.New("it is a URL; expected the path of a file")
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return filepath.Abs(real)
	}
	dir, name := filepath.Split(path)
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("create its directory: %w", err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", err
	}
	return filepath.Join(dir, name), nil
}

func (s *Store) open(ctx context.Context) error {
	if err := checkLocal(filepath.Dir(s.path), networkKind); err != nil {
		return err
	}
	if err := s.openHubs(); err != nil {
		return err
	}
	var err error
	s.readers = newReaders(s, max(2, runtime.GOMAXPROCS(0)))
	if s.writer, err = openWriter(s); err != nil {
		s.closeHubs()
		return err
	}
	if err := s.writer.setUp(ctx); err != nil {
		s.Close()
		return err
	}
	if s.opened, err = os.Stat(s.path); err != nil {
		s.Close()
		return err
	}
	if err := s.purge(ctx); err != nil {
		s.Close()
		return err
	}
	return nil
}

func (s *Store) openHubs() error {
	for _, h := range []struct {
		hub    **hub
		suffix string
		topics topic
	}{
		{&s.hub, "-wake", topicLog | topicWork},
		{&s.signals, "-signal", topicSignals | topicDocuments | topicResponses | topicAlive},
		{&s.entries, "-log", topicEntries},
	} {
		var err error
		if *h.hub, err = openHub(s.path+h.suffix, h.topics); err != nil {
			s.closeHubs()
			return err
		}
	}
	return nil
}

func (s *Store) closeHubs() {
	for _, h := range []*hub{s.hub, s.signals, s.entries} {
		if h != nil {
			h.close()
		}
	}
}

// pragmas are set on each connection.
func (s *Store) pragmas() string {
	synchronous := "NORMAL"
	if s.opts.FullSync {
		synchronous = "FULL"
	}
	return fmt.Sprintf(`PRAGMA busy_timeout = 10000; PRAGMA page_size = %d; PRAGMA synchronous = %s;
		PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = %d;
		PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF`,
		pageSize, synchronous, 2*checkpointLimit*pageSize)
}

// Address returns the path of the file.
func (s *Store) Address() string { return s.path }

// closePatience bounds how long Close waits for a process that holds the
// write lock and does not let go of it.
const closePatience = 5 * time.Second

// Close waits for the calls that are being carried out, has those that wait
// return ErrClosed, and frees everything.
func (s *Store) Close() error {
	var err error
	s.close.Do(func() {
		close(s.closing)
		s.readers.close()
		err = s.writer.close(closePatience)
		s.closeHubs()
	})
	return err
}
