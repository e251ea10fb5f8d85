package sqlitestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Define stores the definition.
func (n *network) Define(ctx context.Context, def store.Definition) (version int64, err error) {
	err = n.writeOrCreate(ctx, "define", def.Version == 0, func(t *txn) error {
		version, err = t.define(def)
		return err
	})
	return version, err
}

// writeOrCreate is write for the verbs that create a network which does not exist,
// if they may.
func (n *network) writeOrCreate(ctx context.Context, verb string, may bool, change func(t *txn) error) error {
	return n.wrap(verb, n.store.write(ctx, func(t *txn) error {
		err := t.load(n)
		if errors.Is(err, rush.ErrNoNetwork) && may {
			err = t.createNetwork(n)
		}
		if err != nil {
			return err
		}
		return t.keepCounters(change)
	}))
}

// createNetwork makes the handle's network.
func (t *txn) createNetwork(n *network) error {
	if err := n.name.Validate(); err != nil {
		return err
	}
	if err := t.purge(); err != nil {
		return err
	}
	err := t.stmt("INSERT INTO networks (name, schema, created, epoch) VALUES (?, ?, ?, ?)").
		text(string(n.name)).int(store.Schema).int(t.now).int(t.formerEpoch(n.name)).run()
	if err != nil {
		return err
	}
	if err := t.load(n); err != nil {
		return err
	}
	if t.net.id >= 1<<(63-numberBits) {
		return fmt.Errorf("%s has held %d networks and can hold no more: use another file", t.path, t.net.id-1)
	}
	return t.keepCounters(func(t *txn) error {
		_, err := t.queueID("")
		return err
	})
}

func (t *txn) define(def store.Definition) (version int64, err error) {
	stored, err := t.definition()
	if err != nil {
		return 0, err
	}
	same := stored.Version > 0 && bytes.Equal(stored.Body, def.Body) &&
		stored.Limit == def.Limit && stored.Reserved == def.Reserved
	if same {
		return stored.Version, nil
	}
	if def.Version != stored.Version {
		return 0, fmt.Errorf("%w: the stored definition has version %d, the given one replaces version %d", rush.ErrChanged, stored.Version, def.Version)
	}
	version = stored.Version + 1
	err = t.stmt("UPDATE networks SET version = ?, task_limit = ?, reserved = ? WHERE id = ?").
		int(version).int(def.Limit).int(def.Reserved).int(t.net.id).run()
	if err != nil {
		return 0, err
	}
	t.net.limit, t.net.reserved = def.Limit, def.Reserved
	t.net.next = max(t.net.next, def.Reserved)
	t.topics |= topicWork | topicDocuments
	return version, t.stmt("REPLACE INTO definitions (network, body) VALUES (?, ?)").int(t.net.id).blob(def.Body).run()
}

// Definition returns the stored definition.
func (n *network) Definition(ctx context.Context) (def store.Definition, err error) {
	err = n.read(ctx, "read the definition", func(t *txn) error {
		def, err = t.definition()
		return err
	})
	return def, err
}

func (t *txn) definition() (store.Definition, error) {
	def := store.Definition{Limit: t.net.limit, Reserved: t.net.reserved}
	s := t.stmt("SELECT n.version, d.body FROM networks n LEFT JOIN definitions d ON d.network = n.id WHERE n.id = ?").int(t.net.id)
	if s.next() {
		def.Version, def.Body = s.getInt(), s.getBlob()
	}
	return def, s.close()
}
