package network

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
)

// OpenDefault is Open for a network that exists already: the one that cfg names,
// else the default one, which DefaultNetwork finds. It fails with
// rush.ErrNoNetwork, and makes none, when nothing says which, and when the store
// has none of that id any more.
func OpenDefault(ctx context.Context, cfg Config) (*Rush, error) {
	if cfg.Network == "" {
		var err error
		if cfg.Store, cfg.Network, err = DefaultNetwork(cfg.Store); err != nil {
			return nil, fmt.Errorf("open the default network: %w", err)
		}
	}
	if cfg.Network == "" {
		return nil, fmt.Errorf("open the default network of %s: no network was used there and the plan names none; name one, in Config.Network or with rush plan set --network ID: %w",
			Redact(cfg.Store), rush.ErrNoNetwork)
	}
	if err := cfg.mustExist(ctx); err != nil {
		return nil, fmt.Errorf("open network %s: %w", cfg.Network, err)
	}
	return Open(ctx, cfg)
}

// mustExist fails with rush.ErrNoNetwork if the store does not have the network.
func (c *Config) mustExist(ctx context.Context) error {
	st, err := OpenStoreWith(ctx, c.Store, StoreOptions{IgnoreSchema: c.IgnoreSchema})
	if err != nil {
		return err
	}
	found, err := st.Exists(ctx, c.Network)
	if err == nil && !found {
		err = fmt.Errorf("%w in %s; rush networks lists those that are there", rush.ErrNoNetwork, st.Address())
	}
	return errors.Join(err, st.Close())
}

// DefaultNetwork says which store and network are meant when a call names no
// network: that of the user's plan, if the store is the plan's, else the one that
// was used last in the store, as far as it was noted (see Remember). An empty store is
// that of Config.Store; when neither the plan nor the environment says anything
// it is the one that was used last. The id is empty when nothing says which, and
// the network need not exist any more.
func DefaultNetwork(store string) (url string, id rush.NetworkID, err error) {
	plan, _, err := ReadPlan()
	if err != nil {
		return "", "", err
	}
	m := recall()
	if store == "" && plan.Store == "" && plan.Network == "" && environmentStore() == "" {
		store = m.Store
	}
	if url, err = ResolveStore(store); err != nil {
		return "", "", err
	}
	if plan.Network != "" {
		planned, err := ResolveStore("")
		if err != nil {
			return "", "", err
		}
		if url == planned {
			return url, plan.Network, nil
		}
	}
	return url, m.Networks[url], nil
}
