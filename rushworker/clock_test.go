package rushworker_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/rushworker"
)

// Several programs take the steps of one client, and the clock of one is an
// hour ahead: the others go on.
func TestAClientGoesOnBesideOneWhoseClockIsAhead(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx := t.Context()
		id := rush.NetworkID("clock-" + uuid.NewString())
		w, err := rushworker.Open(ctx, rushworker.Config{Store: url, Network: id, ID: "client", Client: true})
		if err != nil {
			t.Fatal(err)
		}
		st, err := dial.Open(ctx, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		ahead := store.Step{Worker: "client", Nonce: time.Now().Add(time.Hour).UnixMicro(), Claim: true}
		if _, err := st.Network(id).Next(ctx, ahead); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if turn, err := w.Next(ctx, rushworker.Step{Claim: true}); err != nil || turn.Claimed == rush.NoTask {
				t.Fatalf("found %+v, %v; expected a number", turn, err)
			}
		}
	})
}
