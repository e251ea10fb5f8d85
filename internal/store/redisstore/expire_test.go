package redisstore_test

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/redisstore"
	"github.com/rushnet/rush/internal/store/storetest"
)

const expiring = "rush:expiring"

// A purge that comes between the two steps of Expire takes nothing away: the
// network is still destroyed when its time is over.
func TestPurgedWhileItIsToExpire(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s, other, c := open(t, srv.URL()), open(t, srv.URL()), client(t, srv)
	n := s.Network("n")
	storetest.FillForRepair(t, n)
	if _, err := s.Networks(t.Context()); err != nil { // loads the scripts
		t.Fatal(err)
	}
	s.Meanwhile(redisstore.Between{Before: "evalsha", Do: func() {
		time.Sleep(5 * time.Millisecond) // the hint is due, the network not yet
		purge(t, other)
	}})
	if err := s.Expire(t.Context(), "n", time.Millisecond); err != nil {
		t.Fatal(err)
	}
	time.Sleep(5 * time.Millisecond)
	purge(t, other)
	if keys := left(t, c); len(keys) > 0 {
		t.Errorf("after the end there are %q", keys)
	}
}

// A purge forgets only what it dealt with: not a network that was named after
// it had looked, and not one that was given more time meanwhile.
func TestPurgeKeepsNewHints(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s, c := open(t, srv.URL()), client(t, srv)
	hint := func(id string, due float64) {
		if err := c.ZAdd(t.Context(), expiring, redis.Z{Score: due, Member: id}).Err(); err != nil {
			t.Error(err)
		}
	}
	for _, id := range []string{"first", "renewed"} {
		hint(id, 5)
	}
	s.Meanwhile(redisstore.Between{Before: "evalsha", Do: func() {
		hint("late", 1) // by one who was slow: its time is before the purge's
		hint("renewed", 6)
	}})
	purge(t, s)
	for id, want := range map[string]bool{"first": false, "late": true, "renewed": true} {
		err := c.ZScore(t.Context(), expiring, id).Err()
		if got := err == nil; got != want {
			t.Errorf("the hint of %s is there: %v, %v, want %v", id, got, err, want)
		}
	}
	purge(t, s)
	if n, err := c.ZCard(t.Context(), expiring).Result(); err != nil || n > 0 {
		t.Errorf("after another purge there are %d hints, %v", n, err)
	}
}

// Who takes the name of a network whose time is over leaves the folder of its
// objects to be removed.
func TestTakenNameLeavesTheFolder(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s := open(t, srv.URL())
	n := s.Network("n")
	storetest.FillForRepair(t, n)
	limits, err := n.LimitObjects(t.Context(), store.ObjectLimits{Inline: 1, Directory: "/here", Folder: "n"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Expire(t.Context(), "n", time.Millisecond); err != nil {
		t.Fatal(err)
	}
	time.Sleep(5 * time.Millisecond)
	storetest.FillForRepair(t, s.Network("n"))
	folders, err := s.ObjectFolders(t.Context())
	if err != nil || len(folders) != 1 || folders[0] != limits.Path() {
		t.Errorf("got the folders %q, %v, want %s", folders, err, limits.Path())
	}
	if networks, err := s.Networks(t.Context()); err != nil || len(networks) != 1 || networks[0].ID != rush.NetworkID("n") {
		t.Errorf("got the networks %v, %v, want the new one", networks, err)
	}
}

func purge(t *testing.T, s *redisstore.Store) {
	t.Helper()
	if _, err := s.Networks(t.Context()); err != nil {
		t.Error(err)
	}
}
