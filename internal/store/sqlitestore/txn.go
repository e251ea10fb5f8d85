package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A txn is a transaction: one moment of the database. The methods that verbs
// are made of are its methods.
type txn struct {
	*conn
	store *Store
	ctx   context.Context // of a reader; nil for a writer, which does not stop halfway
	now   int64           // when it began, microseconds since 1970

	net      networkRow
	topics   topic // what a waiter may wait for and was changed
	interned bool  // a worker or a queue was given a number
}

// numberBits is how much of a task's id is its number in the network.
const numberBits = 40

// begin makes t a new transaction of a connection.
func (t *txn) begin(s *Store, c *conn) {
	*t = txn{conn: c, store: s, now: s.clock.now()}
}

// appendWakeup appends what the transaction changed, if somebody can wait for
// it.
func (t *txn) appendWakeup(list []wakeup) []wakeup {
	if t.topics == 0 {
		return list
	}
	return append(list, wakeup{t.net.id, t.topics})
}

// id returns the key of the row of a task, a claim, or an entry of the log.
func (t *txn) id(number int64) int64 { return t.net.id<<numberBits | number }

// number returns the number of a row's key.
func number(id int64) rush.TaskKey { return rush.TaskKey(id & (1<<numberBits - 1)) }

// holds reports whether a number can be one of the network's.
func holds(key rush.TaskKey) bool { return key >= 0 && key < 1<<numberBits }

// bounds binds the first and the last id that belong to the network.
func (s *stmt) bounds(network int64) *stmt {
	return s.int(network << numberBits).int((network+1)<<numberBits - 1)
}

// canceled returns the error of the reader's context. Long reads ask now and
// then.
func (t *txn) canceled() error {
	if t.ctx == nil {
		return nil
	}
	return t.store.at(t.ctx.Err())
}

// read calls a function with one moment of the database.
func (s *Store) read(ctx context.Context, look func(t *txn) error) (err error) {
	c, err := s.readers.take(ctx)
	if err != nil {
		return err
	}
	var broken error
	defer func() { s.readers.give(c, broken) }()
	if broken = c.stmt("BEGIN").run(); broken != nil {
		return broken
	}
	t := &txn{conn: c, store: s, ctx: ctx, now: s.clock.now()}
	if err = look(t); errors.As(err, new(*sqliteError)) {
		broken = err
		return err
	}
	broken = c.stmt("COMMIT").run()
	return errors.Join(err, broken)
}

// A network is a handle on one network of a Store.
type network struct {
	store    *Store
	name     rush.NetworkID
	identity identityCache
}

var _ store.Network = (*network)(nil)

// Network returns a handle on a network.
func (s *Store) Network(id rush.NetworkID) store.Network { return &network{store: s, name: id} }

// ID returns the name that the handle was opened for.
func (n *network) ID() rush.NetworkID { return n.name }

// write carries out a verb's change of the network.
func (n *network) write(ctx context.Context, verb string, change func(t *txn) error) error {
	return n.wrap(verb, n.update(ctx, change))
}

// update is write without the words of the error.
func (n *network) update(ctx context.Context, change func(t *txn) error) error {
	return n.store.write(ctx, func(t *txn) error {
		if err := t.load(n); err != nil {
			return err
		}
		return t.keepCounters(change)
	})
}

// keepCounters makes a change and writes back the counters of the network.
func (t *txn) keepCounters(change func(t *txn) error) error {
	before := t.net
	if err := change(t); err != nil {
		return err
	}
	return t.save(&before)
}

// read reads one moment of the network.
func (n *network) read(ctx context.Context, verb string, look func(t *txn) error) error {
	return n.wrap(verb, n.look(ctx, look))
}

// look is read without the words of the error.
func (n *network) look(ctx context.Context, look func(t *txn) error) error {
	return n.store.read(ctx, func(t *txn) error {
		if err := t.load(n); err != nil {
			return err
		}
		return look(t)
	})
}

// await calls look with moments of the network until it reports true, or wait
// is over, which is no error. It looks at once and after each change of the
// topics.
func (n *network) await(ctx context.Context, topics topic, wait time.Duration, look func(t *txn) (bool, error)) error {
	var network int64
	done := false
	once := func() (bool, error) {
		err := n.look(ctx, func(t *txn) (err error) {
			network = t.net.id
			done, err = look(t)
			return err
		})
		return done, err
	}
	if done, err := once(); done || err != nil || wait <= 0 {
		return err
	}
	err := n.store.await(ctx, network, topics, wait, once)
	if errors.Is(err, rush.ErrTimeout) {
		return nil
	}
	return err
}

// wrap adds the network and what was to be done to an error.
func (n *network) wrap(verb string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("network %s: %s: %w", n.name, verb, err)
}
