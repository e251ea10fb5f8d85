package sqlitestore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// Networks lists the networks by name.
func (s *Store) Networks(ctx context.Context) (list []store.NetworkInfo, err error) {
	if err := s.purge(ctx); err != nil {
		return nil, fmt.Errorf("list the networks of %s: %w", s.path, err)
	}
	err = s.read(ctx, func(t *txn) error {
		names, err := t.networkNames()
		if err != nil {
			return err
		}
		for _, name := range names {
			info, err := t.networkInfo(name)
			if errors.Is(err, rush.ErrNoNetwork) {
				continue // its time is over
			}
			if err != nil {
				return fmt.Errorf("network %s: %w", name, err)
			}
			list = append(list, info)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the networks of %s: %w", s.path, err)
	}
	return list, nil
}

func (t *txn) networkNames() (names []rush.NetworkID, err error) {
	s := t.stmt("SELECT name FROM networks ORDER BY name")
	for s.next() {
		names = append(names, rush.NetworkID(s.getText()))
	}
	return names, s.close()
}

func (t *txn) networkInfo(name rush.NetworkID) (info store.NetworkInfo, err error) {
	if found, err := t.scan(t.stmt(selectByName).text(string(name))); err != nil || !found {
		return info, cmp.Or(err, rush.ErrNoNetwork)
	}
	r, err := t.run()
	if err != nil {
		return info, err
	}
	s := t.stmt("SELECT count(*) FROM workers WHERE network = ? AND state IN (1, 2)").int(t.net.id)
	if s.next() {
		info.Workers = int(s.getInt())
	}
	info.Expires = wire.Time(t.net.expires)
	info.ID, info.Created, info.Run, info.Counts = name, wire.Time(t.net.created), t.show(r), t.net.counts()
	return info, s.close()
}

// Rename gives a network another name.
func (s *Store) Rename(ctx context.Context, from, to rush.NetworkID) error {
	err := to.Validate()
	if err == nil {
		err = s.write(ctx, func(t *txn) error {
			if err := t.purge(); err != nil {
				return err
			}
			return t.rename(from, to)
		})
	}
	if err != nil {
		return fmt.Errorf("network %s: rename it to %s: %w", from, to, err)
	}
	return nil
}

func (t *txn) rename(from, to rush.NetworkID) error {
	taken, err := t.scan(t.stmt(selectByName).text(string(to)))
	if err != nil {
		return err
	}
	found, err := t.scan(t.stmt(selectByName).text(string(from)))
	switch {
	case err != nil:
		return err
	case !found && taken && t.renamedFrom(to) == from:
		return nil // by an earlier call
	case !found:
		return rush.ErrNoNetwork
	case from == to:
		return nil
	case taken:
		return rush.ErrExists
	}
	if err := t.retire(from); err != nil {
		return err
	}
	// A cursor of an earlier network of the new name must not be taken for
	// one of this.
	epoch := max(t.net.epoch, t.formerEpoch(to))
	if epoch != t.net.epoch {
		t.topics |= topicLog | topicEntries
	}
	return t.stmt("UPDATE networks SET name = ?, renamed_from = ?, epoch = ? WHERE id = ?").
		text(string(to)).text(string(from)).int(epoch).int(t.net.id).run()
}

func (t *txn) renamedFrom(name rush.NetworkID) (from rush.NetworkID) {
	s := t.stmt("SELECT renamed_from FROM networks WHERE name = ?").text(string(name))
	if s.next() {
		from = rush.NetworkID(s.getText())
	}
	s.close()
	return from
}

// retire notes the epoch that a new network of that name begins with.
func (t *txn) retire(name rush.NetworkID) error {
	return t.stmt("REPLACE INTO former_names (name, epoch) VALUES (?, ?)").text(string(name)).int(t.net.epoch + 1).run()
}

func (t *txn) formerEpoch(name rush.NetworkID) (epoch int64) {
	s := t.stmt("SELECT epoch FROM former_names WHERE name = ?").text(string(name))
	if s.next() {
		epoch = s.getInt()
	}
	s.close()
	return epoch
}

// Destroy deletes a network.
func (s *Store) Destroy(ctx context.Context, id rush.NetworkID) error {
	n := &network{store: s, name: id}
	err := n.write(ctx, "destroy", func(t *txn) error { return t.destroy(id) })
	if errors.Is(err, rush.ErrNoNetwork) {
		return nil
	}
	return err
}

// destroy deletes the network that the transaction has loaded.
func (t *txn) destroy(name rush.NetworkID) error {
	if err := errors.Join(t.leaveFolder(), t.retire(name), t.deleteTasks(), t.deleteWorkers(), t.destroyObjects(), t.deleteMessages()); err != nil {
		return err
	}
	t.topics = allTopics
	for _, sql := range []string{
		"DELETE FROM definitions WHERE network = ?",
		"DELETE FROM documents WHERE network = ?",
		"DELETE FROM object_limits WHERE network = ?",
		"DELETE FROM object_trash WHERE network = ?",
		"DELETE FROM logs WHERE network = ?",
		"DELETE FROM queues WHERE network = ?",
		"DELETE FROM networks WHERE id = ?",
	} {
		if err := t.stmt(sql).int(t.net.id).run(); err != nil {
			return err
		}
	}
	return nil
}

// Ping reads the file.
func (s *Store) Ping(ctx context.Context) error {
	err := s.read(ctx, func(t *txn) error { return t.stmt("SELECT count(*) FROM (SELECT 1 FROM networks LIMIT 1)").run() })
	if err != nil {
		return fmt.Errorf("ping %s: %w", s.path, err)
	}
	return nil
}

// Info describes the file.
func (s *Store) Info(ctx context.Context) (info [][2]string, err error) {
	err = s.read(ctx, func(t *txn) error {
		networks, err := t.number("SELECT count(*) FROM networks")
		if err != nil {
			return err
		}
		info = [][2]string{
			{"product", "SQLite, embedded"},
			{"version", libc.GoString(sqlite3.Xsqlite3_libversion(t.tls))},
			{"address", s.path},
			{"layout", fmt.Sprint(layout)},
			{"schema", fmt.Sprint(store.Schema)},
			{"networks", fmt.Sprint(networks)},
			{"size", fmt.Sprint(fileSize(s.path))},
			{"log size", fmt.Sprint(fileSize(s.path + "-wal"))},
			{"page size", fmt.Sprint(pageSize)},
			{"synced", map[bool]string{false: "at checkpoints", true: "after each transaction"}[s.opts.FullSync]},
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("describe %s: %w", s.path, err)
	}
	return info, nil
}

// fileSize returns a file's length in bytes; 0 when there is none.
func fileSize(path string) int64 {
	stat, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return stat.Size()
}
