package redisstore

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// A target is what a URL says: where to connect, and how.
type target struct {
	address string   // without the password
	secrets []string // that no error may show
	options redis.UniversalOptions
}

const forms = "redis://[USER:PASSWORD@]HOST[:PORT][/DB], rediss:// for TLS, unix://PATH, redis+cluster:// or redis+sentinel://"

// parseURL reads a URL. Its errors say nothing of what is in the URL if that
// could be a password.
func parseURL(raw string) (*target, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("the store's URL cannot be read; expected " + forms + "; special characters in a password are written as %XX")
	}
	t := &target{address: redact(u)}
	if password, ok := u.User.Password(); ok && password != "" {
		t.secrets = []string{password, url.QueryEscape(password), url.PathEscape(password)}
	}
	if err := t.parse(u); err != nil {
		if len(t.secrets) > 0 {
			return nil, errors.New("the store's URL cannot be used; expected " + forms)
		}
		return nil, fmt.Errorf("the store's URL %s cannot be used: %w; expected %s", t.address, err, forms)
	}
	return t, nil
}

// parse reads what go-redis knows of a URL, and what it only knows of Clusters
// and Sentinels.
func (t *target) parse(u *url.URL) error {
	scheme, kind, _ := strings.Cut(u.Scheme, "+")
	query := u.Query()
	master, addrs := query.Get("master_name"), query["addr"]
	cluster := kind == "cluster" || query.Get("cluster") == "true"
	switch {
	case !slices.Contains([]string{"", "cluster", "sentinel"}, kind):
		return fmt.Errorf("unknown scheme %s", u.Scheme)
	case kind == "sentinel" && master == "":
		return errors.New("it has no master_name")
	}
	for _, name := range []string{"master_name", "addr", "cluster"} {
		query.Del(name)
	}
	plain := *u
	plain.Scheme, plain.RawQuery = scheme, query.Encode()
	opts, err := redis.ParseURL(plain.String())
	if err != nil {
		return err
	}
	t.options = universal(opts)
	t.options.Addrs = append([]string{opts.Addr}, addrs...)
	t.options.MasterName, t.options.IsClusterMode = master, cluster
	return nil
}

// universal returns the options of any kind of client. Protocol 2 is all that
// the scripts' answers need, and leaves out a handshake.
func universal(o *redis.Options) redis.UniversalOptions {
	return redis.UniversalOptions{
		Username: o.Username, Password: o.Password, DB: o.DB, TLSConfig: o.TLSConfig, ClientName: o.ClientName,
		Protocol: 2, DisableIdentity: true, ContextTimeoutEnabled: true,
		MaxRetries: o.MaxRetries, MinRetryBackoff: o.MinRetryBackoff, MaxRetryBackoff: o.MaxRetryBackoff,
		DialTimeout: o.DialTimeout, DialerRetries: 1, ReadTimeout: o.ReadTimeout, WriteTimeout: o.WriteTimeout,
		PoolFIFO: o.PoolFIFO, PoolSize: o.PoolSize, PoolTimeout: o.PoolTimeout,
		MinIdleConns: o.MinIdleConns, MaxIdleConns: o.MaxIdleConns, MaxActiveConns: o.MaxActiveConns,
		ConnMaxIdleTime: o.ConnMaxIdleTime, ConnMaxLifetime: o.ConnMaxLifetime,
	}
}

// connect returns a client, which connects when it is used.
func (t *target) connect() redis.UniversalClient {
	opts := t.options
	return redis.NewUniversalClient(&opts)
}

// redact returns a URL without what only a client needs to know.
func redact(u *url.URL) string {
	r := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if name := u.User.Username(); name != "" {
		r.User = url.User(name)
	}
	keep := url.Values{}
	for name, values := range u.Query() {
		if slices.Contains([]string{"db", "addr", "cluster", "master_name"}, name) {
			keep[name] = values
		}
	}
	r.RawQuery = keep.Encode()
	return r.String()
}
