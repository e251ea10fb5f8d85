package redisstore_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/redisstore"
)

// No error tells a password, however the URL is written.
func TestPasswordIsNowhere(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{Password: "geheim"})
	for name, url := range map[string]string{
		"the wrong password":     "redis://:geheimnis@" + srv.Addr(),
		"no user of that name":   "redis://ann:geheim@" + srv.Addr(),
		"a host that is none":    "redis://:geheim@nowhere.invalid:1",
		"a port that is none":    "redis://:geheim@127.0.0.1:port",
		"a slash in it":          "redis://:gehe/im@127.0.0.1:6379",
		"an escape that is none": "redis://:geheim%zz@127.0.0.1:6379",
		"an option that is none": "redis://:geheim@127.0.0.1:6379?nothing=1",
		"a scheme that is none":  "http://:geheim@127.0.0.1:6379",
		"a kind that is none":    "redis+geheim://:geheim@127.0.0.1:6379",
		"no name of the master":  "redis+sentinel://:geheim@127.0.0.1:6379",
		"a database that's none": "redis://:geheim@127.0.0.1:6379/geheim",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := redisstore.Open(t.Context(), url)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if strings.Contains(err.Error(), "gehe") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{Password: "geheim"})
	for url, want := range map[string]string{
		srv.URL():                              "redis://" + srv.Addr(),
		srv.URL() + "/1?read_timeout=9":        "redis://" + srv.Addr() + "/1",
		srv.SocketURL() + "?db=1":              strings.Replace(srv.SocketURL(), ":geheim@", "", 1) + "?db=1",
		"redis://default:geheim@" + srv.Addr(): "redis://default@" + srv.Addr(),
	} {
		s := open(t, url)
		if got := s.Address(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		newNetwork(t, s)
	}
}

func TestURLsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"localhost:6379":               "expected redis://",
		"redis+sentinel://localhost":   "master_name",
		"redis+ring://localhost":       "redis+ring",
		"redis://localhost?nothing=1":  "nothing",
		"unix://":                      "socket",
		"redis://localhost/1/2/3":      "/1/2/3",
		"redis+cluster://localhost/no": "no",
	} {
		if _, err := redisstore.Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", url, err, want)
		}
	}
}

// A network that another version wrote is left alone.
func TestSchema(t *testing.T) {
	t.Parallel()
	s := open(t, redistest.URL(t))
	n := newNetwork(t, s)
	key, err := s.Key(t.Context(), n.ID(), "counters")
	if err != nil {
		t.Fatal(err)
	}
	c := sharedClient(t)
	counters, err := c.Get(t.Context(), key).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	counters[0]++
	if err := c.Set(t.Context(), key, counters, 0).Err(); err != nil {
		t.Fatal(err)
	}
	_, err = s.Network(n.ID()).Counts(t.Context())
	if !errors.Is(err, rush.ErrSchema) {
		t.Errorf("got error %v, want ErrSchema", err)
	}
	if err := n.Register(t.Context(), rush.Worker{ID: "w1"}); !errors.Is(err, rush.ErrSchema) {
		t.Errorf("register: got error %v, want ErrSchema", err)
	}
	any, err := redisstore.OpenWith(t.Context(), redistest.URL(t), redisstore.Options{IgnoreSchema: true})
	if err != nil {
		t.Fatal(err)
	}
	defer any.Close()
	if err := any.Network(n.ID()).Register(t.Context(), rush.Worker{ID: "w1"}); err != nil {
		t.Errorf("register without a check: %v", err)
	}
}

// A server without memory says what to do, asks for no repeat, and does not
// do half of a step. What frees memory still works.
func TestOutOfMemory(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	n := newNetwork(t, open(t, srv.URL()))
	register(t, n, "w1")
	keys := push(t, n, 10)
	limit := func(bytes string) {
		t.Helper()
		if err := client(t, srv).ConfigSet(t.Context(), "maxmemory", bytes).Err(); err != nil {
			t.Fatal(err)
		}
	}
	step := store.Step{Worker: "w1", Nonce: 1, Pop: true}
	limit("1")
	for name, verb := range map[string]func() error{
		"create": func() error { _, err := n.Create(t.Context(), make([]store.NewTask, 1), uuid.NewString()); return err },
		"next":   func() error { _, err := n.Next(t.Context(), step); return err },
		"end":    func() error { _, err := n.End(t.Context(), done(keys[0], ys(t, 0))); return err },
		"define": func() error { _, err := n.Define(t.Context(), store.Definition{Version: 1, Limit: 5}); return err },
	} {
		if err := verb(); err == nil || store.Unavailable(err) || !strings.Contains(err.Error(), "maxmemory") {
			t.Errorf("%s: got error %v, want one that names maxmemory", name, err)
		}
	}
	checkCounts(t, n, rush.Counts{Created: 10, Queued: 10})
	if _, err := n.Beat(t.Context(), "w1"); err != nil {
		t.Error(err)
	}
	if _, err := n.Delete(t.Context(), keys[:5]); err != nil {
		t.Error(err)
	}
	limit("0")
	if turn, err := n.Next(t.Context(), step); err != nil || turn.Task == nil {
		t.Errorf("got %+v, %v once there was memory again, want a task", turn, err)
	}
	checkCounts(t, n, rush.Counts{Created: 10, Deleted: 5, Queued: 4, Running: 1})
}

// Tasks that the server evicted are passed over, and counted as deleted.
func TestEvictedTasks(t *testing.T) {
	t.Parallel()
	s := open(t, redistest.URL(t))
	n := newNetwork(t, s)
	register(t, n, "w1")
	register(t, n, "w2")
	keys := push(t, n, 5)
	step := store.Step{Worker: "w1", Nonce: 1, Pop: true}
	if _, err := n.Next(t.Context(), step); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys[:3] {
		name, err := s.Key(t.Context(), n.ID(), "0:"+key.String())
		if err != nil {
			t.Fatal(err)
		}
		if err := sharedClient(t).Del(t.Context(), name).Err(); err != nil {
			t.Fatal(err)
		}
	}
	turn, err := n.Next(t.Context(), store.Step{Worker: "w2", Nonce: 1, Pop: true})
	if err != nil || turn.Task == nil || turn.Task.Key != 3 {
		t.Errorf("got %+v, %v, want task 3", turn, err)
	}
	if _, err := n.EndWorker(t.Context(), store.WorkerEnd{ID: "w1", State: rush.WorkerKilled, Retry: true}); err != nil {
		t.Error(err)
	}
	got, err := n.Counts(t.Context())
	if want := (rush.Counts{Created: 5, Deleted: 3, Queued: 1, Running: 1}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

// A worker that sends an old step once more, after newer ones, gets nothing.
func TestStaleStep(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, open(t, redistest.URL(t)))
	register(t, n, "w1")
	push(t, n, 3)
	for _, nonce := range []int64{1, 2} {
		if _, err := n.Next(t.Context(), store.Step{Worker: "w1", Nonce: nonce, Pop: true}); err != nil {
			t.Fatal(err)
		}
	}
	if turn, err := n.Next(t.Context(), store.Step{Worker: "w1", Nonce: 1, Pop: true}); !errors.Is(err, rush.ErrChanged) || turn.Task != nil {
		t.Errorf("got %+v, %v, want ErrChanged", turn, err)
	}
}

func TestInvalidNames(t *testing.T) {
	t.Parallel()
	s := open(t, redistest.URL(t))
	for _, id := range []rush.NetworkID{"", "a b", "a{b}", "a:b"} {
		if _, err := s.Network(id).Define(t.Context(), store.Definition{}); err == nil {
			t.Errorf("a network was called %q", id)
		}
		if err := s.Rename(t.Context(), "nobody", id); err == nil || errors.Is(err, rush.ErrNoNetwork) {
			t.Errorf("rename to %q: got error %v, want one about the name", id, err)
		}
	}
	n := newNetwork(t, s)
	if err := n.Register(t.Context(), rush.Worker{ID: "a b"}); err == nil {
		t.Error("a worker was called \"a b\"")
	}
}

func TestInfo(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{Persist: true, Args: []string{"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"}})
	lines, err := open(t, srv.URL()).Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, line := range lines {
		got[line[0]] = line[1]
	}
	for name, want := range map[string]string{
		"address": "redis://" + srv.Addr(), "maxmemory_policy": "allkeys-lru", "maxmemory": "104857600", "role": "master",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	if !strings.HasPrefix(got["persistence"], "append-only file") || got["product"] == "" || got["version"] == "" || got["used_memory"] == "" {
		t.Errorf("got %v", got)
	}
}

// What is saved when is told to people.
func TestSnapshotSchedule(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ set, want string }{{"3600 1 300 100", "3600 1 300 100"}, {"", "none"}} {
		srv := redistest.Start(t, redistest.Options{Args: []string{"--save", tc.set}})
		info, err := open(t, srv.URL()).Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(info, [2]string{"snapshot_schedule", tc.want}) {
			t.Errorf("found %q, expected the schedule %q", info, tc.want)
		}
	}
}

// A server that runs a long script answers later: a worker goes on trying.
func TestABusyServerIsAway(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	n := newNetwork(t, open(t, srv.URL()))
	c, other := client(t, srv), client(t, srv)
	if err := c.ConfigSet(t.Context(), "busy-reply-threshold", "1").Err(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Eval(t.Context(), "while true do end", nil).Err() }()
	var err error
	for err == nil { // until the script has begun
		_, err = n.Counts(t.Context())
	}
	if !store.Unavailable(err) || !strings.Contains(err.Error(), "BUSY") {
		t.Errorf("found %v; expected that the store is away because it is busy", err)
	}
	if err := other.ScriptKill(t.Context()).Err(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err == nil {
		t.Error("the script was not stopped")
	}
}
