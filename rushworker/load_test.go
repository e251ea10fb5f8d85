package rushworker

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	at := func(s float64) time.Time { return time.Unix(1000, 0).Add(time.Duration(s * float64(time.Second))) }
	workers := []rush.Worker{
		{ID: "w1", Registered: at(0), Beat: at(9)},                // lives to the end
		{ID: "w2", Registered: at(2), Beat: at(5), Ended: at(6)},  // has ended
		{ID: "w3", Registered: at(0), Beat: at(1), Ended: at(10)}, // was idle
	}
	busy := map[rush.WorkerID][]span{
		"w1": {{at(4), at(8)}, {at(1), at(2)}, {at(5), at(6)}, {from: at(9)}}, // one within another; one still runs
		"w2": {{at(1), at(3)}, {at(5.5), at(7)}},                              // only while it lived
		"w9": {{at(0), at(10)}},                                               // was not asked for
	}
	got := loadOf(workers, busy, 5)
	want := &Load{
		Start: at(0), Step: 2 * time.Second,
		Workers: []float64{2, 3, 3, 2, 2},
		Busy:    []float64{0.5, 0.5, 1.25, 1, 0.5},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if mean := got.Mean(); math.Abs(mean-3.75/12) > 1e-9 {
		t.Errorf("the mean is %v, want %v", mean, 3.75/12)
	}
	if share := got.Share(2); math.Abs(share-1.25/3) > 1e-9 {
		t.Errorf("the share of step 2 is %v, want %v", share, 1.25/3)
	}
}

func TestLoadOfNobody(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, workers := range map[string][]rush.Worker{"no worker": nil, "one that has just come": {{ID: "w1", Registered: now, Beat: now}}} {
		l := loadOf(workers, nil, 3)
		if l.Mean() != 0 || l.Share(0) != 0 || len(l.Busy) != 3 {
			t.Errorf("%s: got %+v, want nothing", name, l)
		}
	}
}
