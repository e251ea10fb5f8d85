package logstore_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A paper is a log in memory. Its gate, if it has one, lets one write pass for
// each error that is sent.
type paper struct {
	gate   chan error
	called chan int // the size of each batch, before the gate

	mu      sync.Mutex // guards what follows
	entries []rush.LogEntry
	nonces  map[string]bool
	writes  int
}

func newPaper(gated bool) *paper {
	p := &paper{nonces: map[string]bool{}, called: make(chan int, 100)}
	if gated {
		p.gate = make(chan error)
	}
	return p
}

func (p *paper) AppendLog(ctx context.Context, entries []rush.LogEntry, nonce string) error {
	p.called <- len(entries)
	var err error
	if p.gate != nil {
		select {
		case err = <-p.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !errors.Is(err, errRefused) && !p.nonces[nonce] {
		p.nonces[nonce] = true
		p.entries = append(p.entries, entries...)
		p.writes++
	}
	return err
}

var (
	errRefused = errors.New("the store is away")
	errReply   = errors.New("the reply was lost")
)

func (p *paper) read() []rush.LogEntry {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]rush.LogEntry{}, p.entries...)
}

func (p *paper) messages() (m []string) {
	for _, e := range p.read() {
		m = append(m, e.Message)
	}
	return m
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func closed(t *testing.T, h *logstore.Handler) {
	t.Helper()
	if err := h.Close(within(t)); err != nil {
		t.Error(err)
	}
}

func TestRecordsBecomeEntries(t *testing.T) {
	t.Parallel()
	p := newPaper(false)
	h := logstore.New(t.Context(), p, &logstore.Options{Worker: "w1", Logger: "rush"})
	log := slog.New(h)
	log.Info("plain", "n", 3, "x", 0.5, "d", 2*time.Second, "err", errRefused, "none", nil, "list", []int{1, 2})
	log.With("task", rush.TaskKey(7), "a", true).WithGroup("g").With("b", "c").Warn("grouped", slog.Group("in", "k", uint64(1<<63)))
	log.Info("named", logstore.LoggerKey, "mine", logstore.TaskKey, 4)
	log.Info(strings.Repeat("long ", 10_000))
	closed(t, h)
	got := p.read()
	want := []rush.LogEntry{
		{Worker: "w1", Task: rush.NoTask, Kind: rush.LogRecord, Logger: "rush", Message: "plain",
			Attrs: rush.Values{"n": int64(3), "x": 0.5, "d": "2s", "err": "the store is away", "none": nil, "list": "[1 2]"}},
		{Worker: "w1", Task: 7, Kind: rush.LogRecord, Level: slog.LevelWarn, Logger: "rush", Message: "grouped",
			Attrs: rush.Values{"a": true, "g.b": "c", "g.in.k": "9223372036854775808"}},
		{Worker: "w1", Task: 4, Kind: rush.LogRecord, Logger: "mine", Message: "named"},
	}
	if diff := cmp.Diff(want, got[:3], cmpopts.IgnoreFields(rush.LogEntry{}, "Time")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if m := got[3].Message; len(m) > 17_000 || !strings.HasSuffix(m, "... (50000 bytes in all)") {
		t.Errorf("a long message has %d bytes and ends with %q", len(m), m[len(m)-30:])
	}
}

func TestTheLongestThresholdWins(t *testing.T) {
	t.Parallel()
	set, err := logstore.ParseThresholds("error, rush=info,rush/objective=debug")
	if err != nil {
		t.Fatal(err)
	}
	if got := set.String(); got != "error,rush/objective=debug,rush=info" {
		t.Errorf("got %q", got)
	}
	for _, tc := range []struct {
		logger string
		level  slog.Level
		want   bool
	}{
		{"", slog.LevelWarn, false}, {"", slog.LevelError, true}, {"rush", slog.LevelInfo, true}, {"rush", slog.LevelDebug, false},
		{"rush/loop", slog.LevelInfo, true}, {"rush.loop", slog.LevelDebug, false}, {"rushing", slog.LevelInfo, false},
		{"rush/objective/net", slog.LevelDebug, true},
	} {
		if got := set.Enabled(tc.logger, tc.level); got != tc.want {
			t.Errorf("%s at %v: got %v, want %v", tc.logger, tc.level, got, tc.want)
		}
	}
	if (logstore.Thresholds{"rush": slog.LevelDebug}).Enabled("other", slog.LevelError) {
		t.Error("a logger without a threshold is kept")
	}
	for _, bad := range []string{"", "loud", "rush=", "info,,warn"} {
		if _, err := logstore.ParseThresholds(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestThresholdsAndFilters(t *testing.T) {
	t.Parallel()
	p := newPaper(false)
	h := logstore.New(t.Context(), p, &logstore.Options{
		Thresholds: logstore.Thresholds{"": slog.LevelWarn, "loud": slog.LevelDebug},
		Filter: func(e *rush.LogEntry) bool {
			e.Message = strings.ToUpper(e.Message)
			return e.Attrs["secret"] == nil
		},
	})
	log := slog.New(h)
	log.Info("quiet")
	log.Warn("kept")
	log.Warn("hidden", "secret", 1)
	log.With(logstore.LoggerKey, "loud").Debug("also")
	closed(t, h)
	if diff := cmp.Diff([]string{"KEPT", "ALSO"}, p.messages()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A full buffer, a flush, a high level and the end each write what is there.
func TestTheBufferIsWritten(t *testing.T) {
	t.Parallel()
	p := newPaper(false)
	h := logstore.New(t.Context(), p, &logstore.Options{Buffer: 3, FlushEvery: time.Hour})
	log := slog.New(h)
	for i := range 3 {
		log.Info(fmt.Sprint(i))
	}
	if n := <-p.called; n != 3 {
		t.Errorf("a full buffer wrote %d entries, want 3", n)
	}
	log.Info("3")
	if err := h.Flush(within(t)); err != nil {
		t.Fatal(err)
	}
	if got := len(p.read()); got != 4 {
		t.Errorf("after a flush there are %d entries, want 4", got)
	}
	log.Info("4")
	log.Error("5")
	if got := len(p.read()); got != 6 {
		t.Errorf("after an error there are %d entries, want 6", got)
	}
	log.Info("6")
	closed(t, h)
	if diff := cmp.Diff([]string{"0", "1", "2", "3", "4", "5", "6"}, p.messages()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if p.writes != 4 {
		t.Errorf("there were %d writes, want 4", p.writes)
	}
	log.Info("too late")
	if h.Dropped() != 1 {
		t.Errorf("%d entries are said to be dropped, want 1", h.Dropped())
	}
}

func TestAnEntryDoesNotStayInTheBuffer(t *testing.T) {
	t.Parallel()
	p := newPaper(false)
	h := logstore.New(t.Context(), p, &logstore.Options{Buffer: 1000, FlushEvery: time.Millisecond})
	slog.New(h).Info("alone")
	if n := <-p.called; n != 1 {
		t.Errorf("%d entries were written, want 1", n)
	}
	closed(t, h)
}

// While the store is away nobody waits, and what was dropped is told later.
func TestWhatIsDroppedIsTold(t *testing.T) {
	t.Parallel()
	p := newPaper(true)
	h := logstore.New(t.Context(), p, &logstore.Options{Queue: 5})
	log := slog.New(h)
	log.Info("0")
	<-p.called // is being written, for as long as the gate is shut
	for i := range 9 {
		log.Info(fmt.Sprint(1 + i))
	}
	if got := h.Dropped(); got != 5 {
		t.Errorf("%d entries were dropped, want 5", got)
	}
	p.gate <- errRefused
	p.gate <- errReply // what was written then is not written again
	close(p.gate)
	closed(t, h)
	want := []string{"0", "entries of the log were dropped: they came faster than the store took them", "1", "2", "3", "4"}
	if diff := cmp.Diff(want, p.messages()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := p.read()[1].Attrs["dropped"]; got != int64(5) {
		t.Errorf("%v are said to be dropped, want 5", got)
	}
}

func TestCloseSaysWhatIsLost(t *testing.T) {
	t.Parallel()
	p := newPaper(true)
	h := logstore.New(t.Context(), p, nil)
	slog.New(h).Info("never")
	p.gate <- errRefused
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := h.Close(ctx)
	if !errors.Is(err, errRefused) || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "1 entries are not written") {
		t.Errorf("got %v, want that the store was away and an entry is lost", err)
	}
}

// A network that is gone keeps nobody waiting.
func TestANetworkThatIsGone(t *testing.T) {
	t.Parallel()
	p := newPaper(true)
	h := logstore.New(t.Context(), p, nil)
	slog.New(h).Info("never")
	p.gate <- rush.ErrNoNetwork
	closed(t, h)
	if h.Dropped() != 1 {
		t.Errorf("%d entries are said to be dropped, want 1", h.Dropped())
	}
}

func TestFilesAreReadBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/logs"
	one, err := logstore.OpenFiles(dir, "w1")
	if err != nil {
		t.Fatal(err)
	}
	other, err := logstore.OpenFiles(dir, "w1")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range []*logstore.Files{one, other, one} {
		if err := f.Write(rush.LogStdout, fmt.Sprint("line ", i)); err != nil {
			t.Fatal(err)
		}
	}
	stdout, stderr, err := logstore.ReadFiles(dir, "w1")
	if err != nil || string(stdout) != "line 0\nline 1\nline 2\n" || len(stderr) > 0 {
		t.Errorf("got %q, %q, %v", stdout, stderr, err)
	}
	if err := errors.Join(one.Close(), other.Close()); err != nil {
		t.Error(err)
	}
	if _, _, err := logstore.ReadFiles(dir, "w2"); err == nil {
		t.Error("a worker without files was read")
	}
	if _, err := logstore.OpenFiles(dir, "../w1"); err == nil {
		t.Error("a worker outside of the directory was accepted")
	}
}
