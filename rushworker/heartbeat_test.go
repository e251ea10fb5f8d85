package rushworker_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/rushworker"
)

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		st, err := dial.Open(t.Context(), url, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		net := st.Network(rush.NetworkID("test-" + uuid.NewString()))
		signals := make(chan rush.Signal, 2)
		h, err := rushworker.NewHeartbeat(rushworker.HeartbeatConfig{
			Store: url, Network: net.ID(), Key: "job", Value: "a job", Period: 10 * time.Millisecond,
			Signal: func(s rush.Signal) { signals <- s },
		})
		if err != nil {
			t.Fatal(err)
		}
		if h.IsRunning() {
			t.Error("it runs before its start")
		}
		for range 2 { // it can be started again
			if err := h.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := h.Start(t.Context()); err == nil || !h.IsRunning() {
				t.Errorf("found %v; expected it to run already", err)
			}
			workers, err := net.List(t.Context())
			if err != nil || len(workers) != 1 || workers[0].Loop != "a job" || workers[0].Expiry != 30*time.Millisecond || !workers[0].State.Alive() {
				t.Fatalf("found %+v, %v; expected the key to be alive", workers, err)
			}
			for _, s := range []rush.Signal{rush.SignalTerminate, rush.SignalKill} {
				if _, err := net.SignalWorkers(t.Context(), []rush.WorkerID{"job"}, s); err != nil {
					t.Fatal(err)
				}
				if got := <-signals; got != s {
					t.Errorf("found the signal %s, expected %s", got, s)
				}
			}
			began := workers[0].Beat
			for !workers[0].Beat.After(began.Add(50 * time.Millisecond)) { // longer than the expiry
				if workers, err = net.List(t.Context()); err != nil || !h.IsRunning() {
					t.Fatalf("found %v; expected it to beat", err)
				}
			}
			if text := h.String(); !strings.Contains(text, "job") || !strings.Contains(text, "running") {
				t.Errorf("found %s", text)
			}
			h.Stop()
			h.Stop()
			if workers, err = net.List(t.Context()); err != nil || workers[0].State != rush.WorkerTerminated || h.IsRunning() {
				t.Errorf("found %+v, %v; expected it to have ended", workers, err)
			}
		}
		if err := st.Destroy(t.Context(), net.ID()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAHeartbeatIsChecked(t *testing.T) {
	t.Parallel()
	for _, cfg := range []rushworker.HeartbeatConfig{
		{Network: "n"}, {Key: "k"}, {Network: "n", Key: "k", Period: time.Second, Expiry: time.Second}, {Network: "n", Key: "k", Period: -1},
	} {
		if _, err := rushworker.NewHeartbeat(cfg); err == nil {
			t.Errorf("%+v was accepted", cfg)
		}
	}
}

func TestAHeartbeatNeedsItsStore(t *testing.T) {
	t.Parallel()
	h, err := rushworker.NewHeartbeat(rushworker.HeartbeatConfig{Store: "redis://127.0.0.1:1", Network: "n", Key: "k"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Start(t.Context()); err == nil || errors.Is(err, rush.ErrExists) || h.IsRunning() {
		t.Errorf("found %v; expected that the store does not answer", err)
	}
}
