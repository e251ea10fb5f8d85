// Package dial opens a store by its URL: it is the one place that knows which
// drivers there are.
//
//	s, err := dial.Open(ctx, "redis://localhost:6379", nil) // a Redis server
//	s, err := dial.Open(ctx, "search/", nil)                // search/rush.db on this machine
//	s, err := dial.Open(ctx, "results.parquet", nil)        // an exported file, to read
package dial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/frozenstore"
	"github.com/rushnet/rush/internal/store/redisstore"
	"github.com/rushnet/rush/internal/store/sqlitestore"
)

// FileName is the name of the embedded store's file in a directory.
const FileName = "rush.db"

// Options are for Open. Nil and the zero value are the defaults.
type Options struct {
	SQLite *sqlitestore.Options // for the embedded store
	Frozen *frozenstore.Options // for an exported file
	// IgnoreSchema works on networks that another version of rush wrote.
	IgnoreSchema bool
}

// forms says what a URL may be.
const forms = "redis://HOST[:PORT][/DB], rediss://, unix://SOCKET, redis+cluster://, redis+sentinel://, or the path of a file or directory"

// Open opens the store that a URL names. A URL of redis, rediss or unix (with
// +cluster or +sentinel, see package redisstore) is that of a Redis server;
// anything else, also with file:// before it, is the path of an embedded store's
// file, which is created if need be. A path that is a directory or ends in a
// separator means the file rush.db in it. One that has the name of a table
// (results.parquet, .arrow, .csv, .jsonl, ...) is that of an exported file, which can
// only be read (see package frozenstore). See also [Share].
func Open(ctx context.Context, url string, opts *Options) (store.Store, error) {
	if url == "" {
		return nil, errors.New("the store's URL is empty; expected " + forms)
	}
	if st, ok := shared(ctx, url); ok {
		return st, nil
	}
	if opts == nil {
		opts = &Options{}
	}
	scheme, path, found := strings.Cut(url, "://")
	switch {
	case !found && isRedis(beforeColon(url)): // a slash is missing
		return nil, fmt.Errorf("a store cannot be opened by %s:...; expected %s", beforeColon(url), forms)
	case !found:
		path = url
	case isRedis(scheme):
		st, err := redisstore.OpenWith(ctx, url, redisstore.Options{IgnoreSchema: opts.IgnoreSchema})
		return opened(ctx, st, err)
	case scheme != "file":
		// The rest may hold a password.
		return nil, fmt.Errorf("a store cannot be opened by %s://...; expected %s", scheme, forms)
	}
	if frozenstore.Is(path) {
		st, err := frozenstore.Open(path, opts.Frozen)
		return opened(ctx, st, err)
	}
	var sqlite sqlitestore.Options
	if opts.SQLite != nil {
		sqlite = *opts.SQLite
	}
	sqlite.IgnoreSchema = sqlite.IgnoreSchema || opts.IgnoreSchema
	st, err := sqlitestore.Open(ctx, File(path), &sqlite)
	return opened(ctx, st, err)
}

// opened turns a driver's answer into a store, which is nil on an error.
func opened[S store.Store](ctx context.Context, s S, err error) (store.Store, error) {
	if err != nil {
		return nil, err
	}
	return wrapped(ctx, s), nil
}

// isRedis reports whether a URL's scheme is that of a Redis server.
func isRedis(scheme string) bool {
	scheme, _, _ = strings.Cut(scheme, "+")
	return slices.Contains([]string{"redis", "rediss", "unix"}, scheme)
}

// beforeColon returns what is before a URL's first colon; "" if it has none.
func beforeColon(url string) string {
	scheme, _, found := strings.Cut(url, ":")
	if !found {
		return ""
	}
	return scheme
}

// File returns the path of the embedded store's file that a path means.
func File(path string) string {
	stat, err := os.Stat(path)
	if err == nil && stat.IsDir() || path != "" && os.IsPathSeparator(path[len(path)-1]) {
		return filepath.Join(path, FileName)
	}
	return path
}
