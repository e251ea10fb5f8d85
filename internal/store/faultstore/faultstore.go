// Package faultstore lets tests step in before and after every call of a
// store: to count the calls, or to die there.
//
//	ctx = dial.Wrap(ctx, func(st store.Store) store.Store {
//		return faultstore.Wrap(st, faultstore.Kill(point, nil))
//	})
//
// No program that people run imports it.
package faultstore

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

//go:generate go test . -run TestTheVerbsAreGenerated -update

// A Boundary is the moment before or after a call of a verb.
type Boundary struct {
	Verb  string // the name of the method
	After bool   // the store has done it, the caller does not know yet
}

// String is "before Next" or "after Next".
func (b Boundary) String() string {
	if b.After {
		return "after " + b.Verb
	}
	return "before " + b.Verb
}

// A Hook is called at each boundary, on the goroutine of the caller.
type Hook func(Boundary)

// Wrap returns the store with a hook at the boundaries of all its verbs, those
// of its networks included.
func Wrap(st store.Store, hook Hook) store.Store { return &wrapped{st, hook} }

type wrapped struct {
	store.Store
	hook Hook
}

// Network returns a handle on a network; it is no verb of the store.
func (w *wrapped) Network(id rush.NetworkID) store.Network {
	return &network{w.Store.Network(id), w.hook}
}

type network struct {
	store.Network
	hook Hook
}

// around is deferred by each verb: it calls the hook before, and returns what
// calls it after.
func (h Hook) around(verb string) func() {
	h(Boundary{Verb: verb})
	return func() { h(Boundary{Verb: verb, After: true}) }
}
