package redistest_test

import (
	"os"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush/internal/redistest"
)

func TestMain(m *testing.M) { os.Exit(redistest.Main(m)) }

func client(t *testing.T, url string) *redis.Client {
	t.Helper()
	opts, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opts)
	t.Cleanup(func() { c.Close() })
	return c
}

func TestSharedServerIsOneServer(t *testing.T) {
	t.Parallel()
	if err := client(t, redistest.URL(t)).Set(t.Context(), "redistest", "yes", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if got, err := client(t, redistest.URL(t)).Get(t.Context(), "redistest").Result(); got != "yes" || err != nil {
		t.Errorf("got %q, %v from the second URL, want what was written to the first", got, err)
	}
}

func TestPersistentServerKeepsItsDataOverACrash(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{Persist: true, Password: "secret"})
	c := client(t, srv.URL())
	if err := c.Set(t.Context(), "key", "value", 0).Err(); err != nil {
		t.Fatal(err)
	}
	pid := srv.PID()
	srv.Stop()
	srv.Stop()
	if srv.PID() != 0 {
		t.Errorf("process %d is still there after the stop", srv.PID())
	}
	srv.Start(t)
	if srv.PID() == pid {
		t.Errorf("the process is still %d after a restart", pid)
	}
	for _, url := range []string{srv.URL(), srv.SocketURL()} {
		if got, err := client(t, url).Get(t.Context(), "key").Result(); got != "value" || err != nil {
			t.Errorf("%s: got %q, %v after the restart, want the value from before", url, got, err)
		}
	}
}

func TestServerWithoutPersistenceForgets(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	c := client(t, srv.URL())
	if err := c.Set(t.Context(), "key", "value", 0).Err(); err != nil {
		t.Fatal(err)
	}
	srv.Stop()
	srv.Start(t)
	if n, err := c.Exists(t.Context(), "key").Result(); n != 0 || err != nil {
		t.Errorf("got %d keys, %v after the restart, want none", n, err)
	}
}
