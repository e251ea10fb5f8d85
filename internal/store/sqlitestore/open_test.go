package sqlitestore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// sqlFile makes a SQLite file by statements.
func sqlFile(t *testing.T, path, statements string) {
	t.Helper()
	c, err := openConn(path, statements)
	if err != nil {
		t.Fatal(err)
	}
	c.close()
}

func TestFilesOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		make   func(t *testing.T, path string)
		schema bool // the error is rush.ErrSchema
		want   string
	}{
		{"text", func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("x1,x2,y\n0.5,0.5,1\n", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, true, "is not a database file of rush"},
		{"a database of another program", func(t *testing.T, path string) {
			sqlFile(t, path, "CREATE TABLE trials (id INTEGER)")
		}, true, "SQLite file of another program"},
		{"a database of a newer rush", func(t *testing.T, path string) {
			sqlFile(t, path, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, layout+1))
		}, true, fmt.Sprintf("the file has version %d, expected %d", layout+1, layout)},
		{"a directory", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, false, "cannot be opened for writing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "rush.db")
			tc.make(t, path)
			before, _ := os.ReadFile(path)
			s, err := Open(t.Context(), path, nil)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if errors.Is(err, rush.ErrSchema) != tc.schema || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got error %q, want one that names %s and says %q", err, path, tc.want)
			}
			if after, _ := os.ReadFile(path); !slices.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestANetworkOfAnotherVersionIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s)
	other := s.Network("other")
	if _, err := other.Define(t.Context(), store.Definition{}); err != nil {
		t.Fatal(err)
	}
	err := n.(*network).write(t.Context(), "test", func(tx *txn) error {
		return tx.stmt("UPDATE networks SET schema = schema + 1 WHERE id = ?").int(tx.net.id).run()
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, verb := range map[string]func() error{
		"counts": func() error { _, err := n.Counts(t.Context()); return err },
		"beat":   func() error { _, err := n.Beat(t.Context(), "w"); return err },
		"define": func() error { _, err := s.Network("test").Define(t.Context(), store.Definition{}); return err },
	} {
		if err := verb(); !errors.Is(err, rush.ErrSchema) || !strings.Contains(err.Error(), "network test") {
			t.Errorf("%s: got error %v, want ErrSchema", name, err)
		}
	}
	if _, err := other.Counts(t.Context()); err != nil {
		t.Errorf("another network: %v", err)
	}
	any := open(t, s.path, &Options{IgnoreSchema: true})
	if _, err := any.Network("test").Counts(t.Context()); err != nil {
		t.Errorf("without a check: %v", err)
	}
}

// All who open a file lock the same lock file, whatever they call it.
func TestLinksLeadToOneFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "real", "rush.db")
	s := open(t, path, nil)
	for link, to := range map[string]string{"directory": "real", "file": "real/rush.db"} {
		if err := os.Symlink(filepath.Join(dir, to), filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, link := range []string{"directory/rush.db", "file", "real/../real/rush.db"} {
		if other := open(t, filepath.Join(dir, link), nil); other.Address() != s.Address() {
			t.Errorf("%s: opened %s, want %s", link, other.Address(), s.Address())
		}
	}
}

func TestSyncing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts *Options
		want int64 // PRAGMA synchronous: 1 is NORMAL, 2 is FULL
	}{{nil, 1}, {&Options{}, 1}, {&Options{FullSync: true}, 2}} {
		s := open(t, filepath.Join(t.TempDir(), "rush.db"), tc.opts)
		err := s.write(t.Context(), func(tx *txn) error {
			got, err := tx.number("PRAGMA synchronous")
			if got != tc.want {
				t.Errorf("%+v: synchronous is %d, want %d", tc.opts, got, tc.want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// People look at a network with other SQLite tools, through the views.
func TestViewsSayWhatThereIs(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s)
	if err := n.Register(t.Context(), rush.Worker{ID: "w1", PID: 12}); err != nil {
		t.Fatal(err)
	}
	if _, err := push(t.Context(), n, "nonce", 2); err != nil {
		t.Fatal(err)
	}
	turn, err := n.Next(t.Context(), store.Step{Worker: "w1", Nonce: 1, Pop: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.End(t.Context(), []store.Done{{Key: turn.Task.Key, YS: []byte{0x80}}}); err != nil {
		t.Fatal(err)
	}
	for sql, want := range map[string][]string{
		"SELECT network || ' ' || number || ' ' || state || ' ' || coalesce(worker, '') FROM tasks_view ORDER BY number": {"test 0 finished w1", "test 1 queued "},
		"SELECT worker || ' ' || state || ' ' || tasks FROM workers_view":                                                {"w1 running 0"},
		"SELECT name || ' ' || queued || ' ' || finished FROM networks_view":                                             {"test 1 1"},
		"SELECT created LIKE '20__-__-__ __:__:__.___' AND finished >= started FROM tasks_view WHERE number = 0":         {"1"},
	} {
		var got []string
		err := s.read(t.Context(), func(tx *txn) error {
			rows := tx.stmt(sql)
			for rows.next() {
				got = append(got, rows.getText())
			}
			return rows.close()
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", sql, got, want)
		}
	}
}

func TestNetworkFileSystemsAreRefused(t *testing.T) {
	t.Parallel()
	err := checkLocal("/mnt/shared", func(string) (string, error) { return "NFS", nil })
	if err == nil {
		t.Fatal("NFS was accepted")
	}
	for _, want := range []string{"/mnt/shared", "network file system (NFS)", "local disk", "redis://"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error %q does not say %q", err, want)
		}
	}
	if err := checkLocal(t.TempDir(), networkKind); err != nil {
		t.Errorf("a local directory: %v", err)
	}
}
