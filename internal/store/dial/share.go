package dial

import (
	"context"
	"strings"

	"github.com/rushnet/rush/internal/store"
)

// IsURL reports whether a store is named by a URL, not by a path.
func IsURL(name string) bool { return strings.Contains(name, "://") }

type shareKey struct{}

// A share is an open store that others may use too.
type share struct {
	store.Store
	url string
}

// Close leaves the store to its owner.
func (share) Close() error { return nil }

// Share returns a context with which Open gives the store that is open
// already when it is asked for that URL. Closing what it gives does nothing:
// the store's owner closes it, last.
func Share(ctx context.Context, url string, st store.Store) context.Context {
	return context.WithValue(ctx, shareKey{}, share{st, url})
}

// shared returns the store that ctx shares under the URL.
func shared(ctx context.Context, url string) (store.Store, bool) {
	s, ok := ctx.Value(shareKey{}).(share)
	return s, ok && s.url == url
}

type wrapKey struct{}

// Wrap returns a context with which Open gives what wrap makes of the store
// that it has opened. It is how tests put themselves between a program and its
// stores.
func Wrap(ctx context.Context, wrap func(store.Store) store.Store) context.Context {
	return context.WithValue(ctx, wrapKey{}, wrap)
}

func wrapped(ctx context.Context, st store.Store) store.Store {
	if wrap, ok := ctx.Value(wrapKey{}).(func(store.Store) store.Store); ok {
		return wrap(st)
	}
	return st
}
