package network_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/objects"
)

// The plan is the user's: this test has a configuration directory of its own,
// and is not parallel with others.
func TestPlan(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("RUSH_STORE", filepath.Join(t.TempDir(), "environment.db"))
	if p, found, err := network.ReadPlan(); found || err != nil {
		t.Fatalf("found %+v, %v, %v; expected no plan", p, found, err)
	}
	file := filepath.Join(t.TempDir(), "plan.db")
	want := network.Plan{Store: file, Workers: 3, LargeObjects: t.TempDir(), StartTimeout: time.Minute, WaitTimeout: 50 * time.Millisecond}
	if err := network.SetPlan(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, found, err := network.ReadPlan()
	if diff := cmp.Diff(want, got); diff != "" || !found || err != nil {
		t.Fatalf("found %v, %v (-want +got):\n%s", found, err, diff)
	}
	path, err := network.PlanFile()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("found %v, %v; expected a file for its owner only", info.Mode(), err)
	}
	if url, err := network.DefaultStore(); url != file || err != nil {
		t.Errorf("found the store %s, %v; expected the plan's", url, err)
	}
	net := openDoomed(t, "")
	if net.Address() != file {
		t.Errorf("found %s; expected the plan's store", net.Address())
	}
	if _, err := net.AwaitWorkers(t.Context(), network.Await{N: 1, Timeout: -1}); err == nil || !strings.Contains(err.Error(), "50ms") {
		t.Errorf("found %v; expected the plan's timeout", err)
	}
	if err := network.SetPlan(t.Context(), network.Plan{Store: "redis://127.0.0.1:1"}); err == nil {
		t.Error("a plan with a store that does not answer was set")
	}
	if got, _, _ := network.ReadPlan(); got.Store != file {
		t.Errorf("found the store %s; expected the plan to have stayed", got.Store)
	}
	if removed, err := network.RemovePlan(); !removed || err != nil {
		t.Errorf("found %v, %v", removed, err)
	}
	if url, err := network.DefaultStore(); filepath.Base(url) != "environment.db" || err != nil {
		t.Errorf("found the store %s, %v; expected the environment's", url, err)
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"redis://u:secret@host:6379/1": "redis://u:xxxxx@host:6379/1", "/data/rush.db": "/data/rush.db",
	} {
		if got := network.Redact(in); got != want {
			t.Errorf("found %s, expected %s", got, want)
		}
	}
}

// A network that is new has the plan's directory for large values, another one
// keeps what it has.
func TestThePlansLargeObjects(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	for _, url := range []string{filepath.Join(t.TempDir(), "rush.db"), redistest.URL(t)} {
		dir, own := t.TempDir(), objects.Limits{Inline: 100}
		limitsOf := func(id rush.NetworkID, given *objects.Limits) objects.Limits {
			t.Helper()
			net, err := network.Open(t.Context(), network.Config{Store: url, Network: id, Objects: given})
			if err != nil {
				t.Fatal(err)
			}
			defer net.Close()
			limits, err := net.Objects().Limits(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return limits
		}
		old, planned, given := rush.NetworkID("old-"+uuid.NewString()), rush.NetworkID("planned-"+uuid.NewString()), rush.NetworkID("given-"+uuid.NewString())
		limitsOf(old, nil)
		if err := network.SetPlan(t.Context(), network.Plan{LargeObjects: dir}); err != nil {
			t.Fatal(err)
		}
		want := objects.Limits{Inline: network.LargeObject, Directory: dir}
		for range 2 {
			for _, c := range []struct {
				id    rush.NetworkID
				given *objects.Limits
				want  objects.Limits
			}{{old, nil, objects.Limits{}}, {planned, nil, want}, {given, &own, own}, {old, &own, objects.Limits{}}} {
				if got := limitsOf(c.id, c.given); got != c.want {
					t.Errorf("%s: found %+v, expected %+v", c.id, got, c.want)
				}
			}
		}
		if _, err := network.RemovePlan(); err != nil {
			t.Fatal(err)
		}
	}
}
