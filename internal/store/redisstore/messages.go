package redisstore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Send leaves a message for workers; see store.Messages.
func (n *network) Send(ctx context.Context, m store.NewMessage, nonce string) (store.Sent, error) {
	args := []any{nonce, string(m.Command), m.Argument, flag(m.To == nil)}
	r, err := n.call(ctx, "send", appendWorkers(args, m.To)...)
	if err != nil {
		return store.Sent{}, err
	}
	r.array()
	sent := store.Sent{ID: rush.MessageID(r.int())}
	for range r.array() {
		sent.To = append(sent.To, rush.WorkerID(r.string()))
	}
	return sent, n.wrap("send", r.finish())
}

func appendWorkers(args []any, ids []rush.WorkerID) []any {
	for _, id := range ids {
		args = append(args, string(id))
	}
	return args
}

// AwaitMail blocks until a worker has mail; see store.Messages.
func (n *network) AwaitMail(ctx context.Context, id rush.WorkerID, seen store.Seen, wait time.Duration) (store.Mail, error) {
	until := time.Now().Add(wait)
	for {
		mail, err := n.mail(ctx, id, seen)
		left := time.Until(until)
		if err != nil || mail.Signal != seen.Signal || len(mail.Messages) > 0 || left <= 0 {
			return mail, n.wrap("await_mail", err)
		}
		if _, err := n.block(ctx, left, n.key(wakeSignalKey, string(id))); err != nil {
			return store.Mail{}, n.wrap("await_mail", err)
		}
	}
}

func (n *network) mail(ctx context.Context, id rush.WorkerID, seen store.Seen) (mail store.Mail, err error) {
	v, err := n.do(ctx, "await_mail", string(id), slices.Index(signals[:], seen.Signal), int64(seen.Message))
	if err != nil {
		return mail, err
	}
	r := unpack(v)
	r.array()
	mail.Signal = readSignal(r)
	for range r.array() {
		item := &reply{b: r.bytes()}
		m := store.Message{ID: rush.MessageID(item.int()), Command: rush.Command(item.string()), Argument: optional(item.bytes())}
		r.check(item.finish())
		mail.Messages = append(mail.Messages, m)
	}
	return mail, r.finish()
}

// optional makes nothing of an empty string.
func optional(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

// Respond answers a message; see store.Messages.
func (n *network) Respond(ctx context.Context, id rush.WorkerID, a store.Answer) error {
	_, err := n.call(ctx, "respond", string(id), int64(a.Message), flag(a.Failed), a.Body)
	return err
}

// Responses reads the responses to a message; see store.Messages.
func (n *network) Responses(ctx context.Context, message rush.MessageID, ids []rush.WorkerID, wait time.Duration) ([]store.Response, error) {
	if wait <= 0 {
		return n.responses(ctx, message, ids, "")
	}
	reader := n.store.readers.take()
	defer n.store.readers.give(reader)
	for until := time.Now().Add(wait); time.Until(until) > 0; {
		got, err := n.responses(ctx, message, ids, reader)
		if err != nil || !slices.ContainsFunc(got, func(r store.Response) bool { return r.Pending }) {
			return got, err
		}
		if _, err := n.block(ctx, time.Until(until), n.key(wakeReaderKey, reader)); err != nil {
			return nil, n.wrap("responses", err)
		}
	}
	return n.responses(ctx, message, ids, "")
}

func (n *network) responses(ctx context.Context, message rush.MessageID, ids []rush.WorkerID, reader string) ([]store.Response, error) {
	r, err := n.call(ctx, "responses", appendWorkers([]any{int64(message), reader, flag(ids == nil)}, ids)...)
	if err != nil {
		return nil, err
	}
	var all []store.Response
	for range r.array() / 2 {
		one := store.Response{Worker: rush.WorkerID(r.string())}
		if packed := r.bytes(); len(packed) == 0 {
			one.Pending = true
		} else {
			item := &reply{b: packed}
			one.Failed, one.At, one.Body = item.int() == 1, item.int(), item.bytes()
			r.check(item.finish())
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b store.Response) int { return strings.Compare(string(a.Worker), string(b.Worker)) })
	all = slices.CompactFunc(all, func(a, b store.Response) bool { return a.Worker == b.Worker })
	return all, n.wrap("responses", r.finish())
}

// DeleteResponses deletes responses to a message; see store.Messages.
func (n *network) DeleteResponses(ctx context.Context, message rush.MessageID, ids []rush.WorkerID) error {
	_, err := n.call(ctx, "delete_responses", appendWorkers([]any{int64(message), flag(ids == nil)}, ids)...)
	return err
}

// ResponseIDs lists the messages to which a worker has responded; see
// store.Messages.
func (n *network) ResponseIDs(ctx context.Context, id rush.WorkerID) ([]rush.MessageID, error) {
	r, err := n.call(ctx, "response_ids", string(id))
	if err != nil {
		return nil, err
	}
	var ids []rush.MessageID
	for range r.array() {
		ids = append(ids, rush.MessageID(r.int()))
	}
	return ids, n.wrap("response_ids", r.finish())
}

// Cancel fails tasks that have not ended; see store.Tasks.
func (n *network) Cancel(ctx context.Context, keys []rush.TaskKey, condition []byte) ([]store.Cancelled, error) {
	r, err := n.call(ctx, "cancel", appendKeys([]any{newNonce(), condition}, keys)...)
	if err != nil {
		return nil, err
	}
	var all []store.Cancelled
	for range r.array() {
		r.array()
		c := store.Cancelled{Key: rush.TaskKey(r.int())}
		if letter := r.string(); len(letter) == 1 {
			c.State = stateOf(letter[0])
		}
		if c.State == "" {
			r.check(fmt.Errorf("task %d was in no state that is known", c.Key))
		}
		c.Worker, c.Message = rush.WorkerID(r.string()), rush.MessageID(r.int())
		all = append(all, c)
	}
	return all, n.wrap("cancel", r.finish())
}
