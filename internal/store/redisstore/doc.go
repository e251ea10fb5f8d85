// Package redisstore is the store on a Redis 7 or Valkey server: standalone,
// behind Sentinels, or a Cluster. It is the only code that knows Redis keys,
// Lua and go-redis.
//
//	s, err := redisstore.Open(ctx, "redis://localhost:6379")
//	defer s.Close()
//	n := s.Network("branin")
//
// Each verb is one Lua script, named like its method (lua/next.lua is
// Network.Next) and so one atomic step; the keys that they share are in
// keys.go. Scripts are sent once and then called by their digest.
//
// A verb whose reply got lost is sent again by the client, a few times. That
// is why every script recognizes a repeat: by what it finds (first writer
// wins), by the nonce that its caller gave, or by one that the call made for
// itself. When the server stays away, a verb returns an error for which
// store.Unavailable is true; its caller decides for how long to try again.
//
// Who waits blocks in BLPOP, on a connection of its own, on lists of tokens
// that scripts fill; see wake.lua and keys.go. Every few seconds it looks by
// itself, so that a token that got lost costs a delay and not a result.
package redisstore
