package sqlitestore

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
)

// Expire has a network destroyed later.
func (s *Store) Expire(ctx context.Context, id rush.NetworkID, after time.Duration) error {
	n := &network{store: s, name: id}
	return n.write(ctx, "expire", func(t *txn) error {
		var expires int64
		if after > 0 {
			expires = t.now + max(after.Microseconds(), 1)
		}
		return t.stmt("UPDATE networks SET expires = ? WHERE id = ?").int(expires).int(t.net.id).run()
	})
}

// purge destroys the networks whose time is over.
func (s *Store) purge(ctx context.Context) error {
	due := false
	err := s.read(ctx, func(t *txn) error {
		names, err := t.due()
		due = len(names) > 0
		return err
	})
	if err != nil || !due {
		return err
	}
	return s.write(ctx, func(t *txn) error { return t.purge() })
}

// due lists the networks whose time is over.
func (t *txn) due() (names []rush.NetworkID, err error) {
	s := t.stmt("SELECT name FROM networks WHERE expires BETWEEN 1 AND ?").int(t.now)
	for s.next() {
		names = append(names, rush.NetworkID(s.getText()))
	}
	return names, s.close()
}

// purge destroys the networks whose time is over. Afterwards no network is
// loaded. Who waits in one looks again by itself.
func (t *txn) purge() error {
	names, err := t.due()
	for _, name := range names {
		if err == nil {
			_, err = t.scanAny(t.stmt(selectByName).text(string(name)))
		}
		if err == nil {
			err = t.destroy(name)
		}
		if err != nil {
			return fmt.Errorf("destroy network %s, whose time is over: %w", name, err)
		}
	}
	t.net, t.topics = networkRow{}, 0
	return err
}
