package storetest

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func messageTests() []test {
	return []test{
		{"all who are alive get one, or those named", testSendTo},
		{"nobody alive gets none", testSendNobody},
		{"a repeated nonce sends nothing", testSendAgain},
		{"mail is in the order of sending, and stays until it is answered", testMailOrder},
		{"a message wakes who awaits mail", testMailWakes},
		{"mail that was seen wakes nobody", testMailSeen},
		{"the first response stays", testRespondFirst},
		{"a response wakes who waits for all of them", testResponsesWake},
		{"a wait for a response ends", testResponsesTimeout},
		{"a response that is not there is an error", testResponsesAbsent},
		{"a deleted response is an error, and wakes who waits for it", testResponsesDeleted},
		{"deleting a response takes its message back", testResponsesTakenBack},
		{"the end of a worker answers what it did not", testMessagesEnd},
		{"a worker that is lost answers what it did not", testMessagesLost},
		{"one who registers anew has no mail", testMessagesAnew},
		{"a reset keeps them, unless it is of workers too", testMessagesReset},
		{"each of many messages has a number of its own", testMessagesRace},
	}
}

// send sends a message and returns its number.
func (f *fixture) send(c rush.Command, to ...rush.WorkerID) rush.MessageID {
	f.Helper()
	f.sends++
	sent, err := f.net.Send(f.Context(), store.NewMessage{Command: c, Argument: encode("a", 1), To: to}, uniqueNonce(f.sends))
	f.check(err)
	return sent.ID
}

// mail reads what a worker has not answered.
func (f *fixture) mail(id rush.WorkerID) (numbers []rush.MessageID) {
	f.Helper()
	mail, err := f.net.AwaitMail(f.Context(), id, store.Seen{}, 0)
	f.check(err)
	for _, m := range mail.Messages {
		numbers = append(numbers, m.ID)
	}
	return numbers
}

func (f *fixture) respond(id rush.WorkerID, message rush.MessageID, text string) {
	f.Helper()
	f.check(f.net.Respond(f.Context(), id, store.Answer{Message: message, Body: encode("is", text)}))
}

func (f *fixture) responses(message rush.MessageID, ids ...rush.WorkerID) []store.Response {
	f.Helper()
	got, err := f.net.Responses(f.patient(), message, ids, 0)
	f.check(err)
	return got
}

func pending(id rush.WorkerID) store.Response { return store.Response{Worker: id, Pending: true} }

func response(id rush.WorkerID, text string) store.Response {
	return store.Response{Worker: id, Body: encode("is", text)}
}

func testSendTo(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.register("w2")
	f.register("ended").terminate(false)
	m := store.NewMessage{Command: rush.CommandEcho, Argument: encode("a", 1)}
	sent, err := f.net.Send(f.Context(), m, "1")
	f.check(err)
	slices.Sort(sent.To)
	f.same("sent to all", sent, store.Sent{ID: 1, To: []rush.WorkerID{"w1", "w2"}})
	m.To = []rush.WorkerID{"unknown", "w2", "ended", "w2"}
	sent, err = f.net.Send(f.Context(), m, "2")
	f.check(err)
	f.same("sent to those named", sent, store.Sent{ID: 2, To: []rush.WorkerID{"w2"}})
	mail, err := f.net.AwaitMail(f.patient(), "w2", store.Seen{}, long)
	f.check(err)
	f.same("mail", mail, store.Mail{Messages: []store.Message{
		{ID: 1, Command: rush.CommandEcho, Argument: encode("a", 1)}, {ID: 2, Command: rush.CommandEcho, Argument: encode("a", 1)},
	}})
	f.sameResponses(f.responses(1), pending("w1"), pending("w2"))
}

func testSendNobody(f *fixture) {
	f.define(0, 0)
	f.register("ended").terminate(false)
	for i, to := range [][]rush.WorkerID{nil, {}, {"ended", "unknown"}} {
		sent, err := f.net.Send(f.Context(), store.NewMessage{Command: rush.CommandPing, To: to}, uniqueNonce(-i))
		f.check(err)
		f.same("number", sent.ID, rush.MessageID(0))
		f.same("sent to", len(sent.To), 0)
	}
	f.register("w1")
	f.same("the first that was sent", f.send(rush.CommandPing), rush.MessageID(1))
}

func testSendAgain(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	m := store.NewMessage{Command: rush.CommandPing}
	for range 2 {
		sent, err := f.other().Send(f.Context(), m, "nonce")
		f.check(err)
		f.same("sent", sent, store.Sent{ID: 1, To: []rush.WorkerID{"w1"}})
		f.register("w2") // is alive by the second time
	}
	f.same("mail", f.mail("w1"), []rush.MessageID{1})
	f.same("mail of another", len(f.mail("w2")), 0)
}

func testMailOrder(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	for range 12 {
		f.send(rush.CommandPing)
	}
	f.same("mail", len(f.mail("w1")), 12)
	f.respond("w1", 2, "PONG")
	f.respond("w1", 11, "PONG")
	want := []rush.MessageID{1, 3, 4, 5, 6, 7, 8, 9, 10, 12}
	for range 2 {
		f.same("mail", f.mail("w1"), want)
	}
	ids, err := f.net.ResponseIDs(f.Context(), "w1")
	f.check(err)
	f.same("responses", ids, []rush.MessageID{2, 11})
}

func (f *fixture) awaitMail(id rush.WorkerID, seen store.Seen) *waiter[store.Mail] {
	f.Helper()
	n := f.inUse()
	return wait(f, "await mail", func(ctx context.Context) (store.Mail, error) { return n.AwaitMail(ctx, id, seen, long) })
}

func testMailWakes(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	var seen store.Seen
	for i := range rush.MessageID(10) {
		await := f.awaitMail("w1", seen)
		f.send(rush.CommandPing)
		mail := await.woken()
		f.same("messages", len(mail.Messages), 1)
		seen.Message = mail.Messages[0].ID
		f.same("message", seen.Message, i+1)
	}
}

func testMailSeen(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.send(rush.CommandPing)
	f.signal(rush.SignalTerminate, "w1")
	seen := store.Seen{Signal: rush.SignalTerminate, Message: 1}
	mail, err := f.net.AwaitMail(f.patient(), "w1", seen, 20*time.Millisecond)
	f.check(err)
	f.same("mail", mail, store.Mail{Signal: rush.SignalTerminate})
	await := f.awaitMail("w1", seen)
	f.signal(rush.SignalKill, "w1")
	f.same("signal", await.woken().Signal, rush.SignalKill)
}

func testRespondFirst(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	id := f.send(rush.CommandPing)
	f.check(f.net.Respond(f.Context(), "w1", store.Answer{Message: id, Failed: true, Body: encode("is", "first")}))
	f.respond("w1", id, "second")
	f.respond("w2", id, "of a stranger")
	f.respond("w1", id+1, "to nothing")
	want := response("w1", "first")
	want.Failed = true
	f.sameResponses(f.responses(id), want)
}

func testResponsesWake(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.register("w2")
	id := f.send(rush.CommandPing)
	n := f.inUse()
	all := wait(f, "all responses", func(ctx context.Context) ([]store.Response, error) { return n.Responses(ctx, id, nil, long) })
	one := wait(f, "one response", func(ctx context.Context) ([]store.Response, error) {
		return n.Responses(ctx, id, []rush.WorkerID{"w1"}, long)
	})
	f.respond("w1", id, "a")
	f.sameResponses(one.woken(), response("w1", "a"))
	f.sameResponses(f.responses(id), response("w1", "a"), pending("w2"))
	f.respond("w2", id, "b")
	f.sameResponses(all.woken(), response("w1", "a"), response("w2", "b"))
}

func testResponsesTimeout(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	id := f.send(rush.CommandPing)
	got, err := f.net.Responses(f.patient(), id, nil, 20*time.Millisecond)
	f.check(err)
	f.sameResponses(got, pending("w1"))
}

func testResponsesAbsent(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	_, err := f.net.Responses(f.patient(), 1, nil, long)
	f.wantErr("responses to no message", err, rush.ErrNoResponse)
	id := f.send(rush.CommandPing)
	_, err = f.net.Responses(f.patient(), id, []rush.WorkerID{"w1", "w2"}, long)
	f.wantErr("response of another", err, rush.ErrNoResponse)
}

func testResponsesDeleted(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.register("w2")
	id := f.send(rush.CommandPing)
	f.respond("w1", id, "a")
	n := f.inUse()
	waiting := wait(f, "responses", func(ctx context.Context) ([]store.Response, error) {
		got, err := n.Responses(ctx, id, []rush.WorkerID{"w2"}, long)
		return got, ignore(err, rush.ErrNoResponse)
	})
	for range 2 {
		f.check(f.net.DeleteResponses(f.Context(), id, []rush.WorkerID{"w1", "unknown"}))
	}
	f.sameResponses(f.responses(id), pending("w2"))
	_, err := f.net.Responses(f.patient(), id, []rush.WorkerID{"w1"}, long)
	f.wantErr("a deleted response", err, rush.ErrNoResponse)
	f.check(f.net.DeleteResponses(f.Context(), id, nil))
	f.same("responses", len(waiting.woken()), 0)
	ids, err := f.net.ResponseIDs(f.Context(), "w1")
	f.check(err)
	f.same("messages with responses", len(ids), 0)
}

func testResponsesTakenBack(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	id := f.send(rush.CommandPing)
	f.check(f.net.DeleteResponses(f.Context(), id, nil))
	f.same("mail", len(f.mail("w1")), 0)
	f.respond("w1", id, "late")
	_, err := f.net.Responses(f.patient(), id, nil, 0)
	f.wantErr("a response that came late", err, rush.ErrNoResponse)
}

// wantUnanswered reports responses that do not say that the worker has ended.
func (f *fixture) wantUnanswered(got []store.Response) {
	f.Helper()
	if len(got) != 1 || got[0].Pending || !got[0].Failed || len(got[0].Body) == 0 {
		f.Errorf("got the responses %+v, want one that says that the worker has ended", got)
	}
}

func testMessagesEnd(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	answered, open := f.send(rush.CommandPing), f.send(rush.CommandPause)
	f.respond("w1", answered, "PONG")
	n := f.inUse()
	waiting := wait(f, "responses", func(ctx context.Context) ([]store.Response, error) { return n.Responses(ctx, open, nil, long) })
	w.terminate(false)
	f.wantUnanswered(waiting.woken())
	f.sameResponses(f.responses(answered), response("w1", "PONG"))
	f.respond("w1", open, "too late")
	f.wantUnanswered(f.responses(open))
}

func testMessagesLost(f *fixture) {
	f.define(0, 0)
	f.registerMortal("w1")
	id := f.send(rush.CommandPing)
	f.sweep("w1")
	f.wantUnanswered(f.responses(id))
}

func testMessagesAnew(f *fixture) {
	f.define(0, 0)
	f.register("w1").terminate(false)
	f.register("w1")
	f.send(rush.CommandPing)
	w := &worker{fixture: f, id: "w1"}
	w.terminate(false)
	f.register("w1")
	f.same("mail", len(f.mail("w1")), 0)
}

func testMessagesReset(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	id := f.send(rush.CommandPing)
	f.reset(false)
	f.same("mail", f.mail("w1"), []rush.MessageID{id})
	n := f.inUse()
	waiting := wait(f, "responses", func(ctx context.Context) ([]store.Response, error) {
		got, err := n.Responses(ctx, id, nil, long)
		return got, ignore(err, rush.ErrNoResponse)
	})
	f.reset(true)
	f.same("responses", len(waiting.woken()), 0)
	f.register("w1")
	f.same("mail", len(f.mail("w1")), 0)
	f.same("the next number", f.send(rush.CommandPing), id+1)
}

func testMessagesRace(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	var g errgroup.Group
	numbers := make([]rush.MessageID, 32)
	for i := range numbers {
		n := f.inUse()
		g.Go(func() error {
			sent, err := n.Send(f.Context(), store.NewMessage{Command: rush.CommandPing}, uniqueNonce(i))
			numbers[i] = sent.ID
			return err
		})
	}
	f.check(g.Wait())
	slices.Sort(numbers)
	f.same("mail", f.mail("w1"), numbers)
	f.same("the first number", numbers[0], rush.MessageID(1))
	f.same("the last number", numbers[31], rush.MessageID(32))
}
