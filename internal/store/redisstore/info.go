package redisstore

import (
	"context"
	"fmt"
	"strings"
)

// Info describes the server; see store.Store. Of a Cluster it is one node.
func (s *Store) Info(ctx context.Context) ([][2]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, s.explain(ctx, err)
	}
	text, err := s.client.Info(ctx).Result()
	if err != nil {
		return nil, fmt.Errorf("server information: %w", s.explain(ctx, err))
	}
	info := parseInfo(text)
	product, version := "redis", info["redis_version"]
	if name := info["server_name"]; name != "" {
		product = name
	}
	if v := info["valkey_version"]; v != "" {
		version = v
	}
	return [][2]string{
		{"product", product},
		{"version", version},
		{"address", s.address},
		{"mode", info["redis_mode"]},
		{"role", info["role"]},
		{"size", info["used_memory_human"]},
		{"used_memory", info["used_memory"]},
		{"maxmemory", info["maxmemory"]},
		{"maxmemory_policy", info["maxmemory_policy"]},
		{"persistence", persistence(info)},
		{"snapshot_schedule", s.snapshots(ctx)},
		{"connected_clients", info["connected_clients"]},
		{"uptime_in_seconds", info["uptime_in_seconds"]},
	}, nil
}

// snapshots is the server's schedule of snapshots, as in "3600 1 300 100": after
// so many seconds, if there were so many changes.
func (s *Store) snapshots(ctx context.Context) string {
	set, err := s.client.ConfigGet(ctx, "save").Result()
	switch {
	case err != nil:
		return "unknown: the server does not tell this user"
	case set["save"] == "":
		return "none"
	}
	return set["save"]
}

// parseInfo reads the lines name:value of the answer to INFO.
func parseInfo(text string) map[string]string {
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ":"); ok {
			info[name] = value
		}
	}
	return info
}

// persistence says in words what survives the server's end.
func persistence(info map[string]string) string {
	switch {
	case info["aof_enabled"] == "1":
		return "append-only file, last write " + info["aof_last_write_status"]
	case info["rdb_last_save_time"] != "" && info["rdb_saves"] != "0":
		return "snapshots, " + info["rdb_changes_since_last_save"] + " changes since the last one, which went " + info["rdb_last_bgsave_status"]
	}
	return "none yet: what is stored ends with the server, unless it is told to save"
}
