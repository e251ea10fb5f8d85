package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func logTests() []test {
	return []test{
		{"entries come back as they were", testLogEntries},
		{"times are by the store's clock", testLogTimes},
		{"a repeat appends nothing", testLogRepeat},
		{"a log that does not exist is an error", testLogAbsent},
		{"a filter lets through what it says", testLogFilter},
		{"a page ends where the next begins", testLogPages},
		{"the last entries are read from the end", testLogTail},
		{"the oldest are dropped, and readers learn of it", testLogKeep},
		{"an entry wakes a reader", testLogWake},
		{"an entry that is not wanted does not", testLogWakeFilter},
		{"a reset wakes a reader and empties the log", testLogReset},
		{"the life of a worker is told", testLogEvents},
		{"many write at once", testLogConcurrent},
	}
}

// told returns n entries with the messages first, first+1, ...
func told(first, n int) []rush.LogEntry {
	entries := make([]rush.LogEntry, n)
	for i := range entries {
		entries[i] = rush.LogEntry{Task: rush.NoTask, Kind: rush.LogRecord, Message: fmt.Sprint(first + i)}
	}
	return entries
}

func (f *fixture) tell(entries ...rush.LogEntry) {
	f.Helper()
	f.check(f.net.AppendLog(f.Context(), entries, uuid.NewString()))
}

// logPage reads the log from a cursor on.
func (f *fixture) logPage(from rush.Cursor, filter rush.LogFilter, max int) rush.LogPage {
	f.Helper()
	page, err := f.net.ReadLog(f.patient(), from, filter, max, 0)
	f.check(err)
	return page
}

func (f *fixture) logStart() rush.Cursor {
	f.Helper()
	page, err := f.net.TailLog(f.patient(), 0, rush.LogFilter{})
	f.check(err)
	page.Next.Offset = 0
	return page.Next
}

func messages(entries []rush.LogEntry) (m []string) {
	for _, e := range entries {
		m = append(m, e.Message)
	}
	return m
}

func numbers(first, n int) (m []string) {
	for i := range n {
		m = append(m, fmt.Sprint(first+i))
	}
	return m
}

func testLogEntries(f *fixture) {
	f.define(0, 0)
	entries := []rush.LogEntry{
		{Worker: "w1", Task: 3, Kind: rush.LogRecord, Level: slog.LevelDebug, Logger: "rush/objective", Message: "loss",
			Attrs: rush.Values{"epoch": int64(3), "loss": 0.25, "tags": []any{"a", "b"}}},
		{Task: rush.NoTask, Kind: rush.LogStderr, Level: slog.LevelError, Message: "ünï\n\x00 code"},
		{Worker: "not registered", Task: 0, Kind: rush.LogEvent, Level: 3},
	}
	f.tell(entries...)
	got := f.logPage(f.logStart(), rush.LogFilter{}, 0)
	for i := range entries {
		entries[i].Offset = int64(i)
	}
	f.same("entries", normalLog(got).Entries, normalLog(rush.LogPage{Entries: withTimes(entries)}).Entries)
	if got.More || got.Reset || got.Dropped != 0 || got.Next.Offset != 3 {
		f.Errorf("got %+v, want the end of the log", got)
	}
}

func withTimes(entries []rush.LogEntry) []rush.LogEntry {
	for i := range entries {
		entries[i].Time = time.UnixMicro(1)
	}
	return entries
}

func testLogTimes(f *fixture) {
	f.define(0, 0)
	entries := told(0, 3)
	entries[1].Time = time.Now().Add(-time.Minute)
	entries[2].Time = time.Now().Add(time.Hour) // by a clock that was set
	f.tell(entries...)
	got := f.logPage(f.logStart(), rush.LogFilter{}, 0).Entries
	if d := got[0].Time.Sub(got[1].Time); d < time.Minute || d > time.Minute+patience {
		f.Errorf("an entry of a minute ago is %v older than one of now", d)
	}
	if d := got[2].Time.Sub(got[0].Time); d > patience {
		f.Errorf("an entry of the future is %v newer than one of now", d)
	}
}

func testLogRepeat(f *fixture) {
	f.define(0, 0)
	many := told(0, 2_500) // more than a chunk
	for range 3 {
		f.check(f.net.AppendLog(f.Context(), many, "nonce"))
		f.check(f.other().AppendLog(f.Context(), told(-1, 1), "other"))
	}
	f.same("messages", messages(f.logPage(f.logStart(), rush.LogFilter{}, 5_000).Entries), append(numbers(0, 2_500), "-1"))
	if err := f.net.AppendLog(f.Context(), many, ""); err == nil {
		f.Error("an empty nonce was accepted")
	}
}

func testLogAbsent(f *fixture) {
	f.wantErr("append", f.net.AppendLog(f.Context(), told(0, 1), "nonce"), rush.ErrNoNetwork)
	_, err := f.net.ReadLog(f.Context(), rush.Cursor{}, rush.LogFilter{}, 0, 0)
	f.wantErr("read", err, rush.ErrNoNetwork)
	_, err = f.net.TailLog(f.Context(), 1, rush.LogFilter{})
	f.wantErr("tail", err, rush.ErrNoNetwork)
	f.wantErr("keep", f.net.KeepLog(f.Context(), 1), rush.ErrNoNetwork)
}

func testLogFilter(f *fixture) {
	f.define(0, 0)
	f.tell(
		rush.LogEntry{Message: "a", Worker: "w1", Task: 1, Kind: rush.LogRecord, Level: slog.LevelDebug, Logger: "rush"},
		rush.LogEntry{Message: "b", Worker: "w2", Task: 1, Kind: rush.LogStdout, Logger: "rush/loop"},
		rush.LogEntry{Message: "c", Worker: "w1", Task: 2, Kind: rush.LogStderr, Level: slog.LevelWarn, Logger: "rushing"},
		rush.LogEntry{Message: "d", Task: rush.NoTask, Kind: rush.LogEvent, Level: slog.LevelError},
	)
	start := f.logStart()
	for _, tc := range []struct {
		filter rush.LogFilter
		want   []string
	}{
		{rush.LogFilter{}, []string{"a", "b", "c", "d"}},
		{rush.LogFilter{Workers: []rush.WorkerID{"w1", "w3"}}, []string{"a", "c"}},
		{rush.LogFilter{Workers: []rush.WorkerID{""}}, []string{"d"}},
		{rush.LogFilter{Workers: []rush.WorkerID{}}, nil},
		{rush.LogFilter{Tasks: []rush.TaskKey{1}}, []string{"a", "b"}},
		{rush.LogFilter{Tasks: []rush.TaskKey{2, rush.NoTask}}, []string{"c", "d"}},
		{rush.LogFilter{Kinds: []rush.LogKind{rush.LogStdout, rush.LogStderr}}, []string{"b", "c"}},
		{rush.LogFilter{Loggers: []string{"rush"}}, []string{"a", "b"}},
		{rush.LogFilter{Loggers: []string{""}}, []string{"a", "b", "c", "d"}},
		{rush.LogFilter{Level: slog.LevelInfo}, []string{"b", "c", "d"}},
		{rush.LogFilter{Level: slog.LevelWarn, Workers: []rush.WorkerID{"w1"}}, []string{"c"}},
	} {
		page := f.logPage(start, tc.filter, 0)
		f.same(fmt.Sprintf("%+v", tc.filter), messages(page.Entries), tc.want)
		f.same("the end", page.Next.Offset, int64(4))
		tail, err := f.net.TailLog(f.Context(), 10, tc.filter)
		f.check(err)
		f.same(fmt.Sprintf("the last of %+v", tc.filter), messages(tail.Entries), tc.want)
	}
}

func testLogPages(f *fixture) {
	f.define(0, 0)
	f.tell(told(0, 2_345)...)
	at := f.logStart()
	var all []string
	for more := true; more; {
		page := f.logPage(at, rush.LogFilter{}, 1_100)
		all = append(all, messages(page.Entries)...)
		if len(page.Entries) > 1_100 {
			f.Fatalf("got %d entries, want at most 1100", len(page.Entries))
		}
		at, more = page.Next, page.More
	}
	f.same("messages", all, numbers(0, 2_345))
	f.same("after the end", len(f.logPage(at, rush.LogFilter{}, 0).Entries), 0)
}

func testLogTail(f *fixture) {
	f.define(0, 0)
	f.tell(told(0, 2_300)...)
	f.tell(rush.LogEntry{Message: "x", Task: 7, Kind: rush.LogStdout})
	for n, want := range map[int][]string{0: nil, 1: {"x"}, 3: {"2298", "2299", "x"}, 2_200: append(numbers(101, 2_199), "x"), 5_000: append(numbers(0, 2_300), "x")} {
		page, err := f.net.TailLog(f.Context(), n, rush.LogFilter{})
		f.check(err)
		f.same(fmt.Sprintf("the last %d", n), messages(page.Entries), want)
		f.same("the end", page.Next.Offset, int64(2_301))
	}
	page, err := f.net.TailLog(f.Context(), 2, rush.LogFilter{Kinds: []rush.LogKind{rush.LogRecord}})
	f.check(err)
	f.same("the last of a kind", messages(page.Entries), []string{"2298", "2299"})
}

func testLogKeep(f *fixture) {
	f.define(0, 0)
	f.check(f.net.KeepLog(f.Context(), 5))
	start := f.logStart()
	f.tell(told(0, 3)...)
	at := f.logPage(start, rush.LogFilter{}, 0).Next
	f.tell(told(3, 8)...) // 6 to 10 are kept
	for from, dropped := range map[rush.Cursor]int64{start: 6, at: 3} {
		page := f.logPage(from, rush.LogFilter{}, 2)
		f.same("dropped", page.Dropped, dropped)
		f.same("messages", messages(page.Entries), []string{"6", "7"})
		f.same("dropped in between", f.logPage(page.Next, rush.LogFilter{}, 0).Dropped, int64(0))
	}
	f.check(f.net.KeepLog(f.Context(), 2))
	f.same("messages", messages(f.logPage(start, rush.LogFilter{}, 0).Entries), []string{"9", "10"})
	f.reset(false)
	f.tell(told(0, 4)...)
	f.same("messages after a reset", messages(f.logPage(f.logStart(), rush.LogFilter{}, 0).Entries), []string{"2", "3"})
	f.check(f.net.KeepLog(f.Context(), 0))
	f.tell(told(4, 4)...)
	f.same("messages when more are kept", messages(f.logPage(f.logStart(), rush.LogFilter{}, 0).Entries), numbers(2, 6))
}

// readingLog starts a reader of the log, through a handle of its own.
func (f *fixture) readingLog(from rush.Cursor, filter rush.LogFilter) *waiter[rush.LogPage] {
	f.Helper()
	n := f.inUse()
	return wait(f, "read log", func(ctx context.Context) (rush.LogPage, error) { return n.ReadLog(ctx, from, filter, 0, long) })
}

func testLogWake(f *fixture) {
	f.define(0, 0)
	from := f.logStart()
	for i := range 3 {
		readers := []*waiter[rush.LogPage]{f.readingLog(from, rush.LogFilter{}), f.readingLog(from, rush.LogFilter{})}
		f.tell(told(i, 1)...)
		for _, r := range readers {
			page := r.woken()
			f.same("messages", messages(page.Entries), numbers(i, 1))
			from = page.Next
		}
	}
	r := f.readingLog(from, rush.LogFilter{})
	f.register("w1")
	f.same("messages", messages(r.woken().Entries), []string{"registered"})
}

func testLogWakeFilter(f *fixture) {
	f.define(0, 0)
	r := f.readingLog(f.logStart(), rush.LogFilter{Level: slog.LevelWarn})
	f.tell(told(0, 3)...)
	f.settle()
	f.tell(rush.LogEntry{Message: "ah", Level: slog.LevelError})
	page := r.woken()
	f.same("messages", messages(page.Entries), []string{"ah"})
	f.same("where the next page begins", page.Next.Offset, int64(4))
}

func testLogReset(f *fixture) {
	f.define(0, 0)
	f.tell(told(0, 3)...)
	at := f.logPage(f.logStart(), rush.LogFilter{}, 0).Next
	r := f.readingLog(at, rush.LogFilter{})
	f.reset(true)
	page := r.woken()
	if !page.Reset || page.Next.Epoch <= at.Epoch || page.Next.Offset != 0 {
		f.Errorf("got %+v, want a reset", page)
	}
	f.tell(told(7, 1)...)
	f.same("messages", messages(f.logPage(page.Next, rush.LogFilter{}, 0).Entries), []string{"7"})
}

func testLogEvents(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.registerMortal("w2")
	f.signal(rush.SignalTerminate, "w1")
	f.signal(rush.SignalTerminate, "w1")
	f.signal(rush.SignalKill, "w1")
	for range 2 {
		f.check(f.net.RequestStop(f.Context(), rush.RunInterrupted, "a person did"))
		_, err := f.net.EndWorker(f.Context(), store.WorkerEnd{ID: w.id, State: rush.WorkerKilled, Reason: "it was told to"})
		f.check(err)
	}
	f.sweep("w2")
	page := f.logPage(f.logStart(), rush.LogFilter{}, 0)
	type event struct {
		worker  rush.WorkerID
		level   slog.Level
		message string
		attrs   rush.Values
	}
	var got []event
	for _, e := range page.Entries {
		f.same("kind", e.Kind, rush.LogEvent)
		f.same("task", e.Task, rush.NoTask)
		if e.Message == "lost" {
			e.Attrs = nil
		}
		got = append(got, event{e.Worker, e.Level, e.Message, e.Attrs})
	}
	want := []event{
		{"w1", slog.LevelInfo, "registered", rush.Values{"pid": int64(4711), "host": "host-w1"}},
		{"w2", slog.LevelInfo, "registered", rush.Values{"pid": int64(4711), "host": "host-w2"}},
		{"w1", slog.LevelInfo, "signaled", rush.Values{"signal": "terminate"}},
		{"w1", slog.LevelInfo, "signaled", rush.Values{"signal": "kill"}},
		{"", slog.LevelInfo, "stop requested", rush.Values{"status": "interrupted", "reason": "a person did"}},
		{"w1", slog.LevelWarn, "killed", rush.Values{"reason": "it was told to"}},
		{"w2", slog.LevelWarn, "lost", nil},
	}
	f.same("events", fmt.Sprintf("%v", got), fmt.Sprintf("%v", want))
}

func testLogConcurrent(f *fixture) {
	f.define(0, 0)
	const writers, each = 4, 50
	done := make(chan error, writers)
	for i := range writers {
		n := f.inUse()
		go func() {
			for j := range each {
				if err := n.AppendLog(f.Context(), []rush.LogEntry{{Worker: rush.WorkerID(fmt.Sprint("w", i)), Message: fmt.Sprint(j)}}, uuid.NewString()); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range writers {
		f.check(<-done)
	}
	for i := range writers {
		page := f.logPage(f.logStart(), rush.LogFilter{Workers: []rush.WorkerID{rush.WorkerID(fmt.Sprint("w", i))}}, 0)
		f.same("messages", messages(page.Entries), numbers(0, each))
	}
}
