// Package frozenstore reads an exported file as a store: one network, which stays
// as it is. What an Export with an About wrote is the network that it was
// written from, but for what a file does not hold: its workers, its log, messages,
// objects, documents and hashes. Every verb that would change something fails with
// rush.ErrReadOnly.
//
//	s, err := frozenstore.Open("results.parquet", nil)
package frozenstore

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/table"
)

// Options are for Open. Nil and the zero value are the defaults.
type Options struct {
	// Outputs names the columns that are outputs, where the file does not say it.
	Outputs []string
}

// A Store is an exported file. It is safe for concurrent use.
type Store struct {
	path string
	file *table.Frozen
	id   rush.NetworkID
	read func() (*archive, error) // once
}

var _ store.Store = (*Store)(nil)

// Is reports whether a path is that of an exported file, by its name.
func Is(path string) bool {
	_, err := table.FormatOf(path)
	return err == nil
}

// Open opens a file; its rows are read when they are asked for.
func Open(path string, opts *Options) (*Store, error) {
	if opts == nil {
		opts = &Options{}
	}
	file, err := table.OpenFrozen(path, &table.FrozenOptions{Outputs: opts.Outputs})
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, file: file, id: nameOf(path)}
	if file.About != nil && file.About.Network.Validate() == nil {
		s.id = file.About.Network
	}
	s.read = sync.OnceValues(func() (*archive, error) {
		tasks, err := file.Read()
		if err != nil {
			return nil, err
		}
		return newArchive(tasks, file.About), nil
	})
	return s, nil
}

// nameOf makes the id of a network of a file's name.
func nameOf(path string) rush.NetworkID {
	base := filepath.Base(path)
	base = strings.TrimSuffix(base, filepath.Ext(base))
	id := rush.NetworkID(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-~", r) {
			return r
		}
		return '_'
	}, base))
	if id.Validate() != nil {
		return "file"
	}
	return id
}

// ID is the network that the file is of.
func (s *Store) ID() rush.NetworkID { return s.id }

// File is the file.
func (s *Store) File() *table.Frozen { return s.file }

// Network returns a handle on a network: only that of ID is there.
func (s *Store) Network(id rush.NetworkID) store.Network { return &network{s, id} }

// Networks lists the one network.
func (s *Store) Networks(context.Context) ([]store.NetworkInfo, error) {
	a, err := s.read()
	if err != nil {
		return nil, err
	}
	return []store.NetworkInfo{{ID: s.id, Run: runOf(s.file.About), Counts: a.counts}}, nil
}

// Ping tests that the file is there.
func (s *Store) Ping(context.Context) error {
	_, err := os.Stat(s.path)
	return err
}

// Info describes the file.
func (s *Store) Info(context.Context) ([][2]string, error) {
	a, err := s.read()
	if err != nil {
		return nil, err
	}
	stat, err := os.Stat(s.path)
	if err != nil {
		return nil, err
	}
	holds := "what its columns say of each task"
	if a.whole {
		holds = "all that was known of each task"
	}
	return [][2]string{
		{"product", "exported file, read only"},
		{"address", s.path},
		{"holds", holds},
		{"tasks", fmt.Sprint(len(a.records))},
		{"size", fmt.Sprint(stat.Size())},
	}, nil
}

// Address is the file's path.
func (s *Store) Address() string { return s.path }

// Close does nothing: the file is open only while it is read.
func (s *Store) Close() error { return nil }

// ObjectFolders are none.
func (s *Store) ObjectFolders(context.Context) ([]string, error) { return nil, nil }

// RepairNetworks refuses: a file is not mended.
func (s *Store) RepairNetworks(context.Context) ([]string, error) { return nil, s.readOnly() }

// Rename refuses.
func (s *Store) Rename(context.Context, rush.NetworkID, rush.NetworkID) error { return s.readOnly() }

// Destroy refuses.
func (s *Store) Destroy(context.Context, rush.NetworkID) error { return s.readOnly() }

// Expire refuses.
func (s *Store) Expire(context.Context, rush.NetworkID, time.Duration) error { return s.readOnly() }

// ForgetObjectFolders refuses.
func (s *Store) ForgetObjectFolders(context.Context, []string) error { return s.readOnly() }

func (s *Store) readOnly() error { return fmt.Errorf("%s: %w", s.path, rush.ErrReadOnly) }

// runOf is the run of a file's network. In a file nothing runs any more.
func runOf(about *table.About) rush.Run {
	if about == nil {
		return rush.Run{}
	}
	r := about.Run
	run := rush.Run{Status: r.Status, Reason: r.Reason, Elapsed: r.Elapsed, Started: r.Started, Ended: r.Ended}
	if run.Status == rush.RunRunning {
		run.Status, run.Reason = rush.RunInterrupted, "it was running when the file was exported"
	}
	return run
}
