package redisstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/storetest"
)

// The list of networks is mended: a name that nothing is behind, a network in
// no list, one without its counters, and one that was half destroyed.
func TestRepairNetworks(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s, c := open(t, srv.URL()), client(t, srv)
	for _, name := range []rush.NetworkID{"sound", "unlisted", "uncounted", "taken"} {
		storetest.FillForRepair(t, s.Network(name))
	}
	if said, err := s.RepairNetworks(t.Context()); err != nil || len(said) > 0 {
		t.Fatalf("repairing a sound list said %q, %v", said, err)
	}
	half := s.Network("half")
	storetest.FillForRepair(t, half)
	if err := s.Interrupted(t.Context(), half.ID()); err != nil {
		t.Fatal(err)
	}
	if err := s.Rename(t.Context(), "sound", "unlisted.1"); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		c.HSet(t.Context(), "rush:networks", "ghost", "ghost").Err(),
		c.HDel(t.Context(), "rush:networks", "unlisted").Err(),
		c.HSet(t.Context(), "rush:networks", "unlisted", "taken").Err(), // the name is another's by now
		c.HDel(t.Context(), "rush:networks", "taken").Err(),
		c.Del(t.Context(), "rush:{uncounted}:counters").Err(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	said, err := s.RepairNetworks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{
		"network ghost: there was nothing behind its name", "network unlisted.2: it was in no list",
		"network uncounted: its counters were lost", "network half: it was destroyed, but for some of its tasks",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the repair said %q, and nothing of %q", said, want)
		}
	}
	if again, err := s.RepairNetworks(t.Context()); err != nil || len(again) > 0 {
		t.Errorf("repairing it again said %q, %v", again, err)
	}
	storetest.WantRepaired(t, s.Network("uncounted"), []string{"queued tasks; it is 5"})
	for _, name := range []rush.NetworkID{"unlisted", "unlisted.1", "unlisted.2", "uncounted"} {
		n := s.Network(name)
		if counts, err := n.Counts(t.Context()); err != nil || counts.Queued != 5 {
			t.Errorf("network %s: got %+v, %v, want its tasks", name, counts, err)
		}
		storetest.Audit(t, n)
		if err := s.Destroy(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	if keys := left(t, c); len(keys) > 0 {
		t.Errorf("after the end there are %q", keys)
	}
}

// A repair of the list while networks are made leaves each in it.
func TestRepairNetworksWhileTheyAreMade(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s, other := open(t, srv.URL()), open(t, srv.URL())
	var more []any // than one step looks at, so that networks are made while it goes on
	for i := range 30_000 {
		more = append(more, fmt.Sprintf("rush:{more}:%d", i), "")
	}
	if err := client(t, srv).MSet(t.Context(), more...).Err(); err != nil {
		t.Fatal(err)
	}
	made := make(chan error, 1)
	go func() {
		for i := range 200 {
			id := rush.NetworkID(fmt.Sprint("network-", i))
			_, err := s.Network(id).Define(t.Context(), store.Definition{})
			for range 5 { // whoever comes finds it, now and a little later
				if err == nil {
					_, err = s.Network(id).Counts(t.Context())
				}
			}
			if err != nil {
				made <- err
				return
			}
		}
		made <- nil
	}()
	for working := true; working; {
		select {
		case err := <-made:
			if err != nil {
				t.Fatal(err)
			}
			working = false
		default:
		}
		if _, err := other.RepairNetworks(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := other.Networks(t.Context()); err != nil || len(all) != 200 {
		t.Errorf("there are %d networks, %v, want 200", len(all), err)
	}
}

// A network that was half destroyed has its folder listed: by a repair, or by
// the next one of its name that is destroyed.
func TestTheFolderOfAHalfDestroyedNetworkIsFound(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s, c := open(t, srv.URL()), client(t, srv)
	die := func(folder string) {
		t.Helper()
		n := s.Network("half")
		if _, err := n.Define(t.Context(), store.Definition{}); err != nil {
			t.Fatal(err)
		}
		if _, err := n.LimitObjects(t.Context(), store.ObjectLimits{Inline: 1, Directory: "/here", Folder: folder}); err != nil {
			t.Fatal(err)
		}
		if err := s.Interrupted(t.Context(), n.ID()); err != nil {
			t.Fatal(err)
		}
	}
	wantFolders := func(want ...string) {
		t.Helper()
		if got, err := s.ObjectFolders(t.Context()); err != nil || !slices.Equal(got, want) {
			t.Errorf("got the folders %q, %v, want %q", got, err, want)
		}
	}
	die("one")
	die("two")
	wantFolders()
	if _, err := s.RepairNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantFolders("/here/one", "/here/two")
	die("three")
	if err := s.Destroy(t.Context(), "half"); err != nil {
		t.Fatal(err)
	}
	wantFolders("/here/one", "/here/three", "/here/two")
	if err := s.ForgetObjectFolders(t.Context(), []string{"/here/one", "/here/two", "/here/three"}); err != nil {
		t.Fatal(err)
	}
	if keys := left(t, c); len(keys) > 0 {
		t.Errorf("after the end there are %q", keys)
	}
}
