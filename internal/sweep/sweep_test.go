package sweep_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/internal/sweep"
)

func TestMain(m *testing.M) { os.Exit(redistest.Main(m)) }

// A dawn is a network in which a worker wakes up, and beats, right after it was
// looked at.
type dawn struct {
	store.Network
	asleep rush.WorkerID
}

func (d *dawn) List(ctx context.Context) ([]rush.Worker, error) {
	list, err := d.Network.List(ctx)
	if err == nil {
		_, err = d.Beat(ctx, d.asleep)
	}
	return list, err
}

// watched returns a network with the workers me, asleep and dead; the heartbeat
// of the latter two has lapsed when me beats for the last time.
func watched(t *testing.T, url string) store.Network {
	t.Helper()
	st, err := dial.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	net := st.Network(rush.NetworkID("test-" + uuid.NewString()))
	for id, expiry := range map[rush.WorkerID]time.Duration{"me": time.Hour, "asleep": 20 * time.Millisecond, "dead": 20 * time.Millisecond} {
		err := net.Register(t.Context(), rush.Worker{ID: id, State: rush.WorkerRunning, Heartbeat: expiry / 2, Expiry: expiry})
		if err != nil {
			t.Fatal(err)
		}
	}
	for {
		if _, err := net.Beat(t.Context(), "me"); err != nil {
			t.Fatal(err)
		}
		beats := map[rush.WorkerID]time.Time{}
		list, err := net.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range list {
			beats[w.ID] = w.Beat
		}
		if lapse := 25 * time.Millisecond; beats["me"].Sub(beats["asleep"]) > lapse && beats["me"].Sub(beats["dead"]) > lapse {
			return net
		}
	}
}

func ids(lost []store.LostWorker) []rush.WorkerID {
	var ids []rush.WorkerID
	for _, w := range lost {
		ids = append(ids, w.ID)
	}
	return ids
}

// A machine slept, with all that ran on it. Whoever wakes up first does not take
// the others for dead.
func TestWhoWakesUpBetweenTwoLooksIsNotLost(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := watched(t, url)
		lost, err := sweep.Patient(t.Context(), &dawn{net, "asleep"}, "me")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]rush.WorkerID{"dead"}, ids(lost)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestNowAllThatLapsedAreLost(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		lost, err := sweep.Now(t.Context(), watched(t, url), "me")
		if err != nil || len(lost) != 2 {
			t.Errorf("found %v, %v; expected two", ids(lost), err)
		}
	})
}

// Nobody waits where nobody is missing, nor goes on when told to end.
func TestASecondLookTakesTimeOnlyIfSomebodyIsMissing(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := watched(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		cancelled := &cancelling{net, cancel}
		if lost, err := sweep.Patient(ctx, cancelled, "me"); err == nil {
			t.Errorf("found %v and no error, expected the wait to end with its context", ids(lost))
		}
		if lost, err := sweep.Patient(t.Context(), net, ""); err != nil || len(lost) != 2 {
			t.Errorf("found %v, %v; expected two", ids(lost), err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		cancelled.cancel = cancel
		if lost, err := sweep.Patient(ctx, cancelled, "me"); err != nil || len(lost) != 0 {
			t.Errorf("found %v, %v; expected no wait", ids(lost), err)
		}
	})
}

// A cancelling ends a context when the workers were looked at.
type cancelling struct {
	store.Network
	cancel context.CancelFunc
}

func (c *cancelling) List(ctx context.Context) ([]rush.Worker, error) {
	defer c.cancel()
	return c.Network.List(ctx)
}
