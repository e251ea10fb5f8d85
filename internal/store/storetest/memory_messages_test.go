package storetest

import (
	"context"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func (n *memoryNetwork) Send(ctx context.Context, msg store.NewMessage, nonce string) (store.Sent, error) {
	return write(ctx, n, func(m *model) (store.Sent, error) {
		if n.store.flaw.is("a message is sent again") {
			delete(m.sendings, nonce)
		}
		return m.Send(ctx, msg, nonce)
	})
}

func (n *memoryNetwork) AwaitMail(ctx context.Context, id rush.WorkerID, seen store.Seen, wait time.Duration) (store.Mail, error) {
	return await(ctx, n, wait, func(m *model) (store.Mail, bool, error) {
		mail, err := m.AwaitMail(ctx, id, seen, 0)
		return mail, mail.Signal != seen.Signal || len(mail.Messages) > 0, err
	})
}

func (n *memoryNetwork) Respond(ctx context.Context, id rush.WorkerID, a store.Answer) error {
	_, err := write(ctx, n, func(m *model) (none, error) {
		if r := m.responses[a.Message][id]; r != nil && n.store.flaw.is("the last response counts") {
			r.Pending = true
		}
		return none{}, m.Respond(ctx, id, a)
	})
	return err
}

func (n *memoryNetwork) Responses(ctx context.Context, message rush.MessageID, ids []rush.WorkerID, wait time.Duration) ([]store.Response, error) {
	return await(ctx, n, wait, func(m *model) ([]store.Response, bool, error) {
		all, err := m.Responses(ctx, message, ids, 0)
		return all, !slices.ContainsFunc(all, func(r store.Response) bool { return r.Pending }), err
	})
}

func (n *memoryNetwork) DeleteResponses(ctx context.Context, message rush.MessageID, ids []rush.WorkerID) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.DeleteResponses(ctx, message, ids) })
	return err
}

func (n *memoryNetwork) ResponseIDs(ctx context.Context, id rush.WorkerID) ([]rush.MessageID, error) {
	return read(ctx, n, func(m *model) ([]rush.MessageID, error) { return m.ResponseIDs(ctx, id) })
}

func (n *memoryNetwork) Cancel(ctx context.Context, keys []rush.TaskKey, condition []byte) ([]store.Cancelled, error) {
	return write(ctx, n, func(m *model) ([]store.Cancelled, error) {
		all, err := m.Cancel(ctx, keys, condition)
		if n.store.flaw.is("nobody is told that a task was cancelled") {
			for i := range all {
				all[i].Message = 0
			}
		}
		return all, err
	})
}
