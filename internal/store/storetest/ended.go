package storetest

import (
	"errors"
	"time"

	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func endedTests() []test {
	return []test{
		{"pages follow each other", testEndedPages},
		{"nothing new is an empty page with the same cursor", testEndedNothing},
		{"records come with the endings", testEndedRecords},
		{"a task that ended again appears as it is now", testEndedNewest},
		{"a wait that is over is no error", testEndedTimeout},
		{"waiting returns what is there at once", testEndedThere},
		{"a caller can leave", testEndedCanceled},
		{"a default page has an end", testEndedDefault},
	}
}

func testEndedPages(f *fixture) {
	f.define(0, 0)
	f.create(queued(5)...)
	f.end(finished(4, 0), failed(3, 0), finished(0, 0), finished(1, 0), finished(2, 0))
	want := f.log()
	f.same("length of the log", len(want), 5)
	var got []rush.Ending
	page := rush.Page{More: true}
	for i := 1; page.More; i++ {
		var err error
		page, err = f.net.Ended(f.Context(), page.Next, 2, rush.NoFields, 0)
		f.check(err)
		got = append(got, page.Endings...)
		if len(page.Endings) != 2 && page.More || page.Next.Offset != int64(len(got)) || page.Records != nil || page.Reset {
			f.Fatalf("page %d: got %+v after %d endings", i, page, len(got))
		}
	}
	f.same("endings", got, want)
}

func testEndedNothing(f *fixture) {
	f.define(0, 0)
	first, err := f.net.Ended(f.Context(), rush.Cursor{}, 0, rush.AllFields, 0)
	f.check(err)
	if len(first.Endings) != 0 || first.Next.Offset != 0 || first.More || first.Reset {
		f.Errorf("got %+v of an empty log", first)
	}
	f.create(queued(1)...)
	f.end(finished(0, 0))
	end := f.read(f.net, first.Next).Next
	f.same("offset of the end", end.Offset, int64(1))
	page, err := f.net.Ended(f.Context(), end, 0, rush.AllFields, 0)
	f.check(err)
	f.same("page", page, rush.Page{Next: end})
}

func testEndedRecords(f *fixture) {
	f.define(0, 0)
	f.full()
	f.remove(0)
	all := f.records(1, 2)
	for _, fields := range []rush.Fields{rush.AllFields, rush.FieldYS | rush.FieldCondition} {
		page, err := f.net.Ended(f.Context(), rush.Cursor{}, 0, fields, 0)
		f.check(err)
		f.same("endings", page.Endings, []rush.Ending{
			{Key: 0, State: rush.Finished}, {Key: 1, Attempt: 2, State: rush.Finished}, {Key: 2, Attempt: 2, State: rush.Failed}, {Key: 0},
		})
		f.same("records", page.Records, []rush.Record{{Key: 0}, without(all[0], fields), without(all[1], fields), {Key: 0}})
	}
}

func testEndedNewest(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	f.end(failed(0, 0))
	f.retry(0)
	f.end(finished(0, 0))
	page, err := f.net.Ended(f.Context(), rush.Cursor{}, 0, rush.FieldYS, 0)
	f.check(err)
	newest := rush.Record{Key: 0, State: rush.Finished, Attempt: 1, YS: encode("y", 0)}
	f.same("endings", page.Endings, []rush.Ending{{Key: 0, State: rush.Failed}, {Key: 0}, {Key: 0, Attempt: 1, State: rush.Finished}})
	f.same("records", page.Records, []rush.Record{newest, {Key: 0}, newest})
}

func testEndedTimeout(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	page, err := f.net.Ended(f.patient(), rush.Cursor{}, 0, rush.NoFields, 20*time.Millisecond)
	f.check(err)
	f.same("endings", len(page.Endings), 0)
	mail, err := f.net.AwaitMail(f.patient(), "w1", store.Seen{}, 20*time.Millisecond)
	f.check(err)
	f.same("mail", mail, store.Mail{})
	f.create(running(1, "w1")...)
	turn, err := f.net.Next(f.patient(), store.Step{Worker: "w1", Nonce: 1, Pop: true, Wait: 20 * time.Millisecond})
	f.check(err)
	f.wantNothing(turn)
}

func testEndedThere(f *fixture) {
	f.define(0, 0)
	f.create(queued(2)...)
	f.end(finished(0, 0))
	page, err := f.net.Ended(f.patient(), rush.Cursor{}, 0, rush.NoFields, long)
	f.check(err)
	f.same("endings", page.Endings, []rush.Ending{{Key: 0, State: rush.Finished}})
}

func testEndedCanceled(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	ctx, cancel := context.WithTimeout(f.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := f.net.Ended(ctx, rush.Cursor{}, 0, rush.NoFields, long)
	if !errors.Is(err, context.DeadlineExceeded) {
		f.Errorf("ended: got error %v, want context.DeadlineExceeded", err)
	}
	_, err = f.net.AwaitMail(ctx, "w1", store.Seen{}, long)
	if !errors.Is(err, context.DeadlineExceeded) {
		f.Errorf("await mail: got error %v, want context.DeadlineExceeded", err)
	}
	ctx, cancel = context.WithTimeout(f.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = f.net.Next(ctx, store.Step{Worker: "w1", Nonce: 1, Pop: true, Wait: long, Idle: true})
	if !errors.Is(err, context.DeadlineExceeded) {
		f.Errorf("next: got error %v, want context.DeadlineExceeded", err)
	}
}

func testEndedDefault(f *fixture) {
	f.define(0, 0)
	const n = 4_000
	tasks := queued(n)
	for i := range tasks {
		tasks[i].State, tasks[i].YS = rush.Finished, encode("y", i)
	}
	f.create(tasks...)
	page, err := f.net.Ended(f.Context(), rush.Cursor{}, n/2, rush.FieldYS, 0)
	f.check(err)
	f.same("length of half the log", len(page.Endings), n/2)
	f.same("records", len(page.Records), n/2)
	f.same("more", page.More, true)
	for i, e := range f.log() {
		if e.Key != rush.TaskKey(i) {
			f.Fatalf("entry %d of the log is %+v", i, e)
		}
	}
	f.same("length of the log", len(f.log()), n)
}
