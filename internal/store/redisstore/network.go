package redisstore

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/rushnet/rush"
)

// A network is a handle on one network of a store.
type network struct {
	store *Store
	name  rush.NetworkID
	id    atomic.Pointer[string] // in its keys; nil until it is known
}

// ID returns the name under which the handle was opened.
func (n *network) ID() rush.NetworkID { return n.name }

// call runs a verb's script.
func (n *network) call(ctx context.Context, verb string, args ...any) (*reply, error) {
	v, err := n.do(ctx, verb, args...)
	if err != nil {
		return nil, n.wrap(verb, err)
	}
	return unpack(v), nil
}

// do runs a verb's script on the network that the handle stands for. A
// network that is gone is looked for once under its name: there may be a new
// one.
func (n *network) do(ctx context.Context, verb string, args ...any) (any, error) {
	id, err := n.resolve(ctx)
	if err != nil {
		return nil, err
	}
	v, err := n.store.run(ctx, verb, key(id, netKey), args...)
	if !errors.Is(err, rush.ErrNoNetwork) {
		return v, err
	}
	n.id.Store(nil)
	again, resolveErr := n.resolve(ctx)
	if resolveErr != nil || again == id {
		return nil, errors.Join(resolveErr, err)
	}
	return n.store.run(ctx, verb, key(again, netKey), args...)
}

// create runs a verb's script with create, its first argument, 0, and if there
// is no network with 1.
func (n *network) create(ctx context.Context, verb string, args ...any) (*reply, error) {
	v, err := n.do(ctx, verb, append([]any{0}, args...)...)
	if errors.Is(err, rush.ErrNoNetwork) {
		v, err = n.make(ctx, verb, args...)
	}
	if err != nil {
		return nil, n.wrap(verb, err)
	}
	return unpack(v), nil
}

func (n *network) make(ctx context.Context, verb string, args ...any) (any, error) {
	if err := n.name.Validate(); err != nil {
		return nil, err
	}
	id, err := n.store.allocate(ctx, n.name)
	if err != nil {
		return nil, err
	}
	n.id.Store(&id)
	// One whose time is over may still have the name.
	expired, err := n.store.run(ctx, "destroy", key(id, netKey), 1)
	if err == nil && expired == int64(1) {
		err = n.store.clear(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	v, err := n.store.run(ctx, verb, key(id, netKey), append([]any{1}, args...)...)
	if err != nil {
		return v, err
	}
	// Somebody who repaired the list may have found nothing behind the name yet.
	return v, n.store.explain(ctx, n.store.client.HSetNX(ctx, registryKey, string(n.name), id).Err())
}

// resolve returns the id of the network.
func (n *network) resolve(ctx context.Context) (string, error) {
	if id := n.id.Load(); id != nil {
		return *id, nil
	}
	id, err := n.store.lookUp(ctx, n.name)
	if err == nil {
		n.id.Store(&id)
	}
	return id, err
}

// block waits until one of the lists has a token, and returns that list's key;
// or "" when time is over.
func (n *network) block(ctx context.Context, timeout time.Duration, lists ...string) (string, error) {
	list, err := n.store.blocked.wait(ctx, timeout, lists...)
	return list, n.store.explain(ctx, err)
}

// key returns a key of the network, which must have been resolved.
func (n *network) key(parts ...string) string {
	if id := n.id.Load(); id != nil {
		return key(*id, parts...)
	}
	return key(string(n.name), parts...)
}

// wrap says which verb of which network an error is about.
func (n *network) wrap(verb string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("network %s: %s: %w", n.name, words(verb), err)
}
