package network_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/network"
)

// The plan and the memory are the user's: this test has directories of its own,
// and is not parallel with others.
func TestTheDefaultNetwork(t *testing.T) {
	for kind, store := range map[string]string{"embedded": filepath.Join(t.TempDir(), "rush.db"), "redis": redistest.URL(t)} {
		t.Run(kind, func(t *testing.T) {
			t.Setenv("XDG_CONFIG_HOME", t.TempDir())
			t.Setenv("XDG_DATA_HOME", t.TempDir())
			t.Setenv("RUSH_STORE", "")
			t.Setenv("REDIS_URL", "")
			expect := func(cfg network.Config, id rush.NetworkID) {
				t.Helper()
				net, err := network.OpenDefault(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				defer net.Close()
				if net.ID() != id || net.Address() != store && kind == "embedded" {
					t.Errorf("found network %s in %s; expected %s", net.ID(), net.Address(), id)
				}
			}
			refuse := func(cfg network.Config, says string) {
				t.Helper()
				_, err := network.OpenDefault(t.Context(), cfg)
				if !errors.Is(err, rush.ErrNoNetwork) || !strings.Contains(err.Error(), says) {
					t.Errorf("found %v; expected ErrNoNetwork with %q", err, says)
				}
			}
			refuse(network.Config{Store: store}, "rush plan set --network")
			refuse(network.Config{}, "rush plan set --network")
			first, second := network.Config{Store: store, Network: newID()}, network.Config{Store: store, Network: newID()}
			refuse(first, "rush networks lists")
			for _, cfg := range []network.Config{first, second} {
				net, err := network.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = net.Destroy(t.Context(), network.DestroyOptions{}) }()
				refuse(network.Config{Store: store}, "rush plan set --network")
			}
			for _, cfg := range []network.Config{first, second} {
				if err := network.Remember(store, cfg.Network); err != nil {
					t.Fatal(err)
				}
				expect(network.Config{}, cfg.Network)
				expect(network.Config{Store: store}, cfg.Network)
			}
			expect(first, first.Network)
			if err := network.SetPlan(t.Context(), network.Plan{Store: store, Network: first.Network}); err != nil {
				t.Fatal(err)
			}
			expect(network.Config{}, first.Network)
			expect(network.Config{Store: store}, first.Network)
			refuse(network.Config{Store: filepath.Join(t.TempDir(), "other.db")}, "rush plan set --network")
			if err := network.SetPlan(t.Context(), network.Plan{Store: store, Network: newID()}); err != nil {
				t.Fatal(err)
			}
			refuse(network.Config{}, "rush networks lists")
			if err := network.SetPlan(t.Context(), network.Plan{Network: "not a name"}); err == nil {
				t.Error("a plan whose network cannot be one was set")
			}
			if _, err := network.RemovePlan(); err != nil {
				t.Fatal(err)
			}
			expect(network.Config{}, second.Network)
			fresh := openDoomed(t, store)
			if fresh.ID() == second.Network || fresh.ID() == first.Network {
				t.Errorf("Open found %s; expected a new network", fresh.ID())
			}
		})
	}
}

func newID() rush.NetworkID { return rush.NetworkID("test-" + uuid.NewString()) }
