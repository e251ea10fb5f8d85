package network_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	_ "modernc.org/sqlite" // the driver of database/sql

	"github.com/rushnet/rush"
)

// deleteByHand deletes a task's record behind the back of the store's driver.
func deleteByHand(t *testing.T, url string, id rush.NetworkID, key rush.TaskKey) {
	t.Helper()
	var deleted int64
	var err error
	if strings.Contains(url, "://") {
		deleted, err = deleteInRedis(t, url, fmt.Sprintf("rush:{%s}:0:%d", id, key))
	} else {
		deleted, err = deleteInFile(t, url, key)
	}
	if err != nil || deleted != 1 {
		t.Fatalf("%d records of task %d were deleted, %v", deleted, key, err)
	}
}

func deleteInRedis(t *testing.T, url, key string) (int64, error) {
	opts, err := redis.ParseURL(url)
	if err != nil {
		return 0, err
	}
	client := redis.NewClient(opts)
	defer client.Close()
	return client.Del(t.Context(), key).Result()
}

// deleteInFile is for a file with one network.
func deleteInFile(t *testing.T, path string, key rush.TaskKey) (int64, error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	result, err := db.ExecContext(t.Context(), "DELETE FROM tasks WHERE id & 0xffffffffff = ?", int64(key))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
