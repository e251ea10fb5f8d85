package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// patience bounds how long a test waits before it fails. A store that works
// is far below it.
const patience = time.Minute

// long is for verbs that something is to wake long before it is over.
const long = time.Hour

// A fixture is what a test works with: a store, and a network of its own that
// does not exist yet. Its methods fail the test when a verb fails.
type fixture struct {
	*testing.T
	open  Opener
	store store.Store
	net   store.Network
	sends int // by send
}

// newFixture opens the store and has the network audited and destroyed at the
// end of the test.
func newFixture(t *testing.T, open Opener) *fixture {
	t.Helper()
	s, id := open(t), uniqueID()
	f := &fixture{T: t, open: open, store: s, net: s.Network(id)}
	t.Cleanup(func() { f.close(s.Network(id)) })
	return f
}

// uniqueID returns the name of a network that no other test has.
// uniqueNonce returns the nonce of the i-th call of a test.
func uniqueNonce(i int) string { return fmt.Sprintf("call %d", i) }

func uniqueID() rush.NetworkID { return rush.NetworkID("test-" + uuid.NewString()) }

// close audits a network, if it exists, and destroys it.
func (f *fixture) close(n store.Network) {
	f.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	if _, err := n.Definition(ctx); errors.Is(err, rush.ErrNoNetwork) {
		return
	}
	audit(ctx, f.T, n)
	if err := f.store.Destroy(ctx, n.ID()); err != nil {
		f.Errorf("destroy: %v", err)
	}
}

// Audit fails the test for each invariant that the network breaks.
func Audit(t *testing.T, n store.Network) {
	t.Helper()
	audit(t.Context(), t, n)
}

func audit(ctx context.Context, t *testing.T, n store.Network) {
	t.Helper()
	a, err := n.Audit(ctx)
	if err != nil {
		t.Errorf("audit: %v", err)
		return
	}
	for _, v := range store.Check(a) {
		t.Errorf("audit: %v", v)
	}
}

// other returns a handle on the same network through another handle on the
// store, as another process has it.
func (f *fixture) other() store.Network {
	f.Helper()
	return f.open(f.T).Network(f.net.ID())
}

// check ends the test if a verb failed.
func (f *fixture) check(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// wantErr reports an error that is not want or does not name the network.
func (f *fixture) wantErr(what string, err, want error) {
	f.Helper()
	f.wantErrNaming(f.net.ID(), what, err, want)
}

func (f *fixture) wantErrNaming(id rush.NetworkID, what string, err, want error) {
	f.Helper()
	if !errors.Is(err, want) {
		f.Errorf("%s: got error %v, want one that is %q", what, err, want)
		return
	}
	if !strings.Contains(err.Error(), string(id)) {
		f.Errorf("%s: the error %q does not name the network %s", what, err, id)
	}
}

// define creates the network with a budget and reserved numbers.
func (f *fixture) define(limit, reserved int64) {
	f.Helper()
	f.redefine(0, limit, reserved)
}

// redefine replaces the definition of a version.
func (f *fixture) redefine(version, limit, reserved int64) {
	f.Helper()
	def := store.Definition{Version: version, Body: []byte("body"), Limit: limit, Reserved: reserved}
	if _, err := f.net.Define(f.Context(), def); err != nil {
		f.Fatalf("define: %v", err)
	}
}

// patient returns a context for a verb that must return soon.
func (f *fixture) patient() context.Context {
	ctx, cancel := context.WithTimeout(f.Context(), patience)
	f.Cleanup(cancel)
	return ctx
}

// eventually calls a function until it says that it is done. It is for what
// the passing of time alone brings about.
func (f *fixture) eventually(what string, done func() bool) {
	f.Helper()
	for start := time.Now(); time.Since(start) < patience; {
		if done() {
			return
		}
	}
	f.Fatalf("%s: still not so after %v", what, patience)
}
