package webui_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/table"
	"github.com/rushnet/rush/webui"
)

// A store that is gone: five pages are told, and when it is back they have what
// happened meanwhile, by themselves and from one reader.
func TestStoreGoneUnderFivePages(t *testing.T) {
	t.Parallel()
	t.Run("redis", func(t *testing.T) { t.Parallel(); redisOutage(t, 0) })
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); fileOutage(t, 0) })
}

// TestSoakStoreGone is the same for a real ten seconds, which are longer than one call
// to a store may take.
func TestSoakStoreGone(t *testing.T) {
	if os.Getenv("RUSH_SOAK") != "1" {
		t.Skip("RUSH_SOAK is not 1")
	}
	t.Parallel()
	t.Run("redis", func(t *testing.T) { t.Parallel(); redisOutage(t, 10*time.Second) })
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); fileOutage(t, 10*time.Second) })
}

func redisOutage(t *testing.T, gone time.Duration) {
	url := redistest.URL(t)
	line := redistest.NewLine(t, strings.TrimPrefix(url, "redis://"))
	outage(t, serve(t, newNetwork(t, url), line.URL(), nil), line.Cut, line.Mend, gone)
}

// A file does not go away under who has it open: what reads it fails instead.
func fileOutage(t *testing.T, gone time.Duration) {
	var away atomic.Bool
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), func(c *webui.Config) { c.Store = awayStore{c.Store, &away} })
	outage(t, s, func() { away.Store(true) }, func() { away.Store(false) }, gone)
}

func outage(t *testing.T, s *site, cut, mend func(), gone time.Duration) {
	views := make([]*viewer, 5)
	for i := range views {
		views[i] = s.view()
	}
	all := func(ok func(v *viewer) bool) {
		var waiting sync.WaitGroup
		for _, v := range views {
			waiting.Go(func() { v.until(func() bool { return ok(v) }) })
		}
		waiting.Wait()
		if t.Failed() {
			t.FailNow()
		}
	}
	reachable := func(v *viewer, want bool) bool { return v.said["store"] != nil && v.said["store"]["reachable"] == want }
	s.push(1)
	all(func(v *viewer) bool { return v.states()["queued"] == 1 })
	cut()
	all(func(v *viewer) bool { return reachable(v, false) })
	s.push(4) // others reach it still
	s.work(1, "double")
	select {
	case <-time.After(gone):
	case <-t.Context().Done():
	}
	mend()
	all(func(v *viewer) bool { return reachable(v, true) && v.states()["finished"] == 5 })
	for i, v := range views {
		if v.resync > 0 {
			t.Errorf("page %d took %d snapshots; expected the frames to be enough", i, v.resync)
		}
	}
	if hubs := s.handler.HubsForTest(); hubs != 1 {
		t.Errorf("%d hubs follow the network; expected 1", hubs)
	}
}

// A awayStore has networks that cannot be read while it is away.
type awayStore struct {
	webui.Store
	away *atomic.Bool
}

func (s awayStore) Open(ctx context.Context, id rush.NetworkID) (webui.Network, error) {
	net, err := s.Store.Open(ctx, id)
	if err != nil {
		return nil, err
	}
	return awayNetwork{net, s.away}, nil
}

type awayNetwork struct {
	webui.Network
	away *atomic.Bool
}

var errAway = errors.New("disk I/O error")

func (b awayNetwork) Counts(ctx context.Context) (rush.Counts, error) {
	if b.away.Load() {
		return rush.Counts{}, errAway
	}
	return b.Network.Counts(ctx)
}

func (b awayNetwork) Source() table.Source { return awaySource{b.Network.Source(), b.away} }

type awaySource struct {
	table.Source
	away *atomic.Bool
}

func (s awaySource) Ended(ctx context.Context, from rush.Cursor, most int, fields rush.Fields, wait time.Duration) (rush.Page, error) {
	if s.away.Load() {
		return rush.Page{}, errAway
	}
	return s.Source.Ended(ctx, from, most, fields, wait)
}
