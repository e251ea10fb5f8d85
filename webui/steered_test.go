package webui

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// A pretended network has another name by now, and a definition; what it is asked to
// do beside that is a panic.
type pretended struct {
	Network
	name rush.NetworkID
}

func (p *pretended) Identity(context.Context) (Identity, error) { return Identity{Name: p.name}, nil }

func (p *pretended) Definition(context.Context) (*Definition, error) {
	return &Definition{Space: []byte(`[{"name": "x1"}]`)}, nil
}

func pretendedHub(name rush.NetworkID, start func(context.Context, WorkerStart) ([]rush.WorkerID, error)) *hub {
	b := newHub(&Config{StartWorkers: start}, "branin", nil)
	b.net = &pretended{name: name}
	return b
}

func wantStatus(t *testing.T, what string, err error, status int) {
	t.Helper()
	if err == nil || statusOf(err) != status {
		t.Errorf("%s: got %v, want status %d", what, err, status)
	}
}

// What has a network's old name may be about something else: nothing is started there,
// and nothing deleted, for who sees the renamed one.
func TestRenamedNetworkIsLeftAlone(t *testing.T) {
	t.Parallel()
	b := pretendedHub("branin.1", func(context.Context, WorkerStart) ([]rush.WorkerID, error) {
		t.Error("workers were started")
		return nil, nil
	})
	for name, do := range map[string]verb{"start": startWorkers, "reset": resetNetwork, "destroy": destroyNetwork} {
		_, err := do(t.Context(), b, new(order))
		wantStatus(t, name, err, http.StatusConflict)
		if err != nil && !strings.Contains(err.Error(), "branin.1") {
			t.Errorf("%s: the error is %q", name, err)
		}
	}
}

// Two clicks start the workers of one.
func TestStartsAtTheSameTime(t *testing.T) {
	t.Parallel()
	var b *hub
	inner := 0
	b = pretendedHub("branin", func(ctx context.Context, _ WorkerStart) ([]rush.WorkerID, error) {
		inner++
		_, err := startWorkers(ctx, b, new(order))
		wantStatus(t, "the second click", err, http.StatusConflict)
		return []rush.WorkerID{"ann"}, nil
	})
	for range 2 { // one after the other is fine
		if res, err := startWorkers(t.Context(), b, new(order)); err != nil || res.Done != 1 {
			t.Errorf("got %v, %v", res, err)
		}
	}
	if inner != 2 {
		t.Errorf("workers were started %d times; expected 2", inner)
	}
}

// Who has gone does not wait until the reports of somebody else are read.
func TestWaitForReportsIsGivenUp(t *testing.T) {
	t.Parallel()
	b := pretendedHub("branin", nil)
	b.reports.turn <- struct{}{} // somebody reads
	ctx, gone := context.WithCancel(t.Context())
	gone()
	if _, err := b.reports.get(ctx, b, "", rush.Cursor{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A network may be made anew while somebody sets constants (run with -race).
func TestConstantsWhileTheDefinitionChanges(t *testing.T) {
	t.Parallel()
	b := pretendedHub("branin", nil)
	if err := b.define(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- b.define(t.Context()) }()
	_ = b.checkConstants(rush.Values{"x2": 1})
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantStatus(t, "a parameter", b.checkConstants(rush.Values{"x1": 1}), http.StatusBadRequest)
}

// A person who leaves while a point is proposed does not break that off: the number
// that was claimed for it would be held by nobody.
func TestAskIsNotBrokenOff(t *testing.T) {
	t.Parallel()
	b := newHub(new(Config), "branin", nil)
	b.net = &asked{t: t}
	ctx, gone := context.WithCancel(t.Context())
	gone()
	if res, err := askTask(ctx, b, new(order)); err != nil || res.Done != 1 {
		t.Errorf("got %v, %v", res, err)
	}
}

type asked struct {
	Network
	t *testing.T
}

func (a *asked) Ask(ctx context.Context) (*rush.Task, string, error) {
	if ctx.Err() != nil {
		a.t.Error("the claim was broken off")
	}
	return &rush.Task{Key: 7}, "", nil
}

// An error in the middle of an action says what was done before it.
func TestActionThatEndsInTheMiddle(t *testing.T) {
	t.Parallel()
	net, err := network.Open(t.Context(), network.Config{Store: filepath.Join(t.TempDir(), "rush.db"), Network: "middle"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	tasks := make([]rush.Task, together+1)
	for i := range tasks {
		tasks[i] = rush.Task{State: rush.Finished, XS: rush.Values{"x": int64(i)}, YS: rush.Values{"y": 1.0}}
	}
	if _, err := net.PushTasks(t.Context(), tasks); err != nil {
		t.Fatal(err)
	}
	cfg, err := Config{Store: oneNetwork{net: net}, Open: true}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s := new(hubs)
	s.init(&cfg)
	t.Cleanup(s.close)
	b, err := s.hub(t.Context(), "middle")
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	res, err := b.change(t.Context(), &order{Filter: new(Filter)}, func(match) string { return "" }, func([]rush.TaskKey) error {
		if calls++; calls > 1 {
			return errors.New("the store is gone")
		}
		return nil
	})
	wantStatus(t, "the second half", err, http.StatusServiceUnavailable)
	if text := res.short(err).Error(); !strings.Contains(text, "500 were done") || !strings.Contains(text, "gone") {
		t.Errorf("the error is %q", text)
	}
}
