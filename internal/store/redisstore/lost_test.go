package redisstore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// A verbOnce is a verb on a network that was prepared, and what it returns
// and leaves when it happened once.
type verbOnce struct {
	name    string
	prepare func(t *testing.T, n store.Network)
	call    func(ctx context.Context, n store.Network) (any, error)
	want    any
	counts  rush.Counts
}

func failure(t testing.TB) []byte {
	t.Helper()
	b, err := wire.EncodeCondition(&rush.Condition{Class: rush.ClassError, Message: "Failed"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func verbsOnce(t *testing.T) []verbOnce {
	bad := failure(t)
	queue := func(count int) func(t *testing.T, n store.Network) {
		return func(t *testing.T, n store.Network) {
			register(t, n, "w1")
			push(t, n, count)
		}
	}
	ended := func(t *testing.T, n store.Network) {
		queue(3)(t, n)
		if _, err := n.End(t.Context(), []store.Done{{Key: 0, YS: ys(t, 0)}, {Key: 1, Condition: bad}}); err != nil {
			t.Fatal(err)
		}
	}
	running := func(t *testing.T, n store.Network) {
		register(t, n, "w1")
		if err := n.Register(t.Context(), rush.Worker{ID: "lapsed", Expiry: time.Microsecond}); err != nil {
			t.Fatal(err)
		}
		var tasks []store.NewTask
		for _, w := range []rush.WorkerID{"w1", "lapsed"} {
			tasks = append(tasks, store.NewTask{State: rush.Running, Worker: w, Options: rush.Options{MaxRetries: 5}})
		}
		if _, err := n.Create(t.Context(), tasks, uuid.NewString()); err != nil {
			t.Fatal(err)
		}
	}
	return []verbOnce{
		{
			"define", func(*testing.T, store.Network) {},
			func(ctx context.Context, n store.Network) (any, error) {
				return n.Define(ctx, store.Definition{Version: 1, Body: []byte("other")})
			},
			int64(2), rush.Counts{},
		},
		{
			"create", func(*testing.T, store.Network) {},
			func(ctx context.Context, n store.Network) (any, error) {
				return n.Create(ctx, make([]store.NewTask, 3), "nonce")
			},
			[]rush.TaskKey{0, 1, 2}, rush.Counts{Created: 3, Queued: 3},
		},
		{
			"next", queue(3),
			func(ctx context.Context, n store.Network) (any, error) {
				turn, err := n.Next(ctx, store.Step{Worker: "w1", Nonce: 1, Pop: true})
				return turn.Task.Key, err
			},
			rush.TaskKey(0), rush.Counts{Created: 3, Queued: 2, Running: 1},
		},
		{
			"next, proposing and claiming", queue(0),
			func(ctx context.Context, n store.Network) (any, error) {
				turn, err := n.Next(ctx, store.Step{Worker: "w1", Nonce: 1, Propose: &store.Proposal{Key: rush.NoTask}, Claim: true})
				return []rush.TaskKey{turn.Created, turn.Claimed}, err
			},
			[]rush.TaskKey{0, 1}, rush.Counts{Created: 1, Running: 1, Claimed: 1},
		},
		{
			"end, asking for another attempt", running,
			func(ctx context.Context, n store.Network) (any, error) {
				outcomes, err := n.End(ctx, []store.Done{{Key: 0, Condition: bad, Retry: true}})
				if err != nil {
					return nil, err
				}
				records, err := n.Records(ctx, []rush.TaskKey{0}, rush.NoFields)
				return fmt.Sprint(outcomes, records[0].Attempt), err
			},
			fmt.Sprint([]store.Outcome{store.Retried}, 2), rush.Counts{Created: 2, Queued: 1, Running: 1},
		},
		{
			"retry", ended,
			func(ctx context.Context, n store.Network) (any, error) {
				return nil, n.Retry(ctx, []rush.TaskKey{0, 1}, store.RetryOptions{IgnoreLimit: true})
			},
			nil, rush.Counts{Created: 3, Queued: 3},
		},
		{
			"remove", queue(3),
			func(ctx context.Context, n store.Network) (any, error) {
				return n.Remove(ctx, []rush.TaskKey{0, 2, 9}, [][]byte{bad, bad, bad})
			},
			[]bool{true, true, false}, rush.Counts{Created: 3, Queued: 1, Failed: 2},
		},
		{
			"delete", ended,
			func(ctx context.Context, n store.Network) (any, error) { return n.Delete(ctx, []rush.TaskKey{0, 2, 9}) },
			2, rush.Counts{Created: 3, Failed: 1, Deleted: 2},
		},
		{
			"end worker", running,
			func(ctx context.Context, n store.Network) (any, error) {
				return n.EndWorker(ctx, store.WorkerEnd{ID: "w1", State: rush.WorkerKilled, Condition: bad})
			},
			[]rush.TaskKey{0}, rush.Counts{Created: 2, Running: 1, Failed: 1},
		},
		{
			"delete workers",
			func(t *testing.T, n store.Network) {
				running(t, n)
				if _, err := n.EndWorker(t.Context(), store.WorkerEnd{ID: "w1", State: rush.WorkerKilled, Condition: bad}); err != nil {
					t.Fatal(err)
				}
			},
			func(ctx context.Context, n store.Network) (any, error) { return n.DeleteWorkers(ctx, nil) },
			[]rush.WorkerID{"w1"}, rush.Counts{Created: 2, Running: 1, Failed: 1},
		},
		{
			"sweep", running,
			func(ctx context.Context, n store.Network) (any, error) { return n.Sweep(ctx, "", bad) },
			[]store.LostWorker{{ID: "lapsed", Tasks: []rush.TaskKey{1}}}, rush.Counts{Created: 2, Running: 1, Queued: 1},
		},
		{
			"reset", ended,
			func(ctx context.Context, n store.Network) (any, error) {
				if err := n.Reset(ctx, false); err != nil {
					return nil, err
				}
				s, err := n.Snapshot(ctx)
				return s.Cursor.Epoch, err
			},
			int64(1), rush.Counts{},
		},
	}
}

// A verb whose reply got lost is sent again by the client. It happened once,
// and the answer is that of the first time.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	direct := open(t, srv.URL())
	for _, v := range verbsOnce(t) {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			p := redistest.NewProxy(t, srv.Addr())
			n := newNetwork(t, direct)
			v.prepare(t, n)
			through := open(t, p.URL()).Network(n.ID())
			if _, err := through.Counts(t.Context()); err != nil { // resolves the name
				t.Fatal(err)
			}
			p.Lose(0)
			got, err := v.call(t.Context(), through)
			if lost := p.Losses(); lost != 1 {
				t.Fatalf("%d replies got lost, want 1", lost)
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(v.want, got); diff != "" {
				t.Errorf("the answer (-want +got):\n%s", diff)
			}
			checkCounts(t, n, v.counts)
		})
	}
}

// checkCounts reports counts that are others, and a network that breaks an
// invariant.
func checkCounts(t *testing.T, n store.Network, want rush.Counts) {
	t.Helper()
	got, err := n.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	a, err := n.Audit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range store.Check(a) {
		t.Error(v)
	}
}

// A rename of which the reply got lost has happened once, too.
func TestLostReplyOfRename(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	p := redistest.NewProxy(t, srv.Addr())
	s := open(t, p.URL())
	n := newNetwork(t, s)
	p.Lose(2) // after the replies to two looks at what there is
	if err := s.Rename(t.Context(), n.ID(), "renamed"); err != nil {
		t.Error(err)
	}
	if lost := p.Losses(); lost != 1 {
		t.Errorf("%d replies got lost, want 1", lost)
	}
	if _, err := s.Network("renamed").Counts(t.Context()); err != nil {
		t.Error(err)
	}
}

// A worker that loses the reply that wakes it gets its task all the same.
func TestLostReplyOfWaiter(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	n := newNetwork(t, open(t, srv.URL()))
	register(t, n, "w1")
	p := redistest.NewProxy(t, srv.Addr())
	through := open(t, p.URL())
	through.NeverLookAgain()
	turns := make(chan store.Turn, 1)
	go func() {
		defer close(turns)
		step := store.Step{Worker: "w1", Nonce: 1, Pop: true, Wait: time.Hour, Idle: true}
		turn, err := through.Network(n.ID()).Next(t.Context(), step)
		for store.Unavailable(err) {
			turn, err = through.Network(n.ID()).Next(t.Context(), step)
		}
		if err != nil {
			t.Error(err)
		}
		turns <- turn
	}()
	awaitBlocked(t, srv, 1)
	p.Lose(0) // the token
	push(t, n, 1)
	if turn := <-turns; turn.Task == nil {
		t.Errorf("got %+v, want the task", turn)
	}
	if lost := p.Losses(); lost != 1 {
		t.Errorf("%d replies got lost, want 1", lost)
	}
}
